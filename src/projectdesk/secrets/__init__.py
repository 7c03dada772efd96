"""The system's keyring, and what stands in where there is none.

May import: errors.
"""
