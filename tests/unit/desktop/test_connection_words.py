"""What an invitee's connection check says on the desktop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args
from uuid import uuid4

import pytest

from projectdesk.desktop.models import connection
from projectdesk.desktop.presenters.meeting import check_address
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.meetings import CallRole, InvitationAnswer
from projectdesk.services.rows import InvitationRow
from projectdesk.signalling.check import CheckProblem, Verdict

ROW = InvitationRow(
    id=uuid4(),
    version=1,
    meeting_id=uuid4(),
    person_id=uuid4(),
    name="Li Wei",
    email="",
    partner_id=None,
    partner="",
    country="",
    zone="",
    local_start=None,
    role=CallRole.PARTICIPANT,
    answer=InvitationAnswer.NONE,
    answered_at=None,
    comment="",
    revoked=False,
    generation=1,
    desk="",
)
CHECKED = replace(ROW, checked_at=datetime(2026, 3, 2, 9, tzinfo=UTC), check="good")


def test_who_did_not_check_shows_a_dash_and_how_to(qapp):
    assert (connection.verdict(ROW), connection.verdict_tone(ROW)) == ("–", Tone.NEUTRAL)
    assert "link of the check" in connection.findings(ROW, "UTC")


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_every_verdict_has_a_word_and_a_tone(qapp, verdict):
    row = replace(CHECKED, check=verdict)
    assert connection.verdict(row) != "–"
    assert connection.verdict_tone(row) is not Tone.NEUTRAL


def test_every_problem_has_words_and_the_time_is_the_readers(qapp):
    row = replace(CHECKED, check="bad", check_problems=get_args(CheckProblem))
    lines = connection.findings(row, "Europe/Copenhagen").splitlines()
    assert len(lines) == 1 + len(get_args(CheckProblem))
    assert "10:00" in lines[0]


def test_a_problem_of_a_newer_host_is_passed_over(qapp):
    row = replace(CHECKED, check_problems=("unheardOf", "far"))
    assert len(connection.findings(row, "UTC").splitlines()) == 2


def test_the_check_has_the_token_of_the_link_where_no_server_sees_it():
    link = "https://meet.example.org/r/k3jq8w2xza#tok-en"
    assert check_address(link) == "https://meet.example.org/r/k3jq8w2xza/check#tok-en"
