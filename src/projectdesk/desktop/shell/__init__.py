"""The main window: navigation rail, project switcher, search box, toasts, undo.

May import: the kit (widgets, theme), presenters, runtime.
"""
