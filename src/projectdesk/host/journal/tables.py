"""The tables of a host: what it must not lose when it ends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """A UTC instant; refuses a datetime without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return UTC; SQLite keeps no zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_SEQUENCE = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up in INTEGER keys only

metadata = MetaData()

host = Table(
    "host",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("journal", String(32), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("last_seq", _SEQUENCE, nullable=False),
    Column("alive_until", Moment),
)
"""One row: which journal this is, and when the host was last known alive."""

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("acknowledged", _SEQUENCE, nullable=False),
    Column("team", String(200)),
    Column("owner", String(32), nullable=False, server_default=""),
    Column("mail_domains", Text, nullable=False, server_default=""),
)
"""Keys of desktops. hash: hex SHA-256 of the key. acknowledged: the desktop has all up to there.
owner: id of the key whose rooms, desks and entries it sees: its own, or the first of its team.
mail_domains: whose mail it may hand over, with spaces between, "" = none."""

node = Table(
    "node",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("alive_until", Moment, nullable=False),
    Column("left", Boolean, nullable=False),
)
"""Hosts that share this database. left: it ended in good order."""

room = Table(
    "room",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key_id", ForeignKey("api_key.id"), nullable=False, index=True),
    Column("snapshot", Text, nullable=False),
    Column("memory", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("node", String(64)),
)
"""Rooms. snapshot and memory: JSON of `control.RoomSnapshot` and `room.RoomMemory`. node: the host
that has it, NULL where there is one only."""

session = Table(
    "session",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("room", ForeignKey("room.id"), nullable=False, index=True),
    Column("invitation", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("resume_hash", String(64), nullable=False),
    Column("opened_at", Moment, nullable=False),
)
"""Who pressed Join, by the SHA-256 of the session id; survives a restart of the host."""

desk = Table(
    "desk",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key_id", ForeignKey("api_key.id"), nullable=False, index=True),
    Column("snapshot", Text, nullable=False),
    Column("retired", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("answer", Text),
    Column("answered_at", Moment),
    Column("changed_at", Moment, nullable=False),
)
"""Desks. retired: JSON list of the hashes of replaced links. answer: JSON of `desk.Answer`."""

desk_submission = Table(
    "desk_submission",
    metadata,
    Column("desk", ForeignKey("desk.id"), primary_key=True),
    Column("submission", String(100), primary_key=True),
)
"""Submissions that counted, so that one sent twice counts once."""

entry = Table(
    "entry",
    metadata,
    Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("room", String(32), nullable=False),
    Column("key_id", ForeignKey("api_key.id")),
    Column("fact", Text, nullable=False),
    Index("ix_entry_key_seq", "key_id", "seq"),
    sqlite_autoincrement=True,  # a number is never given twice, also after erasing
)
"""The journal, append-only. key_id: who may see it, NULL = every key."""

ballot_box = Table(
    "ballot_box",
    metadata,
    Column("room", String(32), primary_key=True),
    Column("vote", Integer, primary_key=True),
    Column("swept", Boolean, nullable=False),
)
"""Boxes that were opened. swept: nothing in the file tells any more in which order they filled."""

turnout = Table(
    "turnout",
    metadata,
    Column("room", String(32), primary_key=True),
    Column("vote", Integer, primary_key=True),
    Column("member", String(32), primary_key=True),
    sqlite_with_rowid=False,
)
"""Members that voted in secret. No time, no sequence (decisions 14)."""

ballot = Table(
    "ballot",
    metadata,
    Column("receipt", String(32), primary_key=True),
    Column("room", String(32), nullable=False),
    Column("vote", Integer, nullable=False),
    Column("choice", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Secret ballots by their random receipt. No member, no time, no sequence (decisions 14)."""

minutes_document = Table(
    "minutes_document",
    metadata,
    Column("room", String(32), primary_key=True),
    Column("document", String(32), nullable=False),
)
"""Which document of minutes is written in a room; "" = nobody named it yet."""

minutes_update = Table(
    "minutes_update",
    metadata,
    Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
    Column("room", String(32), nullable=False),
    Column("document", String(32), nullable=False),
    Column("update", LargeBinary, nullable=False),
    Index("ix_minutes_update_room", "room", "document"),
    sqlite_autoincrement=True,
)
"""Changes of minutes as they were written in a room, each a Yjs update."""

minutes_author = Table(
    "minutes_author",
    metadata,
    Column("room", String(32), primary_key=True),
    Column("document", String(32), primary_key=True),
    Column("replica", BigInteger, primary_key=True, autoincrement=False),
    Column("participant", String(64), nullable=False),
    Column("name", String(200), nullable=False),
)
"""Who wrote with a replica of a document. participant: id of the invitation, "" = at a console."""

later_mail = Table(
    "later_mail",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key_id", ForeignKey("api_key.id"), nullable=False, index=True),
    Column("handed_by", ForeignKey("api_key.id"), nullable=False),
    Column("message_id", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("not_after", Moment),
    Column("desk", String(32)),
    Column("retry_at", Moment),
    Column("changed_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("node", String(64)),
    Index("ix_later_mail_state_due", "state", "due_at"),
)
"""Mail that is sent at its time. state: `mails.MailState`. content, author, recipient: emptied when
it is settled. size: of the content, bytes. desk: where its receiver may decline. handed_by: the key
itself, which must be valid still when it is sent. changed_at: of the state. node: which host is
sending it."""

sealed_link_key = Table(
    "sealed_link_key",
    metadata,
    Column("key_id", ForeignKey("api_key.id"), primary_key=True),
    Column("database", String(32), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("put_at", Moment, nullable=False),
    Column("put_by", String(200), nullable=False),
)
"""Link keys of teams' databases, sealed: what opens them is in the database only (adr/0104).
put_by: name of the API key that put it there."""

desk_file = Table(
    "desk_file",
    metadata,
    Column("upload", String(32), primary_key=True),
    Column("key_id", ForeignKey("api_key.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_desk_file_key_sha256", "key_id", "sha256"),
)
"""Files that desks of a key offer. size: bytes that have come. whole: all of it came, with this
hash."""

desk_file_part = Table(
    "desk_file_part",
    metadata,
    Column("upload", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""Their contents, in parts of at most `desk_files.PART` bytes."""
