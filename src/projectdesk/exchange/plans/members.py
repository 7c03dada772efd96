"""Which file of an archive is the plan.

May import: errors, exchange.files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.files import Source
from projectdesk.worded import Worded, worded

_NUMBERS = ".numbers"
_SUFFIXES = (".xml", ".mspdi", ".gan", ".pod", ".csv")


def plan_in(found: Sequence[Source], path: Path) -> Source:
    """Return the file itself, or the one of an archive that may be a plan.

    Args:
        found: the file, or what lies in it.
        path: of the file.

    Raises:
        UnreadableFile: `no_work_plan`: there is none, or there are several.
    """
    if len(found) == 1 and not found[0].member:
        return found[0]
    if path.suffix.casefold() == _NUMBERS:
        raise refused(
            path.name,
            worded("a spreadsheet of Numbers"),
            worded("Export it as Excel (.xlsx) or CSV."),
        )
    shown = [each for each in found if not _is_beside(each.member)]
    plans = [each for each in shown if each.member.casefold().endswith(_SUFFIXES)] or shown
    if len(plans) != 1:
        what = (
            worded("an archive with {count} files", count=len(shown))
            if shown
            else worded("an archive without files")
        )
        raise refused(path.name, what, worded("Unpack it and choose the file of the plan."))
    return plans[0]


def refused(name: str, what: Worded, instead: Worded) -> UnreadableFile:
    """Return the refusal of a file that is no plan; instead: a sentence of what to do."""
    return UnreadableFile(
        "no_work_plan",
        "{file} is {what}, which is not read as a work plan. {instead}",
        file=name,
        what=what,
        instead=instead,
        expected="Microsoft Project XML, GanttProject, ProjectLibre, XLSX or CSV",
    )


def _is_beside(member: str) -> bool:
    """Return whether a member is what a system adds to archives, as macOS does."""
    *folders, name = member.split("/")
    return "__MACOSX" in folders or name.startswith(".") or name in ("Thumbs.db", "desktop.ini")
