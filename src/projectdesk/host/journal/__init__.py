"""The append-only journal of a host and what it must remember: rooms, desks, keys.

Owns its tables and migrations; the only part of the host that knows SQLAlchemy. Its functions take
a connection and are run, one transaction each, on the journal's own thread (`JournalThread.run`).

May import: signalling, folders, errors.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

__all__ = ["Connection"]
