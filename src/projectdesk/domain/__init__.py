"""Plain dataclasses of the field and pure rules; no database, no Qt, no clock.

May import: errors.
"""
