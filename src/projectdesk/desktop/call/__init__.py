"""The call window: the call page in a web view and the chair console beside it.

QtWebEngine is imported only when the window opens.

May import: widgets, theme, runtime, signalling, services.
"""
