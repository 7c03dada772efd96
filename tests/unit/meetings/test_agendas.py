"""Agendas: order over sections and days, the backlog, what is carried over, templates, imports."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import (
    AgendaItem,
    ItemKind,
    LeftOut,
    Meeting,
    MeetingState,
    MeetingType,
)
from projectdesk.domain.minutes import Action, Minutes, MinutesState
from projectdesk.domain.rules.agenda_toml import parse_template
from projectdesk.domain.talk import Document
from projectdesk.domain.workplan import Risk, RiskGrade
from projectdesk.errors import DomainError, NotFound, UnreadableFile
from projectdesk.services import commands, queries
from projectdesk.services.commands.actions import postpone_action
from projectdesk.services.commands.agendas import set_days
from projectdesk.services.rows import Kind
from tests.unit.meetings.conftest import LOCAL


@pytest.fixture
def call(plan):
    """An empty meeting to put items on."""
    return plan(MeetingType.AD_HOC)


def titles(workspace, meeting_id) -> list[str]:
    return [row.title for row in queries.agenda(workspace, meeting_id)]


def item(workspace, meeting_id, title):
    return next(row for row in queries.agenda(workspace, meeting_id) if row.title == title)


@pytest.mark.full
def test_an_item_moves_to_another_section_and_day_and_back(workspace, call):
    moved = item(workspace, call, "Discussion")
    commands.move_agenda_item(workspace, moved.id, 9, day=2, section="Afternoon")
    row = item(workspace, call, "Discussion")
    assert (row.day, row.section, row.position) == (2, "Afternoon", 2)
    assert titles(workspace, call) == ["Welcome and agenda", "Actions and closing", "Discussion"]
    commands.undo(workspace)
    row = item(workspace, call, "Discussion")
    assert (row.day, row.section, row.position) == (1, "", 1)
    with pytest.raises(DomainError, match="days 1 to 14"):
        commands.move_agenda_item(workspace, moved.id, 0, day=15)


def test_a_new_item_comes_where_it_is_put(workspace, call):
    made, _ = commands.add_agenda_item(workspace, call, {"title": "Budget"}, at=1)
    assert titles(workspace, call)[:2] == ["Welcome and agenda", "Budget"]
    assert item(workspace, call, "Budget").id == made
    assert item(workspace, call, "Budget").added_at == workspace.now()
    commands.add_agenda_item(workspace, call, {"title": "Last"})
    assert titles(workspace, call)[-1] == "Last"


def test_an_item_made_by_the_general_command_says_when(workspace, call, clock):
    clock.advance(hours=3)
    values = {"meeting_id": call, "title": "Late one"}
    commands.create(workspace, Kind.AGENDA_ITEM, values)
    assert item(workspace, call, "Late one").added_at == clock.now


def test_a_section_is_renamed_on_its_day_only(workspace, kick_off):
    first = item(workspace, kick_off, "Welcome and purpose of the meeting")
    commands.move_agenda_item(workspace, first.id, 99, day=2)
    commands.rename_section(workspace, kick_off, 1, "Opening", " Start ")
    sections = {(row.day, row.section) for row in queries.agenda(workspace, kick_off)}
    assert {(1, "Start"), (2, "Opening")} <= sections


def test_days_have_hours_and_say_when_they_are_too_long(workspace, call):
    hours = [(time(10), time(10, 30)), (time(9), time(12))]
    commands.set_days(workspace, call, hours)
    whole = queries.agenda_plan(workspace, call)
    assert whole.nights == ("10:30-09:00",)
    assert [(day.day, day.over, day.beyond) for day in whole.days] == [
        (1, 30, False),
        (2, 0, False),
    ]
    assert queries.meeting(workspace, call).duration_minutes == 26 * 60
    with pytest.raises(DomainError, match="before it begins"):
        set_days(workspace, call, [(time(10), time(9))])


def test_an_item_waits_in_the_backlog_and_comes_back(workspace, consortium, call):
    discussed = item(workspace, call, "Discussion")
    commands.set_fields(
        workspace, Kind.AGENDA_ITEM, discussed.id, discussed.version,
        {"presenter_id": consortium.people["Rui"], "deliverable_id": None, "description": "x"},
    )  # fmt: skip
    with workspace.change("Attach") as unit:
        document = Document(
            project_id=consortium.project, agenda_item_id=discussed.id, name="a.pdf", size=1,
            sha256="0" * 64, shared_at=unit.now,
        )  # fmt: skip
        unit.add(document)
    commands.to_backlog(workspace, [discussed.id], reason="no time")
    assert "Discussion" not in titles(workspace, call)
    (waiting,) = queries.backlog(workspace, consortium.project)
    assert (waiting.title, waiting.presenter, waiting.reason) == (
        "Discussion",
        "Rui Test",
        "no time",
    )
    with workspace.read() as session:
        kept = session.get(Document, document.id)
        assert (kept.meeting_id, kept.agenda_item_id) == (call, None)
    commands.to_agenda(workspace, [waiting.id], call, at=0, section="First")
    assert titles(workspace, call)[0] == "Discussion"
    assert item(workspace, call, "Discussion").section == "First"
    assert queries.backlog(workspace) == []
    commands.undo(workspace)
    assert [row.title for row in queries.backlog(workspace)] == ["Discussion"]


def test_a_break_does_not_wait(workspace, kick_off):
    pause = item(workspace, kick_off, "Break")
    with pytest.raises(DomainError, match="break"):
        commands.to_backlog(workspace, [pause.id])


def test_the_backlog_of_another_project_stays_there(workspace, consortium, call):
    other, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "OTHER"})
    waiting, _ = commands.create(
        workspace, Kind.BACKLOG_ITEM, {"project_id": other, "title": "Theirs"}
    )
    with pytest.raises(DomainError) as caught:
        commands.to_agenda(workspace, [waiting], call)
    assert caught.value.code == "other_project"


def hold(workspace, meeting_id, *, treated=(), left_out=()):
    with workspace.change("Hold it") as unit:
        unit.get(Meeting, meeting_id).state = MeetingState.HELD
        for row in queries.agenda(workspace, meeting_id):
            held = unit.get(AgendaItem, row.id)
            if row.title in treated:
                held.actual_seconds, held.first_started_at = 60.0, unit.now
            for title, how in left_out:
                if row.title == title:
                    held.left_out = how


def test_what_was_not_treated_is_offered_to_the_next_meeting(workspace, consortium, plan):
    first = plan(MeetingType.EXECUTIVE_BOARD)
    with workspace.change("Act") as unit:
        unit.add(
            Action(
                project_id=consortium.project,
                meeting_id=first,
                number=0,
                text="Send the logo",
                owner_person_id=consortium.people["Rui"],
                due_on=date(2026, 4, 1),
            )
        )
    hold(
        workspace,
        first,
        treated=["Opening and agenda", "WP1 Work 1"],
        left_out=[("Decisions", LeftOut.POSTPONED), ("WP2 Work 2", LeftOut.SKIPPED)],
    )
    later = plan(MeetingType.EXECUTIVE_BOARD, local_start=LOCAL + timedelta(days=30))
    found = queries.carry_over(workspace, later)
    assert found.last is not None
    assert found.last.title == "Executive Board, 2026-03-10"
    reasons = {offer.draft.title: offer.reason for offer in found.open}
    assert reasons["Decisions"] == "postponed"
    assert reasons["WP2 Work 2"] == "skipped"
    assert reasons["Next meeting and closing"] == "not_treated"
    assert "Opening and agenda" not in reasons
    taken = {offer.draft.title for offer in found.offers if offer.taken}
    assert taken == {"Approval of the minutes of Executive Board, 2026-03-10", "Open actions"}
    keys = [offer.key for offer in found.open if offer.reason in {"postponed", "skipped"}]
    commands.carry_over(workspace, later, keys)
    carried = [row for row in queries.agenda(workspace, later) if row.carried_from_id]
    assert [row.title for row in carried] == ["WP2 Work 2", "Decisions"]
    assert {row.carried_from for row in carried} == {"Executive Board, 2026-03-10"}
    assert not {offer.key for offer in queries.carry_over(workspace, later).open} & set(keys)
    commands.undo(workspace)
    assert not [row for row in queries.agenda(workspace, later) if row.carried_from_id]


def test_minutes_and_actions_are_offered_where_the_agenda_lacks_them(workspace, consortium, plan):
    first = plan(MeetingType.AD_HOC)
    hold(workspace, first, treated=["Welcome and agenda"])
    with workspace.change("Act") as unit:
        action = Action(project_id=consortium.project, meeting_id=first, number=0, text="Ask")
        unit.add(action)
    later = plan(MeetingType.AD_HOC, local_start=LOCAL + timedelta(days=7))
    commands.carry_over(workspace, later, ["minutes", "actions"])
    rows = queries.agenda(workspace, later)
    assert [row.title for row in rows[:3]] == [
        "Welcome and agenda",
        "Approval of the minutes of Meeting, 2026-03-10",
        "Open actions",
    ]
    assert (rows[1].minutes_of_id, rows[1].kind) == (first, ItemKind.DECISION)
    assert rows[2].description == "- A1 Ask"
    with workspace.change("Accept") as unit:
        unit.add(Minutes(meeting_id=first, state=MinutesState.ACCEPTED))
    again = plan(MeetingType.AD_HOC, local_start=LOCAL + timedelta(days=6))
    assert "minutes" not in {offer.key for offer in queries.carry_over(workspace, again).offers}


def test_nobody_knows_what_was_treated_without_the_clock(workspace, plan):
    first = plan(MeetingType.AD_HOC)
    hold(workspace, first)
    found = queries.carry_over(workspace, plan(local_start=LOCAL + timedelta(days=7)))
    assert found.last is None
    later = plan(MeetingType.AD_HOC, local_start=LOCAL + timedelta(days=7))
    found = queries.carry_over(workspace, later)
    assert found.unknown
    assert {offer.reason for offer in found.offers} == {"minutes"}
    commands.carry_over(workspace, later)
    with pytest.raises(DomainError, match="nothing to carry over"):
        commands.carry_over(workspace, later)


def test_an_item_of_a_held_meeting_stays_when_it_goes_into_the_backlog(workspace, consortium, call):
    hold(workspace, call, treated=["Welcome and agenda"])
    left = item(workspace, call, "Discussion")
    commands.to_backlog(workspace, [left.id])
    assert "Discussion" in titles(workspace, call)
    (waiting,) = queries.backlog(workspace, consortium.project)
    assert waiting.carried_from == "Meeting, 2026-03-10"


def test_the_minutes_of_the_last_assembly_are_linked(workspace, plan):
    first = plan(MeetingType.GENERAL_ASSEMBLY)
    hold(workspace, first)
    later = plan(MeetingType.GENERAL_ASSEMBLY, local_start=LOCAL + timedelta(days=90))
    row = item(workspace, later, "Minutes of the last meeting")
    assert row.minutes_of_id == first
    assert row.minutes_of == "General Assembly, 2026-03-10"


def test_a_call_of_a_work_package_holds_what_is_of_it(workspace, consortium, plan):
    with workspace.change("Risk") as unit:
        for number, work in ((1, 2), (2, 1)):
            unit.add(
                Risk(
                    project_id=consortium.project,
                    number=number,
                    title=f"Risk {number}",
                    work_package_ids=[consortium.work_packages[work]],
                    likelihood=RiskGrade.HIGH,
                    severity=RiskGrade.MEDIUM,
                )
            )
    made = plan(
        MeetingType.WORK_PACKAGE_CALL,
        work_package_id=consortium.work_packages[2],
        local_start=datetime.fromisoformat("2026-09-10T10:00"),
    )
    assert queries.meeting(workspace, made).title == "WP2: work package call"
    rows = queries.agenda(workspace, made)
    assert {row.work_package for row in rows} == {"WP2"}
    assert item(workspace, made, "D2.1 R").deliverable == "D2.1"
    risks = item(workspace, made, "Risks").description
    assert "R1 Risk 1" in risks
    assert "R2" not in risks
    assert rows[0].presenter == "Rui Test"


@pytest.mark.parametrize("key", ["kick-off", "interim_review", "final-review", "workshop"])
def test_what_a_template_makes_is_shown_before(workspace, consortium, key):
    before = queries.meetings(workspace)
    shown = queries.filled_template(workspace, consortium.project, key, LOCAL, "Europe/Copenhagen")
    assert shown.plan.items
    assert shown.duration_minutes == sum(day.planned for day in shown.plan.days)
    assert shown.plan.items[0].presenter == "Maya Test"
    assert queries.meetings(workspace) == before


def test_an_unknown_template_says_which_there_are(workspace, consortium):
    with pytest.raises(NotFound, match="kick-off, interim-review"):
        queries.filled_template(workspace, consortium.project, "party", LOCAL, "UTC")


def test_an_agenda_becomes_a_template_that_fills_itself_again(
    workspace, consortium, plan, tmp_path
):
    kick_off = plan()
    own, _ = commands.save_as_template(workspace, kick_off, "Our kick-off")
    row = queries.agenda_templates(workspace)[-1]
    assert (row.id, row.name, row.type) == (own, "Our kick-off", MeetingType.KICK_OFF)
    template = parse_template(row.content, row.name)
    loops = [each for each in template.items if each.each]
    assert [each.title for each in loops] == ["{label} {title}"]
    assert "D2.1" not in row.content
    made = plan(MeetingType.AD_HOC, template="our KICK-OFF")
    assert titles(workspace, made) == titles(workspace, kick_off)
    with pytest.raises(DomainError, match="already"):
        commands.save_as_template(workspace, kick_off, "our kick-off")
    out = commands.export_template(workspace, str(own), tmp_path / "mine.toml")
    commands.delete(workspace, Kind.OWN_TEMPLATE, own, 1)
    again, _ = commands.import_template(workspace, out, consortium.project)
    assert queries.agenda_templates(workspace, consortium.project)[-1].id == again


def test_a_template_that_cannot_be_read_is_not_kept(workspace, kick_off, tmp_path):
    own, _ = commands.save_as_template(workspace, kick_off, "Mine")
    with pytest.raises(DomainError) as caught:
        commands.set_fields(workspace, Kind.OWN_TEMPLATE, own, 1, {"content": "title = 1"})
    assert (caught.value.code, caught.value.facts["field"]) == ("bad_template", "content")
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile):
        commands.import_template(workspace, bad)
    with pytest.raises(NotFound):
        commands.import_template(workspace, Path(tmp_path / "none.toml"))
    assert len([row for row in queries.agenda_templates(workspace) if row.id]) == 1


def test_a_template_is_put_behind_an_agenda(workspace, call):
    commands.use_template(workspace, call, "workshop")
    rows = queries.agenda(workspace, call)
    assert rows[3].title == "Welcome and aim of the workshop"
    assert {row.track for row in rows} == {"", "Group A", "Group B"}
    tracks = [row for row in rows if row.track]
    assert tracks[0].starts_at == tracks[1].starts_at


TEXT = """## Opening
09:30 Welcome – Maya Test
09:45 WP2 Work 2 (20 min) – Rui Test
10:05 D2.1 Report (decision) – LAB
10:20 Coffee (15 min)
"""


def test_a_pasted_agenda_finds_people_and_what_it_is_about(workspace, consortium, call):
    read = queries.read_agenda_text(workspace, call, TEXT, "mail.txt")
    assert titles(workspace, call) == ["Welcome and agenda", "Discussion", "Actions and closing"]
    assert [row.title for row in read.plan.items][-1] == "Coffee"
    _, changes = commands.import_agenda(workspace, call, TEXT, "mail.txt", replace=True)
    rows = queries.agenda(workspace, call)
    assert [(r.presenter or r.presenter_text, r.related, r.section) for r in rows] == [
        ("Maya Test", (), "Opening"),
        ("Rui Test", ("WP2",), "Opening"),
        ("LAB", ("D2.1",), "Opening"),
        ("", (), "Opening"),
    ]
    assert rows[0].starts_minute == 9 * 60 + 30
    assert rows[0].overlap_minutes == 30, "the meeting begins at ten"
    assert changes.label == "Import the agenda mail.txt"
    commands.undo(workspace)
    assert titles(workspace, call) == ["Welcome and agenda", "Discussion", "Actions and closing"]
    commands.import_agenda(workspace, call, TEXT)
    assert len(queries.agenda(workspace, call)) == 7


def test_an_agenda_that_was_begun_is_not_replaced(workspace, call):
    hold(workspace, call)
    with pytest.raises(DomainError) as caught:
        commands.import_agenda(workspace, call, TEXT, replace=True)
    assert caught.value.code == "meeting_began"
    with pytest.raises(NotFound):
        commands.import_agenda(workspace, new_id(), TEXT)


def test_carried_actions_say_what_is_late_and_what_was_postponed(workspace, plan):
    first = plan(MeetingType.AD_HOC)
    hold(workspace, first)
    for text, due in (("Late one", date(2026, 3, 12)), ("Moved one", date(2026, 3, 20))):
        made, _ = commands.create(
            workspace, Kind.ACTION, {"meeting_id": first, "text": text, "due_on": due}
        )
    postpone_action(workspace, [made], date(2026, 5, 1))
    second = plan(MeetingType.AD_HOC, local_start=LOCAL + timedelta(days=31))
    offers = queries.carry_over(workspace, second).offers
    [listed] = [each.draft for each in offers if each.reason == "open_actions"]
    assert listed.description.splitlines() == [
        "- A1 Late one: 2026-03-12 (late)",
        "- A2 Moved one: 2026-05-01 (first 2026-03-20)",
    ]


def test_a_table_of_open_actions_fills_itself_and_is_saved_as_such(workspace, consortium, plan):
    for text, day in (("Buy the float", date(2026, 3, 1)), ("Ask LAB", None)):
        values = {"project_id": consortium.project, "text": text, "due_on": day}
        commands.create(workspace, Kind.ACTION, values)
    content = (
        'title = "Board"\n[[item]]\ntitle = "Open actions"\nminutes = 10\n'
        'tables = ["open_actions"]\n'
    )
    commands.create(workspace, Kind.OWN_TEMPLATE, {"name": "Our board", "content": content})
    meeting = plan(MeetingType.AD_HOC, template="Our board")
    (item,) = queries.agenda(workspace, meeting)
    assert item.description.splitlines()[2:] == [
        "| A1 | Buy the float | – | 2026-03-01 (late) |",
        "| A2 | Ask LAB | – | – |",
    ]
    commands.save_as_template(workspace, meeting, "Saved")
    kept = queries.agenda_templates(workspace)[-1].content
    assert 'tables = ["open_actions"]' in kept
    assert "Buy the float" not in kept
