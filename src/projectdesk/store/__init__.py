"""The database: engine, types, mapping, migrations, history, search, backup.

May import: domain, folders, errors.
"""
