"""Routes, headers, limits and sessions of the host.

May import: host, signalling, errors, resources.
"""
