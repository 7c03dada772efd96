"""The sans-IO meeting: events in, commands out; no clock, socket or randomness inside.

May import: signalling, domain.rules, errors.
"""
