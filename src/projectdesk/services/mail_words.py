"""The words of a page of HTML that somebody's mail program made."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

_BREAKS: Final = frozenset(
    {"p", "div", "br", "li", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "hr", "pre"}
)
_MOST_MARKS: Final = 2_000
"""A letter of Outlook has some hundred before what it quotes."""

_SILENT: Final = frozenset({"style", "script", "head", "title"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split(" ")).replace("\n", " "))


def _without_comments(page: str) -> str:
    """Return a page without its comments; one that does not end takes the rest, as in browsers."""
    kept, at = [], 0
    while (begin := page.find("<!--", at)) >= 0:
        kept.append(page[at:begin])
        end = page.find("-->", begin + 2)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join((*kept, page[at:]))


def words_of_html(page: str) -> str:
    """Return the text of a page, a line per paragraph; whatever is broken in it.

    The parser goes through the rest of a page for each mark that does not end, so comments are
    taken out before and only so many marks are looked at.
    """
    reader = _Words()
    reader.feed("<".join(_without_comments(page).split("<", _MOST_MARKS)[:_MOST_MARKS]))
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    return "\n".join(line for line in lines if line)
