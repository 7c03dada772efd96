"""The page of decisions: the register, and written procedures.

May import: as `desktop.pages`.
"""
