"""Word files as another program reads them: LibreOffice opens and saves them without loss."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from projectdesk.exchange.documents import docx
from projectdesk.exchange.documents.outline import Outline
from tests.unit.documents import example

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]
_PACKAGE = "libreoffice-writer-nogui"


@pytest.fixture(scope="module")
def soffice() -> str:
    """LibreOffice Writer without windows; installed where this runs as root on Debian."""
    found = shutil.which("soffice")
    if found is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "install", "-y", "--no-install-recommends", _PACKAGE]
        subprocess.run(command, check=False, capture_output=True, timeout=280)
        found = shutil.which("soffice")
    if found is None:
        pytest.skip(f"needs LibreOffice: apt-get install {_PACKAGE}")
    return found


@pytest.fixture(scope="module")
def folder(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every document as written (`NAME.docx`), and as LibreOffice saved it again (`again/`)."""
    made = tmp_path_factory.mktemp("word")
    for name, outline in example.documents().items():
        docx.write(outline, made / f"{name}.docx", author="I. Holm", now=example.NOW)
    for form, out in (("docx:MS Word 2007 XML", "again"), ("txt:Text (encoded):UTF8", "text")):
        command = [
            soffice,
            "--headless",
            f"-env:UserInstallation={(made / 'profile').as_uri()}",
            "--convert-to",
            form,
            "--outdir",
            str(made / out),
            *map(str, sorted(made.glob("*.docx"))),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
    return made


@pytest.fixture(params=sorted(example.documents()))
def name(request: pytest.FixtureRequest) -> str:
    """Each document."""
    return str(request.param)


def test_all_that_is_said_is_in_the_text(folder: Path, name: str) -> None:
    text = _plain((folder / "text" / f"{name}.txt").read_text(encoding="utf-8"))
    written = Document(str(folder / f"{name}.docx"))
    for paragraph in written.element.body.iter(qn("w:p")):
        said = _plain("".join(part.text or "" for part in paragraph.iter(qn("w:t"))))
        assert said in text


def test_structure_survives(folder: Path, name: str) -> None:
    before = Document(str(folder / f"{name}.docx"))
    after = Document(str(folder / "again" / f"{name}.docx"))
    assert list(_headings(after)) == list(_headings(before))
    assert [_cells(table) for table in after.tables] == [_cells(table) for table in before.tables]
    for table in after.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert after.core_properties.title == before.core_properties.title
    assert after.core_properties.language.startswith(before.core_properties.language)
    for which in ("header", "footer", "first_page_footer"):
        assert _visible(getattr(after.sections[0], which)) == _visible(
            getattr(before.sections[0], which)
        )
    fields = " ".join(_fields(after.sections[0].footer))
    assert "PAGE" in fields
    assert "NUMPAGES" in fields
    (picture,) = after.element.body.iter(qn("wp:docPr"))
    assert picture.get("descr") == "Logo of TIDEWATCH"


def _headings(document: Any) -> Iterator[tuple[str, str]]:
    for paragraph in document.paragraphs:
        style = paragraph.style.name if paragraph.style is not None else ""
        if re.match(r"(?i)heading \d|title$", style):
            yield style.lower(), _plain(paragraph.text)


def _cells(table: Any) -> list[list[str]]:
    return [[_plain(cell.text) for cell in row.cells] for row in table.rows]


def _visible(part: Any) -> str:
    """Return the text of a header or footer, without the numbers that programs fill in."""
    said = _plain("".join(text.text or "" for text in part._element.iter(qn("w:t"))))
    return re.sub(r"(Page|Seite)\d+(of|von)\d+", r"\1\2", said)


def _fields(part: Any) -> Iterator[str]:
    for field in part._element.iter(qn("w:instrText")):
        yield field.text or ""


def _plain(text: str) -> str:
    """Return a text without blanks and marks: programs break lines where they like."""
    return re.sub(r"[\s\u200e\u200b\ufeff]+", "", text)


def test_the_documents_are_those_that_are_checked(every_name: set[str], folder: Path) -> None:
    assert {path.stem for path in (folder / "again").glob("*.docx")} == every_name


@pytest.fixture
def every_name() -> set[str]:
    """What the documents are called."""
    documents: dict[str, Outline] = example.documents()
    return set(documents)
