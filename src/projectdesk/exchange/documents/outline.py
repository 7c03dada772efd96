"""A document before its format: what `pdf`, `docx`, `html` and `markdown` all lay out.

The outlines (`agenda_outline`, `minutes_outline`, ...) decide what a document says, in which order
and language, so that the formats cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from projectdesk.exchange.documents.blocks import Block, Listing, Paragraph, Quote, Title
from projectdesk.exchange.documents.characters import says_something
from projectdesk.exchange.documents.content import Picture
from projectdesk.exchange.documents.words import ENGLISH

Tone = Literal["decision", "action", "information", "question", "risk", "vote", "objection"]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a section of the document, its title stands apart."""

    level: int
    text: str


@dataclass(frozen=True)
class Facts:
    """Label and value, one a row."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Grid:
    """A table with a header row. weights: relative widths of the columns.

    strong: (row, column) of cells in bold, both counted from 0 below the header. tall: rows have
    room for a signature. The caption is shown unless it says what the heading above says.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    weights: tuple[int, ...]
    strong: tuple[tuple[int, int], ...] = ()
    tall: bool = False


@dataclass(frozen=True)
class Notes:
    """What people wrote."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Callout:
    """A decision, an action item..., set apart; `note` is the small print (owner, due, state)."""

    kind: Tone
    label: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Remark:
    """A quiet line."""

    text: str


Element = Heading | Facts | Grid | Notes | Callout | Remark


@dataclass(frozen=True)
class Outline:
    """A whole document. kicker: the small line above the title; footer: on every page.

    about: what its `Facts` are facts of, for the header that screen readers say. language: BCP 47.
    seal: a second line of the footer, of what can be checked (the head of an audit chain).
    """

    title: str
    kicker: str
    footer: str
    elements: tuple[Element, ...]
    about: str = "Meeting"
    language: str = ENGLISH
    logo: Picture | None = None
    seal: str = ""


def captions(elements: tuple[Element, ...]) -> dict[int, str]:
    """Return which tables show their caption, by position: those under no heading of its words."""
    shown: dict[int, str] = {}
    heading = ""
    for number, element in enumerate(elements):
        if isinstance(element, Heading):
            heading = element.text
        elif isinstance(element, Grid) and element.caption != heading:
            shown[number] = element.caption
    return shown


DEEPEST = 6
"""Levels of headings that every format has."""


def levelled(outline: Outline) -> Outline:
    """Return a document whose headings skip no level and all say something.

    Titles in what people wrote come below the heading that they stand under; their level is then
    counted as that of `Heading`, 1 to `DEEPEST`.
    """
    levels = _Levels()
    return replace(outline, elements=tuple(levels.settle(outline.elements)))


class _Levels:
    """Walks a document; `last` is the level of the newest heading, `above` of the outline's own."""

    def __init__(self) -> None:
        self.last = 0
        self.above = 0

    def settle(self, elements: tuple[Element, ...]) -> list[Element]:
        settled: list[Element] = []
        for element in elements:
            match element:
                case Heading(text=text) if not says_something(text):
                    continue
                case Heading(level=level):
                    self.above = self.last = min(level, self.last + 1)
                    settled.append(replace(element, level=self.last))
                case Notes(blocks=blocks):
                    settled.append(Notes(tuple(self._block(block) for block in blocks)))
                case _:
                    settled.append(element)
        return settled

    def _block(self, block: Block) -> Block:
        match block:
            case Title(spans=spans) if not says_something("".join(span.text for span in spans)):
                return Paragraph(spans)
            case Title(level=level, spans=spans):
                # A document that begins with notes has no heading that these could stand under.
                self.last = max(1, min(self.above + level, self.last + 1, DEEPEST))
                return Title(self.last, spans)
            case Listing(entries=entries):
                below = tuple(tuple(self._block(inner) for inner in entry) for entry in entries)
                return replace(block, entries=below)
            case Quote(blocks=blocks):
                return Quote(tuple(self._block(inner) for inner in blocks))
            case _:
                return block
