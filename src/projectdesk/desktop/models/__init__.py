"""Table models over frozen rows, one mutator each; how values are written for people.

May import: services' rows, domain, the tokens of the theme, language.
"""
