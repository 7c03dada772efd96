"""Agendas and minutes as accessible PDF, DOCX and Markdown.

May import: domain, errors, resources.
"""
