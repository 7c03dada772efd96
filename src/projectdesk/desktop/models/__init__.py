"""Table and list models over frozen rows, one mutator each.

May import: services' rows, domain.
"""
