"""Connection checks out of the host's journal, as the organiser sees them at the invitees."""

from __future__ import annotations

from typing import Any

import pytest

from projectdesk.services.commands.collect import collect
from projectdesk.services.queries import invitations
from projectdesk.services.rows import InvitationRow, Kind
from projectdesk.signalling import journal
from projectdesk.signalling.check import CheckReport
from tests.unit.meetings.test_collect import Script, at


@pytest.fixture
def script(workspace, kick_off) -> Script:
    return Script(workspace, kick_off)


def checked(script: Script, minute: float, invitation: str, **changes: Any) -> None:
    """Add a check."""
    fields: dict[str, Any] = {
        "verdict": "good",
        "problems": [],
        "browser": "Firefox 140",
        "microphone": "works",
        "camera": "works",
        "speaker": "heard",
        "socket": True,
        "path": "direct",
    }
    report = CheckReport(**{**fields, **changes})
    script.add(minute, journal.ConnectionChecked(invitation=invitation, report=report))


def one(script: Script) -> tuple[str, InvitationRow]:
    """Return the first invitee's name and row as it is now."""
    name, known = next(iter(script.people.items()))
    rows = invitations(script.workspace, script.meeting_id)
    return name, next(row for row in rows if row.id == known.id)


def test_nobody_has_checked_before_they_did(script):
    _, row = one(script)
    assert (row.checked_at, row.check, row.check_problems) == (None, "", ())


def test_a_check_stands_at_its_invitee(script):
    name, _ = one(script)
    checked(script, 1, script.people[name].id.hex, verdict="limited", problems=["slowUp", "far"])
    changes = collect(script.workspace, script.batch())
    assert Kind.INVITATION in changes.kinds
    _, row = one(script)
    assert (row.checked_at, row.check) == (at(1), "limited")
    assert row.check_problems == ("slowUp", "far")
    assert [r.check for r in invitations(script.workspace, script.meeting_id)].count("") == (
        len(script.people) - 1
    )


def test_the_last_check_counts_in_whatever_order_they_come(script):
    name, _ = one(script)
    invitation = script.people[name].id.hex
    checked(script, 5, invitation, verdict="bad", problems=["noMedia"])
    checked(script, 3, invitation)
    script.collect()
    assert one(script)[1].check == "bad"
    checked(script, 7, invitation)
    script.collect()
    assert (one(script)[1].check, one(script)[1].checked_at) == ("good", at(7))


def test_a_check_of_nobody_stops_nothing(script):
    name, _ = one(script)
    checked(script, 1, "no id")
    checked(script, 2, "0" * 32)
    checked(script, 3, script.people[name].id.hex)
    script.collect()
    assert one(script)[1].check == "good"
