"""The connection check of guests: a call with oneself, days before the meeting.

May import: host.journal, host.turn, media, signalling, errors.
"""
