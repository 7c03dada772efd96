"""Commands on recordings: list, fetch, combine, erase."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from projectdesk import resources
from projectdesk.commandline.data import opened
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.errors import DomainError, EnvironmentFailure, NotFound
from projectdesk.host.card import read_card
from projectdesk.media.recording.picture import Bitmap, Lettering
from projectdesk.services import queries, recordings
from projectdesk.services.meeting_hosts import THIS_KEY, key_name
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.recording import RecordingFacts


def _at_host(workspace: Workspace, meeting: UUID) -> tuple[recordings.HostAccess, str]:
    """Return the host of a meeting, and its room there.

    Raises:
        NotFound: `not_found`; there is no such meeting.
        EnvironmentFailure: `host_not_there`; its host does not run, or its key is not known here.
    """
    row = queries.meeting(workspace, meeting)
    server = row.host if row.host.startswith(("http://", "https://")) else ""
    key = workspace.secrets.read(key_name(server or THIS_KEY))
    own = read_card(workspace.data / "host" / "host.json")
    url = server or (own.url if own is not None else "")
    if not url or not key:
        raise EnvironmentFailure(
            "host_not_there",
            "The host of this meeting does not run on this computer, or its API key is not known "
            "here. Start the desktop once, or give the passphrase of its key store.",
        )
    return recordings.HostAccess(url, key), row.room


def list_recordings(options: argparse.Namespace) -> int:
    """`projectdesk recording list --meeting ID`."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        folder = recordings.folder_of(workspace.data, meeting)
        try:
            found, heard = recordings.on_host(*_at_host(workspace, meeting)), True
        except EnvironmentFailure:
            found, heard = [], False
    rows = recordings.together(found, recordings.here(folder))
    if options.json:
        print_json({"host_heard": heard, "recordings": rows})
    else:
        print_table(
            ((r.id, r.place, r.started_at, f"{r.seconds:.0f} s", r.size, r.folder) for r in rows),
            ("Id", "Where", "Started", "Length", "Bytes", "Folder"),
        )
        if not heard:
            print("The host of this meeting is not heard: what it has is not listed.")
    return 0


def fetch(options: argparse.Namespace) -> int:
    """`projectdesk recording fetch --meeting ID RECORDING`; goes on where it was cut off."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        access, room = _at_host(workspace, meeting)
        folder = recordings.folder_of(workspace.data, meeting)
    facts = _known(recordings.on_host(access, room), options.recording)
    fetched = recordings.fetch(
        access, room, facts, options.out or folder, told=_progress(options.json)
    )
    if options.json:
        print_json(recordings.read_row(fetched))
    else:
        print(fetched)
    return 0


def erase(options: argparse.Namespace) -> int:
    """`projectdesk recording erase --meeting ID RECORDING`: at the host and here."""
    erased = []
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        folder = recordings.folder_of(workspace.data, meeting)
        if any(row.id == options.recording for row in recordings.here(folder)):
            recordings.erase_here(folder / options.recording)
            erased.append("here")
        with suppress(EnvironmentFailure):
            access, room = _at_host(workspace, meeting)
            if any(one.id == options.recording for one in recordings.on_host(access, room)):
                recordings.erase_on_host(access, room, options.recording)
                erased.append("host")
    if not erased:
        raise _unknown(options.recording)
    if options.json:
        print_json({"erased": erased})
    else:
        print(f"Erased: {', '.join(erased)}.")
    return 0


def combine(options: argparse.Namespace) -> int:
    """`projectdesk recording combine FOLDER --out FILE`; progress goes to standard error."""
    from projectdesk.media.recording.combine import best_suffix
    from projectdesk.media.recording.combine import combine as make

    out = options.out or options.folder / f"film{best_suffix()}"
    told = _progress(options.json)
    film = make(
        options.folder,
        out,
        lettering=qt_lettering(),
        told=lambda share: told(round(share * 1000), 1000),
    )
    if options.json:
        print_json(film)
    else:
        print(film.file)
    return 0


def _known(found: list[RecordingFacts], wanted: str) -> RecordingFacts:
    facts = next((one for one in found if one.id == wanted), None)
    if facts is None:
        raise _unknown(wanted)
    return facts


def _unknown(wanted: str) -> NotFound:
    return NotFound(
        "recording_unknown",
        "There is no recording “{wanted}”; `projectdesk recording list` shows them.",
        wanted=wanted,
    )


def _progress(as_json: bool) -> Callable[[int, int], None]:
    """Return what tells progress on standard error: JSON lines, or a figure for people."""
    before = -1

    def told(done: int, total: int) -> None:
        nonlocal before
        share = done * 100 // total if total else 100
        if share == before:
            return
        before = share
        if as_json:
            print(json.dumps({"progress": share / 100}), file=sys.stderr, flush=True)
        elif sys.stderr.isatty():
            print(f"\r{share} %", end="\n" if share == 100 else "", file=sys.stderr, flush=True)

    return told


def qt_lettering() -> Lettering:
    """Return what draws names for a film, by Qt without a screen.

    Raises:
        DomainError: `no_lettering`; Qt cannot draw here.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import (
        QColor,
        QFont,
        QFontDatabase,
        QFontMetrics,
        QGuiApplication,
        QImage,
        QPainter,
    )

    app = QGuiApplication.instance() or QGuiApplication(["projectdesk"])
    font_file = resources.path("fonts", "NotoSans_400Regular.ttf")
    families = QFontDatabase.applicationFontFamilies(
        QFontDatabase.addApplicationFont(str(font_file))
    )
    if not families:
        raise DomainError("no_lettering", "The names cannot be drawn: the font is missing.")
    keep = [app]

    def letter(text: str, height: int, most: int) -> Bitmap:
        assert keep  # noqa: S101 - the application must live as long as it draws
        font = QFont(families[0])
        font.setPixelSize(max(8, height * 7 // 10))
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, most - 8)
        width = min(most, metrics.horizontalAdvance(shown) + 10) // 2 * 2
        image = QImage(width, height, QImage.Format.Format_Grayscale8)
        image.fill(0)
        painter = QPainter(image)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.drawText(image.rect(), int(Qt.AlignmentFlag.AlignCenter), shown)
        painter.end()
        data, stride = bytes(image.constBits()), image.bytesPerLine()
        rows = (data[line * stride : line * stride + width] for line in range(height))
        return Bitmap(width, height, b"".join(rows))

    return letter
