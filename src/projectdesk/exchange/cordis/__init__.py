"""CORDIS: project XML and the CSV exports (project, organization).

May import: domain, errors.
"""
