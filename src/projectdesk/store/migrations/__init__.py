"""The chain of migrations: linear, never edited once released (decisions 11).

Alembic reads the files of this folder, so a bundle must carry them as source.
"""
