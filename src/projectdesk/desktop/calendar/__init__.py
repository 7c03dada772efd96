"""The calendar on the screen: months and weeks painted over a table of what is in them.

`days`, `entries` and `layout` are geometry without Qt; `painting` paints what they say; `view` is
an item view over a model of the entries, so that keyboard and screen readers have each of them
(docs/adr/0080).

May import: language, models, theme, widgets, services (rows), domain.
"""
