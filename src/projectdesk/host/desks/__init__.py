"""Personal links: a form, a token hash, a deadline, an answer.

May import: host.journal, room.names, signalling, errors.
"""
