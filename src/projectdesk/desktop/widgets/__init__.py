"""The kit: small widgets that every page is built of.

May import: theme, models, language.
"""
