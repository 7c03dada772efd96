"""Moving one project from database to database: what belongs to it, and how two of it merge.

`collecting` gathers, `values` reads the fields of a file strictly, `merging` brings a file into a
database that may have the project already (docs/adr/0058).
"""
