"""Pure rules: dates of project months, the clock of an agenda, times in zones, attendance.

May import: domain, errors.
"""
