"""No file is written in one format under the name of another."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from projectdesk.commandline.compiling import _format
from projectdesk.commandline.named_formats import check_name
from projectdesk.errors import DomainError


@pytest.mark.parametrize(
    ("name", "form"),
    [("list.csv", "xlsx"), ("plan.xml", "xlsx"), ("chart.png", "pdf"), ("M.DOCX", "PDF")],
)
def test_a_format_that_contradicts_the_name_is_refused(name: str, form: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_name(Path(name), form)
    assert refused.value.code == "format_contradicts_name"
    assert name in str(refused.value.text)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("plan.xml", "mspdi"),
        ("list.csv", None),
        ("list.csv", ""),
        ("minutes.2026", "pdf"),
        ("folder", "csv"),
        ("page.htm", "html"),
        ("plan.xml", "mpp"),
    ],
)
def test_a_name_that_says_nothing_else_is_taken(name: str, form: str | None) -> None:
    check_name(Path(name), form)


@pytest.mark.parametrize(
    ("out", "form", "expected"),
    [(None, None, "pdf"), ("x.docx", None, "docx"), ("x.2026", None, "pdf"), ("x.md", "md", "md")],
)
def test_a_compiled_document_is_what_its_name_says(
    out: str | None, form: str | None, expected: str
) -> None:
    assert _format(Namespace(out=out, format=form)) == expected
