"""The append-only journal of a host and what it must remember: rooms, desks, keys.

Owns its tables and migrations; the only part of the host that knows SQLAlchemy.

May import: signalling, errors.
"""
