"""Work plans as tables: one CSV per kind of row.

May import: domain, errors.
"""
