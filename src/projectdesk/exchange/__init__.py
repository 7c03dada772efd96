"""Readers and writers of other people's formats; no database inside.

May import: domain, proxies, errors, resources.
"""
