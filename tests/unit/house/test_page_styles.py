"""The style sheets of the pages."""

from __future__ import annotations

import re

from projectdesk import resources

_USED = re.compile(r"var\((--[a-z0-9-]+)\s*([,)])")
_MADE = re.compile(r"(?<![a-z0-9-])(--[a-z0-9-]+)\s*:")


def test_every_property_of_a_style_sheet_is_made_somewhere():
    """One that nobody makes is not an error to a browser: the gap is just not there."""
    sheets = {each.name: each.read_text(encoding="utf-8") for each in _sheets()}
    made = {name for text in sheets.values() for name in _MADE.findall(text)}
    used = {
        (sheet, name)
        for sheet, text in sheets.items()
        for name, end in _USED.findall(text)
        if end == ")"
    }
    assert len(used) > 50
    views = resources.path("web").rglob("view/*.js")
    scripts = "".join(each.read_text(encoding="utf-8") for each in views)
    assert {pair for pair in used if pair[1] not in made and f'"{pair[1]}"' not in scripts} == set()


def _sheets():
    return sorted(resources.path("web", "css").glob("*.css"))
