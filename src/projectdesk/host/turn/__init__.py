"""Relays for guests whose network lets no UDP through: passwords for them, and coturn itself.

May import: signalling, folders, errors.
"""
