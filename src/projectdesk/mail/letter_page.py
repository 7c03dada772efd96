"""The look that letters share: a white sheet on grey, in what every mail program understands."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from projectdesk.catalogues import right_to_left

FONT: Final = "font-family:'Segoe UI',-apple-system,'Helvetica Neue',Arial,sans-serif;"
TEXT: Final = f"{FONT}font-size:15px;line-height:1.5;color:#1a1f29;"
STRONG: Final = f"{TEXT}font-weight:600;"
QUIET: Final = f"{FONT}font-size:13px;line-height:1.5;color:#586173;"
FOOT: Final = f"{QUIET}border-top:1px solid #e4e7ec;padding-top:12px;"
_BUTTON: Final = (
    f"{FONT}font-size:15px;font-weight:600;color:#ffffff;text-decoration:none;"
    "display:inline-block;padding:10px 22px;background:#3355c8;border-radius:6px;"
)


def paragraph(text: str, style: str = TEXT) -> str:
    """Return a text as a paragraph; its line breaks are kept."""
    words = escape(text).replace("\n", "<br>")
    return f'<p style="margin:0 0 10px 0;{style}">{words}</p>'


def title(text: str) -> str:
    """Return the heading of a letter."""
    return f'<h1 style="{FONT}font-size:20px;margin:0 0 4px 0;color:#1a1f29;">{escape(text)}</h1>'


def listing(heading: str, entries: Iterable[str]) -> str:
    """Return a heading and a list below it."""
    items = "".join(f'<li style="margin:0 0 6px 0;">{escape(each)}</li>' for each in entries)
    return (
        f'<h2 style="{FONT}font-size:16px;margin:18px 0 6px 0;color:#1a1f29;">'
        f"{escape(heading)}</h2>"
        f'<ul style="{TEXT}margin:0 0 10px 0;padding-left:22px;">{items}</ul>'
    )


def button(address: str, words: str) -> str:
    """Return a link that looks like a button."""
    return (
        f'<p style="margin:20px 0 4px 0;"><a href="{escape(address, quote=True)}" '
        f'style="{_BUTTON}">{escape(words)}</a></p>'
    )


def spoken(language: str) -> str:
    """Return the attributes of a page in a language: which, and whether it begins at the right."""
    return f'lang="{language}" dir="rtl"' if right_to_left(language) else f'lang="{language}"'


def page(language: str, subject: str, rows: Iterable[str]) -> str:
    """Return a whole letter of these rows of HTML."""
    return (
        f'<!DOCTYPE html><html {spoken(language)}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(subject)}</title></head>"
        '<body style="margin:0;padding:0;background:#f6f7f9;">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">'
        '<tr><td align="center" style="padding:24px 12px;">'
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" '
        'bgcolor="#ffffff" style="width:100%;max-width:600px;border:1px solid #e4e7ec;'
        f'border-radius:8px;"><tr><td style="padding:28px 32px;">{"".join(rows)}</td></tr>'
        "</table></td></tr></table></body></html>"
    )
