"""One page per subject: widgets and signals, no decisions.

May import: widgets, theme, models, presenters, language, and the words of the domain.
"""
