"""One file a migration, numbered in order. They use SQLAlchemy's own types only.

A migration describes the schema as it was; the models of today must not change it.
"""
