"""A chart as an accessible PDF: pictures of it page by page, and all it shows as tables after it.

PDF/UA-1 and PDF/A-3a by Typst, as `pdf` makes the other documents. The pictures are SVG; who
cannot see them reads the tables.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from projectdesk import resources
from projectdesk.catalogues import right_to_left
from projectdesk.exchange.documents.chart import ChartDocument
from projectdesk.exchange.documents.pdf import compile_document
from projectdesk.exchange.documents.words import words

_MARKS: Final = re.compile("[\u064b-\u0652\u0670\u200e\u200f\u2066-\u2069]")
"""Vowel marks of Arabic, which may be left out, and marks of direction: Typst finds no font for
them in a picture, and PDF/UA forbids letters without one."""


def render(document: ChartDocument, *, now: datetime) -> tuple[bytes, frozenset[str]]:
    """Return the PDF, and the characters that had to be written as code points.

    Args:
        document: what it says.
        now: UTC instant of making, for the metadata.

    Raises:
        EnvironmentFailure: Typst refused ("document_failed").
    """
    data: dict[str, object] = {
        "title": document.title,
        "subtitle": document.subtitle,
        "date": document.date,
        "author": document.author,
        "paper": document.paper,
        "lang": document.language,
        "rtl": right_to_left(document.language),
        "page": words(document.language)("chart_page"),
        "pictures": [
            {"svg": _MARKS.sub("", svg), "alt": alt}
            for svg, alt in zip(document.pictures, document.alts, strict=True)
        ],
        "tables": [
            {
                "title": table.title,
                "headers": table.headers,
                "weights": table.weights,
                "rows": table.rows,
            }
            for table in document.tables
            if table.rows
        ],
    }
    return compile_document(resources.path("templates", "documents", "chart.typ"), data, now)
