"""What pages do: one presenter a page, tested without widgets.

May import: services, domain, runtime; never widgets.
"""
