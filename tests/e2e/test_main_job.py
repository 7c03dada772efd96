"""The main job, from a planned kick-off to its minutes: the desktop and two guests in Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from projectdesk.demo import stage
from projectdesk.demo.company import Company
from projectdesk.domain.meetings import InvitationAnswer
from projectdesk.services import commands, hosting, queries
from projectdesk.services.rows import Kind
from tests.e2e import reading

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

NOTES = "Everybody could join.\n\n- Ten partners were **heard**: Å, ł, 日本 and 🙂."
DECISION = "The consortium meets online on the first Tuesday of every month."
ACTIONS = ("Circulate the draft minutes", "Send the list of contact persons")
FRAMES = 8


def test_the_main_job(company: Company, tmp_path: Path) -> None:
    overrun = plan(company)
    company.desk.start_host()
    an_answer_by_link_arrives(company)
    company.desk.open_window()
    nobody_is_let_in_unasked(company)
    company.admit_all()
    company.watch(FRAMES)
    guests_follow_the_agenda(company, overrun)
    minutes_are_taken(company)
    a_reload_returns_to_the_call(company)
    who_left_comes_back_without_knocking(company)
    company.watch(FRAMES)
    company.desk.end_meeting()
    everybody_is_told_of_the_end(company)
    times_are_those_of_the_journal(company)
    documents_hold_it_all(company, tmp_path)


def plan(company: Company) -> str:
    """Give the second item no time at all, so that it is over at once; return its title."""
    desk = company.desk
    meeting = company.story.meeting.id
    agenda = queries.agenda(desk.workspace, meeting)
    packages = queries.work_packages(desk.workspace, company.story.project.id)
    assert len([item for item in agenda if item.work_package_id]) == len(packages) > 0
    second = agenda[1]
    commands.set_fields(
        desk.workspace, Kind.AGENDA_ITEM, second.id, second.version, {"duration_minutes": 0}
    )
    return second.title


def an_answer_by_link_arrives(company: Company) -> None:
    desk, guest = company.desk, company.story.guests[0]
    address = desk.published.address.public_url
    links = hosting.personal_links(desk.workspace, company.story.meeting.id, address)
    company.order("accept", url=next(x.desk_url for x in links if x.invitation_id == guest.id))
    desk.hosting.collect()

    def answer() -> InvitationAnswer:
        invited = queries.invitations(desk.workspace, company.story.meeting.id)
        return next(row.answer for row in invited if row.id == guest.id)

    stage.wait(lambda: answer() is InvitationAnswer.ACCEPTED, "the answer in the database")


def guests(company: Company) -> list[dict[str, Any]]:
    seen = company.order("read")["guests"]
    return [seen[guest.name] for guest in company.story.guests]


def nobody_is_let_in_unasked(company: Company) -> None:
    company.guests_knock()
    for guest in guests(company):
        assert guest["state"]["name"] == "lobby"
        assert guest["state"]["participants"] == []
        assert guest["statistics"] == {}
    assert company.desk.window.lobby.isVisible()


def seconds_shown(clock: str) -> int:
    """Read how long the current item has run from "0:07 / 15:00"; 0 where no clock is shown."""
    minutes, _, seconds = clock.split(maxsplit=1)[0].rpartition(":") if clock else ("", "", "0")
    return int(minutes or 0) * 60 + int(seconds)


def guests_follow_the_agenda(company: Company, overrun: str) -> None:
    desk = company.desk
    first = desk.next_item()
    stage.wait(
        lambda: all(
            g["shown"]["title"] == first and seconds_shown(g["shown"]["clock"]) >= 1
            for g in guests(company)
        ),
        "the guests to see the first item and its clock go",
    )
    assert all(g["shown"]["over"] == "" for g in guests(company))
    presenter = queries.agenda(desk.workspace, company.story.meeting.id)[0].presenter
    assert presenter
    assert all(presenter in g["shown"]["presenter"] for g in guests(company))
    assert desk.next_item() == overrun
    stage.wait(
        lambda: all(g["shown"]["title"] == overrun and g["shown"]["over"] for g in guests(company)),
        "the guests to see that the item is over time",
    )
    stage.wait(lambda: desk.window.current.over.isVisible(), "the console to say so")


def minutes_are_taken(company: Company) -> None:
    desk = company.desk
    desk.next_item()
    for guest in company.story.guests:
        company.order("minutes", guest)
    desk.type_notes(NOTES)  # returns when the last key is on the disk
    item = desk.window.minutes.item
    assert item is not None
    assert desk.notes()[item] == NOTES
    desk.record_decision(DECISION)
    for words, guest in zip(ACTIONS, company.story.guests, strict=True):
        desk.record_action(words, guest.person_id)
    wanted = ("Ten partners were heard: Å, ł, 日本 and 🙂.", DECISION, *ACTIONS)
    stage.wait(
        lambda: all(words in g["shown"]["minutes"] for g in guests(company) for words in wanted),
        "the guests to read the minutes as they are written",
    )
    meeting = company.story.meeting.id
    (decision,) = queries.decisions(desk.workspace, meeting_id=meeting)
    actions = queries.actions(desk.workspace, meeting_id=meeting)
    assert (decision.text, decision.agenda_item_id) == (DECISION, item)
    assert {(action.text, action.owner_person_id) for action in actions} == {
        (words, guest.person_id) for words, guest in zip(ACTIONS, company.story.guests, strict=True)
    }


def a_reload_returns_to_the_call(company: Company) -> None:
    guest = company.story.guests[0]
    assert company.order("reload", guest)["state"] == "call"
    stage.wait(lambda: company.is_here(guest.id), "the guest to be back")
    company.watch(FRAMES)


def who_left_comes_back_without_knocking(company: Company) -> None:
    guest = company.story.guests[1]
    assert company.order("leave", guest)["state"] == "left"
    stage.wait(lambda: not company.is_here(guest.id), "the guest to be gone")
    assert company.order("rejoin", guest)["state"] == "call"
    stage.wait(lambda: company.is_here(guest.id), "the guest to be back")
    assert company.desk.room.lobby == ()


def everybody_is_told_of_the_end(company: Company) -> None:
    stage.wait(
        lambda: all(g["state"]["name"] == "ended" for g in guests(company)), "the guests to be told"
    )
    assert not company.desk.window.end.isVisible()


def times_are_those_of_the_journal(company: Company) -> None:
    desk = company.desk
    batch = desk.journal()
    reading.check_whole(batch)
    whole = reading.meeting_span(batch)
    attendance = {row.invitation_id: row for row in desk.attendance()}
    for player in (company.story.chair, *company.story.guests):
        there = reading.presences(batch, player.id.hex)
        row = attendance[player.id]
        assert row.times == len(there)
        assert row.minutes * 60 == pytest.approx(reading.total(there).total_seconds(), abs=0.1)
        share = reading.total(there, whole) / reading.total([whole])
        assert row.share == pytest.approx(share, abs=0.01)
        assert row.first_in == there[0][0]
        assert row.last_out == there[-1][1]
    assert attendance[company.story.guests[1].id].times == 2
    assert sum(row.times > 0 for row in attendance.values()) == 3
    for item in queries.agenda(desk.workspace, company.story.meeting.id):
        spent = reading.total(reading.runs(batch, item.id.hex)).total_seconds()
        assert item.actual_seconds == pytest.approx(spent, abs=0.01)
        assert (spent > 0) == (item.label in {"1", "2", "3"})


def documents_hold_it_all(company: Company, out: Path) -> None:
    names = company.desk.write_results(out)
    players = (company.story.chair, *company.story.guests)
    said = (DECISION, *ACTIONS, "Ten partners were", *(player.name for player in players))
    minutes = [name for name in names if name.startswith("minutes.")]
    assert len(minutes) == 3
    for name in minutes:
        text = reading.document_text(out / name)
        assert [words for words in said if words not in text] == [], name
