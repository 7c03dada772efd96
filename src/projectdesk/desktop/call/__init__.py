"""The call window: the call page in a web view and the chair console beside it.

`room` is the console's picture of the meeting, pure; `console` and its panels show it; `page` is
the web view. QtWebEngine is imported only when the window opens.

May import: pages, presenters, widgets, theme, models, runtime, language, signalling, services.
"""
