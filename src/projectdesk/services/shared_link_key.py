"""A team's link key comes from its server: the first desktop puts it there, the others fetch it.

Two halves (adr/0104): the server keeps the key sealed, the database keeps what opens the seal. Who
has one of them makes no links: neither who reads the server's files or runs it, nor who has a copy
of the database. A desktop of the team has both: an API key of the server, and the database.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, select

from projectdesk.domain.rules.tokens import new_link_key, read_link_key
from projectdesk.errors import DomainError, NotFound, ProjectDeskError
from projectdesk.services.host_requests import HostAccess, access_to, ask
from projectdesk.services.kept_settings import setting
from projectdesk.services.link_keys import (
    FINGERPRINT,
    fingerprint,
    link_key,
    secret_name,
    source_name,
    take_over,
)
from projectdesk.services.meeting_hosts import meeting_hosts
from projectdesk.services.numbers import reserve
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.link_keys import KeptLinkKey, SealedLinkKey
from projectdesk.store import schema

SEAL: Final = "link-key-seal"
"""The setting that opens what servers keep; it makes no links."""
BEFORE: Final = "link-key-before"
"""The setting with the fingerprint of the key before: a server may have it still."""
_NONCE: Final = 12
_UNKNOWN: Final = "link_key_unknown"


class LinkKeyState(StrEnum):
    """Where this computer's link key of the open database stands.

    OWN: it is the team's; no server has it. KEPT: a server has it, too. FETCHED: it came from a
    server. MISSING: the team has one that is not here. OTHER: the one here is not the team's.
    CONFLICT: a server has another one. LOCAL: no team's database is open.
    """

    LOCAL = "local"
    OWN = "own"
    KEPT = "kept"
    FETCHED = "fetched"
    MISSING = "missing"
    OTHER = "other"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class LinkKeySource:
    """Where the link key is. server: that has it, "" = none. put_by: the API key that put it there.

    problem: what a person has to know, "" = nothing. came_from_there: this computer fetched it.
    """

    state: LinkKeyState
    server: str = ""
    put_by: str = ""
    put_at: datetime | None = None
    problem: str = ""
    came_from_there: bool = False


def settle(workspace: Workspace) -> LinkKeySource:
    """Fetch the team's link key where this computer needs it, put it on servers that have none.

    Nothing that is there is overwritten. A server that does not answer is left out.

    Raises:
        EnvironmentFailure: the key store or the database cannot be reached.
    """
    if workspace.database_id is None or workspace.copied_at is not None:
        return LinkKeySource(LinkKeyState.LOCAL)
    found: list[tuple[str, KeptLinkKey]] = []
    empty: list[HostAccess] = []
    silent = ""
    for access in _servers(workspace):
        try:
            found.append((access.url, _asked(access, workspace.database_id)))
        except NotFound as error:
            if error.code == _UNKNOWN:
                empty.append(access)
        except ProjectDeskError as error:
            silent = f"{_shown(access.url)}: {error.text}"
    state = _settled(workspace, found)
    if state.state in {LinkKeyState.OWN, LinkKeyState.KEPT, LinkKeyState.FETCHED}:
        state = _put_where_missing(workspace, state, found, empty)
    if not state.problem and silent and not state.server:
        state = replace(state, problem=silent)
    return state


def renew(workspace: Workspace) -> LinkKeySource:
    """Make a new link key for the team: every personal link that was sent ends.

    The other desktops fetch it from the server. Where no server answers, nothing is changed: they
    would make links that open nothing.

    Raises:
        DomainError: `not_a_team`; `no_server_for_key`, no server has the key and answers.
        EnvironmentFailure: as `settle`.
    """
    if workspace.database_id is None:
        raise DomainError("not_a_team", "The data of this computer has a key of its own.")
    before = settle(workspace)
    if before.state not in {LinkKeyState.KEPT, LinkKeyState.FETCHED}:
        raise DomainError(
            "no_server_for_key",
            "No server of the team has the link key now, so that colleagues could not fetch the "
            "new one. Nothing was changed. {problem}",
            problem=before.problem,
        )
    old, new = link_key(workspace), new_link_key()
    name = secret_name(workspace.database_id)
    kept = workspace.secrets.read(name) or ""
    workspace.secrets.write(name, new)
    try:
        with workspace.change("Renew the team's link key", undoable=False) as unit:
            reserve(unit.session, FINGERPRINT)
            s = schema.setting
            unit.session.execute(delete(s).where(s.c.key.in_((FINGERPRINT, BEFORE, SEAL))))
            for key, value in (
                (FINGERPRINT, fingerprint(read_link_key(new))),
                (BEFORE, fingerprint(old)),
                (SEAL, secrets.token_urlsafe(32)),
            ):
                unit.session.execute(insert(s).values(key=key, value=value))
            for meeting in unit.session.scalars(select(schema.meeting.c.id)):
                unit.touch(Kind.MEETING, meeting)  # what hosts know of links is sent again
            for project in unit.session.scalars(select(schema.project.c.id)):
                unit.touch(Kind.PROJECT, project, project)  # with polls, votes, actions, ...
    except ProjectDeskError:
        workspace.secrets.write(name, kept)
        raise
    return settle(workspace)


def forget(workspace: Workspace, url: str) -> None:
    """Take the sealed link key of the open database back from a server. Idempotent.

    Raises:
        DomainError: `not_a_team`.
        EnvironmentFailure, RemoteProtocolError: the server does not answer, or refuses.
    """
    if workspace.database_id is None:
        raise DomainError("not_a_team", "The data of this computer has a key of its own.")
    path = f"/api/v1/link-keys/{workspace.database_id.hex}"
    ask(access_to(workspace, url), "DELETE", path, type(None))


# --- inside ---------------------------------------------------------------------------------------


def _servers(workspace: Workspace) -> Iterator[HostAccess]:
    for server in meeting_hosts(workspace).servers:
        if server.has_key:
            yield access_to(workspace, server.url)


def _asked(access: HostAccess, database: UUID) -> KeptLinkKey:
    return ask(access, "GET", f"/api/v1/link-keys/{database.hex}", KeptLinkKey)


def _settled(workspace: Workspace, found: list[tuple[str, KeptLinkKey]]) -> LinkKeySource:
    """Return where the key stands, after fetching it where it was needed."""
    known, here = setting(workspace, FINGERPRINT), _here(workspace)
    if here and not known and (not found or here in {kept.fingerprint for _, kept in found}):
        link_key(workspace)  # says in the database that it is the team's
        known = here
    if here and here == known:
        for url, kept in found:
            if kept.fingerprint == known:
                return _of(workspace, LinkKeyState.KEPT, url, kept)
    for url, kept in found:
        if kept.fingerprint == known != here or (not known and not here):
            return _fetch(workspace, url, kept)
    # The key before is no conflict: who has the new one puts it there.
    others = [one for one in found if one[1].fingerprint != setting(workspace, BEFORE)]
    if others:
        return _conflict(*others[0])
    if here and here == known:
        return LinkKeySource(LinkKeyState.OWN)
    if known:
        return LinkKeySource(LinkKeyState.OTHER if here else LinkKeyState.MISSING)
    return LinkKeySource(LinkKeyState.OWN)  # nobody made one yet


def _of(workspace: Workspace, state: LinkKeyState, url: str, kept: KeptLinkKey) -> LinkKeySource:
    came = workspace.secrets.read(source_name(_database(workspace))) == url
    return LinkKeySource(state, url, kept.put_by, kept.put_at, came_from_there=came)


def _here(workspace: Workspace) -> str:
    """Return the fingerprint of the link key of this computer, "" without one."""
    text = workspace.secrets.read(secret_name(workspace.database_id))
    return fingerprint(read_link_key(text)) if text is not None else ""


def _fetch(workspace: Workspace, url: str, kept: KeptLinkKey) -> LinkKeySource:
    try:
        text = opened(setting(workspace, SEAL), _database(workspace), kept)
    except DomainError as error:
        return LinkKeySource(LinkKeyState.CONFLICT, url, kept.put_by, kept.put_at, error.text)
    take_over(workspace, text)
    workspace.secrets.write(source_name(_database(workspace)), url)
    return _of(workspace, LinkKeyState.FETCHED, url, kept)


def _put_where_missing(
    workspace: Workspace,
    state: LinkKeySource,
    found: list[tuple[str, KeptLinkKey]],
    empty: list[HostAccess],
) -> LinkKeySource:
    """Put the key on servers that have none, or the one before it."""
    before = setting(workspace, BEFORE)
    stale = [access_to(workspace, url) for url, kept in found if kept.fingerprint == before]
    if not empty and not stale:
        return state
    link_key(workspace)  # the first desktop makes it
    known = setting(workspace, FINGERPRINT)
    text = workspace.secrets.read(secret_name(workspace.database_id)) or ""
    sealed = sealed_key(_seal(workspace), _database(workspace), text)
    for access in (*empty, *stale):
        given = SealedLinkKey(
            fingerprint=known, sealed=sealed, replaces=before if access in stale else ""
        )
        path = f"/api/v1/link-keys/{_database(workspace).hex}"
        try:
            kept = ask(access, "PUT", path, KeptLinkKey, given)
        except ProjectDeskError as error:
            problem = f"{_shown(access.url)}: {error.text}"
            conflict = error.code == "other_link_key"  # another desktop was faster
            kind = LinkKeyState.CONFLICT if conflict else state.state
            return replace(state, state=kind, problem=problem)
        if state.state is LinkKeyState.OWN:
            state = LinkKeySource(LinkKeyState.KEPT, access.url, kept.put_by, kept.put_at)
    return state


def _conflict(url: str, kept: KeptLinkKey) -> LinkKeySource:
    problem = (
        f"{_shown(url)} has another link key of this database, which “{kept.put_by}” put there. "
        "Nothing was changed. Whose links open is decided by the team: who has the right key takes "
        "the other one back from the server (projectdesk database key --forget)."
    )
    return LinkKeySource(LinkKeyState.CONFLICT, url, kept.put_by, kept.put_at, problem)


def _database(workspace: Workspace) -> UUID:
    assert workspace.database_id is not None  # noqa: S101 - `settle` looks first
    return workspace.database_id


def _seal(workspace: Workspace) -> str:
    """Return what opens the database's sealed keys; made when it is first needed."""
    s = schema.setting.c
    with workspace.change("Make the seal of the link key", undoable=False) as unit:
        reserve(unit.session, SEAL)
        found: str | None = unit.session.scalar(select(s.value).where(s.key == SEAL))
        if found is None:
            found = secrets.token_urlsafe(32)
            unit.session.execute(insert(schema.setting).values(key=SEAL, value=found))
    return found


def _shown(url: str) -> str:
    return urlsplit(url).netloc or url


# --- the seal -------------------------------------------------------------------------------------


def sealed_key(seal: str, database: UUID, text: str) -> str:
    """Return a link key so that only who has the database opens it (AES-256-GCM, base64url).

    Args:
        seal: of the database: 32 bytes, base64url.
        database: its id; a key of another database does not open.
        text: the link key as it is kept.
    """
    nonce = secrets.token_bytes(_NONCE)
    bound = _bound(database, fingerprint(read_link_key(text)))
    content = AESGCM(_seal_bytes(seal)).encrypt(nonce, text.encode("ascii"), bound)
    return base64.urlsafe_b64encode(nonce + content).decode("ascii")


def opened(seal: str, database: UUID, kept: KeptLinkKey) -> str:
    """Return the link key that a server keeps.

    Raises:
        DomainError: `link_key_unsealed`; it was sealed by another database, or changed since.
    """
    try:
        raw = base64.urlsafe_b64decode(kept.sealed)
        bound = _bound(database, kept.fingerprint)
        text = AESGCM(_seal_bytes(seal)).decrypt(raw[:_NONCE], raw[_NONCE:], bound).decode("ascii")
        if fingerprint(read_link_key(text)) == kept.fingerprint:
            return text
    except (InvalidTag, ValueError):
        pass
    raise DomainError(
        "link_key_unsealed",
        "What the server has is not this team's link key, or was changed there. Nothing was taken.",
    )


def _seal_bytes(seal: str) -> bytes:
    raw = base64.urlsafe_b64decode(seal + "=" * (-len(seal) % 4))
    if len(raw) != 32:
        raise ValueError("a seal has 32 bytes")
    return raw


def _bound(database: UUID, of: str) -> bytes:
    return f"projectdesk link key|{database.hex}|{of}".encode("ascii")
