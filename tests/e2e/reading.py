"""What tests read back: the host's journal as times, and the text of documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from docx import Document
from PySide6.QtPdf import QPdfDocument

from projectdesk.signalling import journal
from projectdesk.signalling.journal import JournalBatch

Interval = tuple[datetime, datetime]


def check_whole(batch: JournalBatch) -> None:
    """Fail unless the journal has no gap, no entry twice, and ends all that it began."""
    entries = batch.entries
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert len({entry.id for entry in entries}) == len(entries)
    assert [entry.at for entry in entries if entry.room]
    here: set[str] = set()
    running: set[str] = set()
    for entry in entries:
        match entry.fact:
            case journal.PersonJoined(invitation=who):
                assert who not in here
                here.add(who)
            case journal.PersonLeft(invitation=who):
                here.remove(who)
            case journal.ItemStarted(item=item):
                assert not running
                running.add(item)
            case journal.ItemEnded(item=item):
                running.remove(item)
    assert not here
    assert not running


def presences(batch: JournalBatch, invitation: str) -> list[Interval]:
    """Return when an invitee was in the call."""
    return _intervals(batch, journal.PersonJoined, journal.PersonLeft, "invitation", invitation)


def runs(batch: JournalBatch, item: str) -> list[Interval]:
    """Return when an agenda item was the current one."""
    return _intervals(batch, journal.ItemStarted, journal.ItemEnded, "item", item)


def _intervals(
    batch: JournalBatch, begins: type, ends: type, field: str, value: str
) -> list[Interval]:
    found: list[Interval] = []
    since: datetime | None = None
    for entry in batch.entries:
        if getattr(entry.fact, field, None) != value:
            continue
        if isinstance(entry.fact, begins):
            since = entry.at
        elif isinstance(entry.fact, ends) and since is not None:
            found.append((since, entry.at))
            since = None
    return found


def meeting_span(batch: JournalBatch) -> Interval:
    """Return from the first agenda item to the end: what attendance is a share of."""
    facts = batch.entries
    start = next(entry.at for entry in facts if isinstance(entry.fact, journal.ItemStarted))
    return start, next(e.at for e in facts if isinstance(e.fact, journal.MeetingEnded))


def total(intervals: Iterable[Interval], within: Interval | None = None) -> timedelta:
    """Return the sum of intervals that do not overlap; of what lies within a span, if given."""
    found = list(intervals)
    if within is not None:
        low, high = within
        found = [(max(start, low), min(end, high)) for start, end in found]
    return sum((max(end - start, timedelta()) for start, end in found), timedelta())


def document_text(path: Path) -> str:
    """Return the words of a PDF, DOCX or Markdown file, with single spaces between them."""
    if path.suffix == ".pdf":
        document = QPdfDocument()
        assert document.load(str(path)) is QPdfDocument.Error.None_
        pages = [document.getAllText(page).text() for page in range(document.pageCount())]
        words = " ".join(pages)
        document.close()
    elif path.suffix == ".docx":
        words = " ".join(node.text or "" for node in Document(str(path)).element.iter())
    else:
        words = path.read_text(encoding="utf-8")
    return " ".join(words.split())
