"""Slots out of the database: who, where, when busy; what was paid; weights; the command."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from projectdesk.cli import main
from projectdesk.domain.meetings import InvitationAnswer, MeetingState, MeetingType
from projectdesk.domain.rules.invitation_changes import uid_of
from projectdesk.domain.rules.pain import USUAL, Weights
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries, slot_weights
from projectdesk.services.commands import NewPartner, create
from projectdesk.services.rows import Kind
from projectdesk.services.slot_rows import SlotReason, SlotRequest
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

MONDAY = date(2027, 6, 7)


class Consortium:
    """Lisbon (coordinator), Munich and Tel Aviv; an officer in Brussels belongs to nobody."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.project = create(workspace, Kind.PROJECT, {"acronym": "AQUA"})[0]
        self.people: dict[str, UUID] = {}
        self.partners: dict[str, UUID] = {}
        for name, country, city, zone, nuts in (
            ("Ana", "PT", "UDR", "Europe/Lisbon", ""),
            ("Max", "DE", "TUM", "", "DE21"),
            ("Noa", "IL", "TAU", "Asia/Jerusalem", ""),
        ):
            named = {"legal_name": city, "country": country, "nuts_code": nuts}
            new = NewPartner(named, short_name=city)
            self.partners[city] = commands.join_consortium(workspace, self.project, new)[0]
            self.person(name, zone, self.partners[city])
        self.person("Officer", "Europe/Brussels", None)

    def person(self, name: str, zone: str, partner: UUID | None) -> UUID:
        values = {"given_name": name, "email": f"{name.lower()}@example.org", "zone": zone}
        self.people[name] = create(self.workspace, Kind.PERSON, values)[0]
        part = {"project_id": self.project, "person_id": self.people[name], "partner_id": partner}
        create(self.workspace, Kind.MEMBERSHIP, part)
        return self.people[name]

    def busy(self, name: str, **times: object) -> None:
        values = {"person_id": self.people[name], "name": "Own calendar"}
        source = create(self.workspace, Kind.BUSY_SOURCE, values)[0]
        with self.workspace.change("Read a calendar", undoable=False) as unit:
            row = {"source_id": source, "seq": 1, "title": "Dentist", **times}
            unit.session.execute(insert(schema.busy_time).values(row))

    def answer(self, invitation: UUID, answer: InvitationAnswer) -> None:
        with self.workspace.change("Answer", undoable=False) as unit:
            row = update(schema.invitation).where(schema.invitation.c.id == invitation)
            unit.session.execute(row.values(answer=answer))

    def ask(self, first: date = MONDAY, last: date | None = None, minutes: int = 60, **more):
        return SlotRequest(self.project, first, last or first, minutes, "Europe/Lisbon", **more)


@pytest.fixture
def consortium(workspace: Workspace) -> Consortium:
    return Consortium(workspace)


def test_a_time_is_found_for_the_partners_people_by_zone_and_holiday(workspace, consortium):
    report = queries.slots(workspace, consortium.ask(), 1)
    assert [person.name for person in report.people] == ["Ana", "Max", "Noa"]
    max_ = report.people[1]
    assert (max_.zone, max_.zone_assumed, max_.region) == ("Europe/Berlin", True, "BY")
    best = report.slots[0]
    assert best.total == 0
    assert best.start == datetime(2027, 6, 7, 8, tzinfo=UTC), "nine in Lisbon, eleven in Israel"
    assert [part.local_start.hour for part in best.parts] == [9, 10, 11]
    # Corpus Christi is kept in Bavaria; on Friday it is weekend in Israel, on Sunday it is not.
    feast = queries.slots(workspace, consortium.ask(date(2027, 5, 27)), 1).slots[0]
    assert [part.reasons for part in feast.parts if part.person.name == "Max"] == [
        ((SlotReason.HOLIDAY, "Corpus Christi"),)
    ]
    friday = queries.slots(workspace, consortium.ask(date(2027, 6, 18)), 1).slots[0]
    assert {part.person.name: part.pain for part in friday.parts} == {"Ana": 0, "Max": 0, "Noa": 5}
    sunday = queries.slots(workspace, consortium.ask(date(2027, 6, 20)), 1).slots[0]
    assert {part.person.name for part in sunday.parts if part.pain} == {"Ana", "Max"}


def test_calendars_and_other_meetings_keep_people_busy(workspace, consortium):
    nine = datetime(2027, 6, 7, 8, tzinfo=UTC)
    consortium.busy("Ana", starts_at=nine, ends_at=nine + timedelta(hours=2))
    meeting, _ = commands.plan_meeting(
        workspace, consortium.project, MeetingType.AD_HOC,
        datetime.fromisoformat("2027-06-07T11:00"),
        "Europe/Lisbon", title="Call", duration_minutes=60,
    )  # fmt: skip
    report = queries.slots(workspace, consortium.ask(), 3)
    assert [slot.start.hour for slot in report.slots[:1]] == [11], "after both"
    everything = queries.slots(workspace, consortium.ask(), 999, blocked=True, apart=False)
    at_nine = queries.slot_at(everything, nine)
    ana = at_nine.parts[0]
    assert (ana.can_come, ana.reasons) == (False, ((SlotReason.BUSY, "Dentist"),))
    during = queries.slot_at(everything, datetime(2027, 6, 7, 10, tzinfo=UTC))
    assert during.blocked == 3
    assert during.parts[1].reasons == ((SlotReason.BUSY, "AQUA: Call"),)
    # Who declined is free; the meeting that is moved keeps nobody busy.
    for row in queries.invitations(workspace, meeting):
        if row.name == "Max":
            consortium.answer(row.id, InvitationAnswer.DECLINED)
    declined = queries.slots(workspace, consortium.ask(), 999, blocked=True, apart=False)
    assert queries.slot_at(declined, during.start).blocked == 2
    uid = uid_of("", meeting)
    consortium.busy("Noa", starts_at=during.start, ends_at=during.end, uid=uid)
    moved = queries.slots(workspace, consortium.ask(moving_id=meeting), 999, apart=False)
    assert queries.slot_at(moved, during.start).blocked == 0


def test_a_whole_day_is_busy_by_the_clock_where_the_person_is(workspace, consortium):
    consortium.busy("Noa", first_day=MONDAY, last_day=MONDAY)
    report = queries.slots(
        workspace,
        consortium.ask(MONDAY, MONDAY + timedelta(days=1)),
        999,
        blocked=True,
        apart=False,
    )
    blocked = sorted(slot.start for slot in report.slots if slot.blocked)
    midnight_there = datetime(2027, 6, 7, 21, tzinfo=UTC)
    assert blocked[0] == datetime(2027, 6, 6, 23, tzinfo=UTC), "midnight in Lisbon"
    assert blocked[-1] == midnight_there - timedelta(minutes=15)


def test_optional_people_do_not_block_and_bodies_name_who_is_needed(workspace, consortium):
    day = datetime(2027, 6, 6, 23, tzinfo=UTC)
    consortium.busy("Noa", starts_at=day, ends_at=day + timedelta(days=1))
    assert queries.slots(workspace, consortium.ask()).slots == ()
    noa = consortium.people["Noa"]
    report = queries.slots(workspace, consortium.ask(optional=(noa,)), 1)
    assert report.slots[0].total == USUAL.absent * USUAL.optional_percent / 100
    assert [person.required for person in report.people] == [True, True, False]
    body = create(workspace, Kind.BODY, {"project_id": consortium.project, "name": "Board"})[0]
    seat = {"body_id": body, "partner_id": consortium.partners["TUM"],
            "representative_id": consortium.people["Max"]}  # fmt: skip
    create(workspace, Kind.BODY_MEMBER, seat)
    of_body = queries.slots(workspace, consortium.ask(body_id=body), 1)
    assert [person.name for person in of_body.people] == ["Max"]


def test_who_has_no_zone_is_named_and_nobody_at_all_is_refused(workspace, consortium):
    lost = consortium.person("Lost", "", None)
    ana = consortium.people["Ana"]
    report = queries.slots(workspace, consortium.ask(people=(ana, lost)), 1)
    assert report.without_zone == ("Lost",)
    assert len(report.people) == 1
    with pytest.raises(DomainError) as refused:
        queries.slots(workspace, consortium.ask(people=(lost,)))
    assert refused.value.code == "nobody_to_meet"
    with pytest.raises(NotFound):
        queries.slots(workspace, consortium.ask(people=(consortium.project,)))


def test_partners_pay_for_held_meetings_at_which_their_people_were(workspace, consortium):
    meeting, _ = commands.plan_meeting(
        workspace, consortium.project, MeetingType.AD_HOC,
        datetime.fromisoformat("2027-06-07T20:00"),
        "Europe/Lisbon", title="Late", duration_minutes=120,
    )  # fmt: skip
    assert {row.points for row in queries.sacrifices(workspace, consortium.project)} == {0}
    for row in queries.invitations(workspace, meeting):
        if row.name != "Max":
            consortium.answer(row.id, InvitationAnswer.ACCEPTED)
    held = queries.meeting(workspace, meeting)
    with workspace.change("Hold", undoable=False) as unit:
        held_now = update(schema.meeting).where(schema.meeting.c.id == held.id)
        unit.session.execute(held_now.values(state=MeetingState.HELD))
    rows = {row.partner: row for row in queries.sacrifices(workspace, consortium.project)}
    assert (rows["TUM"].points, rows["TUM"].meetings) == (0, 0)
    assert rows["TAU"].points == 20, "two hours of the night"
    assert 0 < rows["UDR"].points < 8
    assert rows["TAU"].outside == 1
    assert sum(row.share for row in rows.values()) == pytest.approx(1)
    series = queries.slot_series(workspace, consortium.ask(last=date(2027, 6, 11)), 3)
    assert len(series.slots) == 3
    assert series.before["TAU"] == 20
    assert series.slots[-1].after["TAU"] == 20, "nothing more is asked of who paid"


def test_starts_that_are_over_are_left_out_and_told(workspace, consortium):
    noon = datetime(2027, 6, 7, 11, 5, tzinfo=UTC)  # 12:05 in Lisbon
    report = queries.slots(workspace, consortium.ask(since=noon), 99, apart=False)
    whole = queries.slots(workspace, consortium.ask(), 99, apart=False)
    assert report.table.grid.start == noon.replace(minute=15)
    assert min(slot.start for slot in report.slots) == noon.replace(minute=15)
    assert (report.over, report.starts + report.over, whole.over) == (49, whole.starts, 0)
    assert queries.slots(workspace, consortium.ask(since=noon.replace(hour=22, day=6))).over == 0
    late = datetime(2027, 6, 7, 22, 5, tzinfo=UTC)  # the last start of an hour was at 22:00
    with pytest.raises(DomainError, match="These days are over"):
        queries.slots(workspace, consortium.ask(since=late))
    for limit in (0, -1):
        with pytest.raises(DomainError, match="At least one"):
            queries.slots(workspace, consortium.ask(), limit)


def test_weights_are_kept_and_change_what_is_found(workspace, consortium):
    assert slot_weights.slot_weights(workspace) == USUAL
    slot_weights.keep_slot_weights(workspace, Weights(weekend=0, holiday=0))
    friday = queries.slots(workspace, consortium.ask(date(2027, 6, 11)), 1)
    assert friday.slots[0].total == 0
    assert friday.weights.weekend == 0
    commands.set_setting(workspace, "slots.weights", '{"night": 1000}')
    assert slot_weights.slot_weights(workspace) == USUAL


def test_the_command_ranks_slots_with_everybodys_pain_and_reasons(
    workspace, consortium, tmp_path, capsys
):
    data = str(tmp_path / "data")
    workspace.close()
    words = ["slots", "--project", "aqua", "--from", "2099-06-08", "--to", "2099-06-12"]
    assert main([*words, "--minutes", "45", "--limit", "5", "--data", data, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    slots = told["slots"]
    assert [slot["rank"] for slot in slots] == [1, 2, 3, 4, 5]
    assert slots[0]["start"] == "2099-06-08T08:00:00Z"
    assert [person["name"] for person in slots[0]["people"]] == ["Ana", "Max", "Noa"]
    assert slots[0]["people"][0]["pain"] == slots[0]["total"] == 0
    assert slots[0]["reasons"] == ["in working hours for everybody"]
    assert main([*words, "--minutes", "45", "--people", "ana@example.org, Noa", "--optional", "Max",
                 "--series", "2", "--data", data, "--json"]) == 0  # fmt: skip
    assert len(json.loads(capsys.readouterr().out)["meetings"]) == 2
    assert main(["slot-weights", "--set", "night=20", "--data", data, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["night"] == 20
    for wrong in (["--minutes", "0"], ["--minutes", "45", "--people", "Bob"],
                  ["--minutes", "45", "--zone", "Mars/Base"]):  # fmt: skip
        assert main([*words, *wrong, "--data", data, "--json"]) == 2
        assert json.loads(capsys.readouterr().err)["error"]["code"]
