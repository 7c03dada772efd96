"""Messages and the servers that carry them.

May import: domain, errors.
"""
