"""One page per subject: widgets and signals, no decisions.

May import: widgets, theme, models, presenters, language, runtime's session, services' rows, the
words of the domain and the rules of a room (signalling.control).
"""
