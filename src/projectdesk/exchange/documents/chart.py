"""What a document with a chart says: its pictures page by page, and all they show as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Paper = Literal["a4", "a3"]


@dataclass(frozen=True)
class ChartTable:
    """One table after the chart. weights: widths of the columns to one another."""

    title: str
    headers: tuple[str, ...]
    weights: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ChartDocument:
    """What the PDF says. pictures: SVG of each page; alts: each in words; language: BCP 47."""

    title: str
    subtitle: str
    date: str
    author: str
    paper: Paper
    pictures: tuple[str, ...]
    alts: tuple[str, ...]
    tables: tuple[ChartTable, ...]
    language: str = "en"
