"""What pages do: one presenter a page, tested without widgets.

May import: services, domain, runtime's session; never widgets. Importing a presenter loads the
services (and SQLAlchemy): the application does it after the window is painted.
"""
