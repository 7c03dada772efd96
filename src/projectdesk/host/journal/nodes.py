"""Nodes of one server: several hosts that share a database, each room at one of them.

A room stays with the node that has it while that node lives; otherwise its id's hash says where it
goes (rendezvous hashing: when a node comes or goes, only rooms of that node move).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from projectdesk.host.journal import tables
from projectdesk.host.journal.rooms import StoredRoom, StoredSession, load_sessions, read_room

DEAD_AFTER = timedelta(seconds=15)
"""A node that gave no sign of life for so long has no rooms any more."""


@dataclass(frozen=True)
class Node:
    """One host. url: its own address, "" when only the proxy in front knows it."""

    name: str
    url: str
    alive_until: datetime


@dataclass(frozen=True)
class Taken:
    """A room that was taken over, its sessions, and when the node before it was last alive."""

    room: StoredRoom
    sessions: tuple[StoredSession, ...]
    alive_until: datetime | None


def winner(nodes: Iterable[Node], room: str) -> Node | None:
    """Return the node that a room's id falls to; the same on every node, None without any."""

    def weight(node: Node) -> bytes:
        return hashlib.sha256(f"{node.name}\n{room}".encode()).digest()

    return max(nodes, key=weight, default=None)


def note_alive(connection: Connection, name: str, url: str, at: datetime) -> datetime | None:
    """Note that a node is alive; return when it was before, None for a new one."""
    own = tables.node.c.name == name
    before = connection.scalar(select(tables.node.c.alive_until).where(own))
    fields = {"url": url, "alive_until": at, "left": False}
    if before is None:
        connection.execute(insert(tables.node).values(name=name, **fields))
    else:
        connection.execute(update(tables.node).where(own).values(fields))
    return before


def leave(connection: Connection, name: str) -> None:
    """Note that a node ended in good order: its rooms may go elsewhere at once."""
    connection.execute(update(tables.node).where(tables.node.c.name == name).values(left=True))


def living(connection: Connection, now: datetime) -> list[Node]:
    """Return the nodes that are there, by name."""
    table = tables.node
    rows = connection.execute(
        select(table)
        .where(table.c.left.is_(False), table.c.alive_until > now - DEAD_AFTER)
        .order_by(table.c.name)
    )
    return [Node(row.name, row.url, row.alive_until) for row in rows]


def place(connection: Connection, room: str, now: datetime) -> Node | None:
    """Return where a room is or, when nobody has it, where it belongs."""
    nodes = living(connection, now)
    holder = connection.scalar(select(tables.room.c.node).where(tables.room.c.id == room))
    held = next((node for node in nodes if node.name == holder), None)
    return held or winner(nodes, room)


def orphans(connection: Connection, name: str, now: datetime) -> list[str]:
    """Return the rooms without a living node that fall to the node `name`."""
    nodes = living(connection, now)
    there = {node.name for node in nodes}
    rows = connection.execute(select(tables.room.c.id, tables.room.c.node)).all()
    alone = (row.id for row in rows if row.node not in there)
    return [room for room in alone if (of := winner(nodes, room)) is not None and of.name == name]


def take(connection: Connection, room: str, name: str, now: datetime) -> Taken | None:
    """Make a room the node's; None when there is no such room, or another node that lives has it.

    The row is locked meanwhile: of two nodes that reach for a room one gets it.
    """
    table = tables.room
    row = connection.execute(select(table.c.node).where(table.c.id == room).with_for_update())
    holder = row.one_or_none()
    if holder is None:
        return None
    if holder.node != name and any(node.name == holder.node for node in living(connection, now)):
        return None
    until = connection.scalar(
        select(tables.node.c.alive_until).where(tables.node.c.name == holder.node)
    )
    connection.execute(update(table).where(table.c.id == room).values(node=name))
    stored = read_room(connection, room)
    sessions = tuple(one for one in load_sessions(connection) if one.room == room)
    return None if stored is None else Taken(stored, sessions, until)


def written_until(connection: Connection, now: datetime) -> datetime:
    """Return up to when every living node has written what happened in its rooms."""
    return min([now, *(node.alive_until for node in living(connection, now))])


def is_abandoned(connection: Connection, room: str, name: str, now: datetime) -> bool:
    """Tell whether a room is another node's that fell silent without an orderly end."""
    query = (
        select(tables.node)
        .join_from(tables.room, tables.node, tables.room.c.node == tables.node.c.name)
        .where(tables.room.c.id == room, tables.node.c.name != name)
    )
    holder = connection.execute(query).first()
    return holder is not None and not holder.left and holder.alive_until <= now - DEAD_AFTER
