"""XML whose declared encoding is not what is written, or has no name."""

from __future__ import annotations

import pytest

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.xml_files import parse_xml

HEAD = '<?xml version="1.0" encoding="{}"?>'


def read(content: bytes) -> tuple[str | None, list[str]]:
    findings = Findings()
    root = parse_xml(content, "p.xml", "work plan", findings)
    return root.text, [each.code for each in findings.all()]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_one_odd_byte_leaves_the_rest_utf8(mark: bytes):
    content = mark + HEAD.format("UTF-8").encode() + "<a>Müller".encode() + b"\x99</a>"
    assert read(content) == ("Müller™", ["encoding_guessed"])


def test_a_latin_encoding_without_its_dashes_is_read():
    content = HEAD.format("iso88591").encode() + "<a>Müller</a>".encode("latin-1")
    assert read(content) == ("Müller", [])


@pytest.mark.parametrize("declared", ["ISO-8859-12", "iso-8859-99"])
def test_an_encoding_that_nobody_has_is_refused(declared: str):
    with pytest.raises(UnreadableFile) as caught:
        read(HEAD.format(declared).encode() + b"<a>M\xfcller</a>")
    assert caught.value.code == "broken_xml"
