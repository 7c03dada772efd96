"""The Gantt chart: where everything lies (pure geometry), how it is painted, and how it is moved.

`timescale`, `layout`, `arrows` and `moving` know no Qt. `painting` paints onto any painter without
a running QApplication, so that exports and the screen look the same. `view` is the widget.

May import: theme, models, language, widgets; services' rows.
"""
