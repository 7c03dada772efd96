"""How long a host keeps things: by option or policy, by its desktop's file, else as usual."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from projectdesk.domain.rules.retention import USUAL, Kept, least_days
from projectdesk.errors import DomainError
from projectdesk.host.journal import desks, keys
from projectdesk.host.journal.erasure import erase
from projectdesk.host.periods import (
    FILE,
    LEAST_JOURNAL,
    LEAST_RECORDINGS,
    Periods,
    PeriodSettings,
    checked,
)
from projectdesk.host.recordings import RecordingStore
from projectdesk.services import retention
from tests.unit.host.test_erasure import NOW, desk_snapshot


@pytest.mark.parametrize(
    ("text", "journal", "recordings"),
    [
        ('{"journal": 9, "waiting_recordings": 3}', 9, 3),
        ('{"journal": 2, "waiting_recordings": true}', 30, 14),
        ('{"journal": "9"', 30, 14),
        ("[]", 30, 14),
        (None, 30, 14),
    ],
)
def test_a_desktop_tells_its_host(
    text: str | None, journal: int, recordings: int, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / FILE).write_text(text)
    found = PeriodSettings(file=tmp_path / FILE).read()
    assert found == Periods(timedelta(days=journal), timedelta(days=recordings))
    settled = PeriodSettings(11, 5, tmp_path / FILE).read()
    assert settled == Periods(timedelta(days=11), timedelta(days=5))


def test_desktop_and_host_mean_the_same() -> None:
    assert retention.HOST_FILE == FILE
    assert least_days(Kept.JOURNAL) == LEAST_JOURNAL
    assert least_days(Kept.WAITING_RECORDINGS) == LEAST_RECORDINGS
    usual = Periods()
    assert (usual.journal.days, usual.recordings.days) == (
        USUAL[Kept.JOURNAL],
        USUAL[Kept.WAITING_RECORDINGS],
    )
    assert json.dumps([each.value for each in (Kept.JOURNAL, Kept.WAITING_RECORDINGS)]) == (
        '["journal", "waiting_recordings"]'
    )


def test_an_option_out_of_range_is_refused() -> None:
    assert checked("--keep-journal", None, LEAST_JOURNAL) is None
    assert checked("--keep-journal", 7, LEAST_JOURNAL) == 7
    with pytest.raises(DomainError, match="from 7 to 36500"):
        checked("--keep-journal", 6, LEAST_JOURNAL)


def test_a_shorter_period_erases_earlier(engine) -> None:
    with engine.begin() as connection:
        key = keys.find(connection, keys.add(connection, "desktop", NOW))
        assert key is not None
        desks.put(connection, "d", key, desk_snapshot(), NOW)
        later = desk_snapshot().form.starts_at + timedelta(days=12)
        erase(connection, later)
        assert desks.find(connection, "d") is not None
        erase(connection, later, None, timedelta(days=10))
        assert desks.find(connection, "d") is None


@pytest.mark.full
def test_a_recording_waits_as_long_as_is_said(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    folder = tmp_path / "room" / "recording"
    folder.mkdir(parents=True)
    (folder / "part-1.json").write_text("{}")
    at = (now - timedelta(days=5)).timestamp()
    os.utime(folder / "part-1.json", (at, at))
    store = RecordingStore(tmp_path, lambda: now, command=[])
    store._erase_old()
    assert folder.exists()
    store.kept = timedelta(days=4)
    store._erase_old()
    assert not folder.exists()
