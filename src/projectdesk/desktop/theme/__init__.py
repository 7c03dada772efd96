"""Colours, spacing, type and icons as tokens; palette and style sheet made from them.

May import: resources.
"""

from projectdesk.desktop.theme.theme import Scheme, Theme, restyle, set_icon, theme, tokens
from projectdesk.desktop.theme.tokens import Tokens, Tone

__all__ = ["Scheme", "Theme", "Tokens", "Tone", "restyle", "set_icon", "theme", "tokens"]
