"""Typed lines and their records, kept in step from both sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from projectdesk.domain.consortium import Person
from projectdesk.domain.minutes import (
    Action,
    ActionNote,
    ActionStatus,
    Decision,
    Information,
    Minutes,
    MinutesState,
)
from projectdesk.domain.preparation import ReviewQuestion
from projectdesk.domain.workplan import Risk
from projectdesk.services import commands, queries
from projectdesk.services.notes import NotesDocument, open_notes
from projectdesk.services.rows import ActionRow, Changes, Kind
from projectdesk.services.typed_line_rows import LineStep
from projectdesk.services.typed_lines import record_id_of, step
from projectdesk.text.minutes import MinutesText


@pytest.fixture
def items(workspace, kick_off) -> list[UUID]:
    return [row.id for row in queries.agenda(workspace, kick_off)]


@pytest.fixture
def notes(workspace, kick_off) -> Iterator[NotesDocument]:
    opened = open_notes(workspace, kick_off)
    yield opened
    opened.close(abandon=True)


class Desk:
    """Somebody who writes the notes of one item and brings them into step."""

    def __init__(self, workspace, notes: NotesDocument, item: UUID) -> None:
        self.workspace, self.notes, self.item = workspace, notes, item

    @property
    def text(self) -> str:
        return self.notes.item_text(self.item)

    def write(self, text: str) -> LineStep:
        """Type so that the text is this."""
        before = self.text
        start = 0
        while start < min(len(before), len(text)) and before[start] == text[start]:
            start += 1
        end = 0
        while end < min(len(before), len(text)) - start and before[-1 - end] == text[-1 - end]:
            end += 1
        new = text[start : len(text) - end]
        units = len(before[:start].encode("utf-16-le")) // 2
        gone = len(before[start : len(before) - end].encode("utf-16-le")) // 2
        self.notes.edit(self.item, units, gone, new)
        return self.step()

    def step(self) -> LineStep:
        done = step(self.workspace, self.notes)
        assert step(self.workspace, self.notes) == LineStep(refused=done.refused)
        return done

    def actions(self) -> list[ActionRow]:
        return queries.actions(self.workspace, meeting_id=self.notes.meeting_id)

    def records(self, entity: Any) -> list[Any]:
        with self.workspace.read() as session:
            return list(session.query(entity).order_by(entity.number))


@pytest.fixture
def desk(workspace, notes, items) -> Desk:
    return Desk(workspace, notes, items[1])


def edit_action(desk: Desk, **values: object) -> Changes:
    row = desk.actions()[0]
    return commands.set_fields(desk.workspace, Kind.ACTION, row.id, row.version, values)


def test_a_line_becomes_an_action_and_follows(desk, consortium):
    assert desk.write("Äh 😀\n") == LineStep()
    desk.write("Äh 😀\nA: @Rui WP1 send the draft //20 Mar")
    [row] = desk.actions()
    assert (row.label, row.text, row.due_on) == ("A1", "send the draft", date(2026, 3, 20))
    assert row.owner_person_id == consortium.people["Rui"]
    assert row.agenda_item_id == desk.item
    action = desk.records(Action)[0]
    assert action.work_package_id == consortium.work_packages[1]

    desk.write("Äh 😀\nplain\nA: @Rui WP1 send the whole draft //21 Mar")
    [row] = desk.actions()
    assert (row.label, row.text, row.due_on) == ("A1", "send the whole draft", date(2026, 3, 21))


def test_an_owner_owns_it_for_their_own_partner_which_the_line_need_not_say(desk, consortium):
    partners, people = consortium.partners, consortium.people
    desk.write("A: @Rui send it")
    assert owner_of(desk) == (people["Rui"], partners["LAB"])
    assert desk.text == "A: @Rui send it"

    desk.write("A: @Kiri send it")
    assert owner_of(desk) == (people["Kiri"], partners["FIRM"])

    edit_action(desk, owner_person_id=people["Rui"], owner_partner_id=partners["LAB"])
    desk.step()
    assert desk.text == "A: @Rui Test send it"

    edit_action(desk, owner_partner_id=partners["UNI"])
    desk.step()
    assert desk.text == "A: @Rui Test @UNI send it"

    desk.write("A: @Rui @LAB send it")
    edit_action(desk, owner_person_id=people["Kiri"], owner_partner_id=partners["FIRM"])
    desk.step()
    assert (desk.text.count("@FIRM"), owner_of(desk)) == (1, (people["Kiri"], partners["FIRM"]))

    desk.write("A: send it")
    assert owner_of(desk) == (None, None)


def owner_of(desk: Desk) -> tuple[UUID | None, UUID | None]:
    action = desk.records(Action)[0]
    return action.owner_person_id, action.owner_partner_id


def test_an_owner_may_be_written_as_their_address(desk, workspace, kick_off, consortium):
    with workspace.read() as session:
        person = session.get_one(Person, consortium.people["Rui"])
        address = person.email
    desk.write(f"A: @{address} send it")
    assert owner_of(desk)[0] == consortium.people["Rui"]
    names = commands.room_snapshot(workspace, kick_off).line_words.names
    assert not any("@" in alias for each in names for alias in each.aliases)


def test_a_bold_line_whose_record_is_deleted_becomes_text(workspace, desk):
    desk.write("**A:** @Rui send it")
    [row] = desk.actions()
    commands.delete(workspace, Kind.ACTION, row.id, row.version)
    desk.step()
    assert "A:" not in desk.text
    assert desk.text.endswith("send it")


def test_each_kind_of_line_makes_its_record(desk, consortium, kick_off):
    done = desk.write(
        "D: WP1 leads the pilot\nI: D1.1 went out\nR: @LAB WP1: staff leaves\nQ: @Rui who pays?"
    )
    assert done.made == ("D1", "I1", "R1", "Q1")
    [decision] = desk.records(Decision)
    assert (decision.text, decision.meeting_id) == ("WP1 leads the pilot", kick_off)
    assert decision.work_package_id == consortium.work_packages[1]
    [information] = desk.records(Information)
    assert information.text == "D1.1 went out"
    [risk] = desk.records(Risk)
    assert (risk.title, risk.owner_partner_id) == ("staff leaves", consortium.partners["LAB"])
    assert risk.work_package_ids == [consortium.work_packages[1]]
    [question] = desk.records(ReviewQuestion)
    assert (question.text, question.answered_by_id) == ("who pays?", consortium.people["Rui"])
    assert question.agenda_item_id == desk.item


def test_an_action_changed_elsewhere_rewrites_only_its_line(desk, consortium):
    desk.write("before\nA: @Rui send it //20 Mar, please\nafter")
    edit_action(desk, due_on=date(2026, 5, 4), owner_person_id=consortium.people["Kiri"])
    done = desk.step()
    assert done.rewritten == ("A1",)
    assert desk.text.startswith("before\nA: @Kiri")
    assert desk.text.endswith("send it //4 May, please\nafter")
    [row] = desk.actions()
    assert row.text == "send it, please"


def test_rewriting_is_kept_with_the_change(workspace, desk, kick_off):
    desk.write("A: send it")
    edit_action(desk, text="send it twice")
    desk.step()
    assert queries.notes(workspace, kick_off)[desk.item] == "A: send it twice"


def test_both_sides_changed_different_fields(desk):
    desk.write("A: send it //20 Mar")
    edit_action(desk, due_on=date(2026, 5, 4))
    desk.write("A: send all of it //20 Mar")
    assert desk.text == "A: send all of it //4 May"
    [row] = desk.actions()
    assert (row.text, row.due_on) == ("send all of it", date(2026, 5, 4))


def test_both_sides_changed_the_text_and_no_word_is_lost(desk):
    desk.write("- A: send it\nnext")
    edit_action(desk, text="post it")
    done = desk.write("- A: send everything\nnext")
    assert desk.text == "- A: post it\n    (other wording: send everything)\nnext"
    assert desk.actions()[0].text == "post it"
    [overruled] = done.overruled
    assert (overruled.label, overruled.fields) == ("A1", ("text",))


def test_a_half_typed_date_changes_nothing(desk):
    desk.write("A: send it //20 Mar")
    desk.write("A: send it //2")
    assert desk.actions()[0].due_on == date(2026, 3, 20)
    desk.write("A: send it //2 Apr")
    assert desk.actions()[0].due_on == date(2026, 4, 2)
    desk.write("A: send it")
    assert desk.actions()[0].due_on is None


def test_a_name_that_is_half_typed_is_no_action_yet(desk):
    assert desk.write("A: @R") == LineStep()
    assert desk.write("A: @Rui //20") == LineStep()
    assert desk.write("A: @Rui //20 Mar ask").made == ("A1",)


def test_a_line_that_is_deleted_takes_its_record_and_undo_brings_it_back(desk):
    desk.write("A: one\nA: two")
    first, second = desk.actions()
    done = desk.write("A: one")
    assert done.deleted == ("A2",)
    assert [row.id for row in desk.actions()] == [first.id]
    done = desk.write("A: one\nA: two")
    assert done.made == ("A2",)
    assert [row.id for row in desk.actions()] == [first.id, second.id]


def test_a_line_that_is_moved_keeps_its_number(desk, items):
    desk.write("A: one\nA: two")
    ids = [row.id for row in desk.actions()]
    desk.notes.edit(desk.item, 0, len("A: one\n"), "")
    assert desk.step().deleted == ("A1",)
    desk.write("A: two\nplain\nA: one")
    assert [row.id for row in desk.actions()] == ids


def test_an_action_that_was_closed_stays_without_its_line(workspace, desk, kick_off):
    desk.write("A: one")
    edit_action(desk, status=ActionStatus.DONE, done_on=date(2026, 3, 11))
    desk.step()
    done = desk.write("")
    assert done.kept == ("A1",)
    [row] = desk.actions()
    assert row.status is ActionStatus.DONE
    [kept] = queries.kept_records(workspace, kick_off)
    assert (kept.label, kept.words, kept.item_id) == ("A1", "one", desk.item)
    desk.write("A: one")
    assert queries.kept_records(workspace, kick_off) == ()
    assert [each.id for each in desk.actions()] == [row.id]


def test_an_action_with_a_note_stays_without_its_line(workspace, desk):
    desk.write("A: one")
    [row] = desk.actions()
    with workspace.change("Note") as unit:
        unit.add(ActionNote(action_id=row.id, text="half done", made_at=unit.now))
    assert desk.write("").kept == ("A1",)


def test_a_record_that_is_deleted_leaves_its_line_as_text_until_it_is_back(workspace, desk):
    desk.write("top\n- A: @Rui send it //20 Mar\nend")
    [row] = desk.actions()
    commands.delete(workspace, Kind.ACTION, row.id, row.version)
    desk.step()
    assert desk.text == "top\n- @Rui send it //20 Mar\nend"
    assert desk.actions() == []
    commands.undo(workspace)
    desk.step()
    assert desk.text == "top\n- A: @Rui send it //20 Mar\nend"
    desk.write("top\n- A: @Rui send it now //20 Mar\nend")
    assert [(each.id, each.text) for each in desk.actions()] == [(row.id, "send it now")]


def test_two_desktops_make_the_same_record(workspace, desk, items):
    other = MinutesText()
    other.edit(desk.item, 0, 0, "é 😀\nA: from the page")
    desk.notes.apply(other.state())
    desk.step()
    [row] = desk.actions()
    here = desk.notes.marks(desk.item, desk.text, [5])
    assert here
    assert here == other.marks(desk.item, desk.text, [5])
    assert row.id == record_id_of(desk.notes.minutes_id, here[0])


def test_the_letter_changed_makes_another_record(desk):
    desk.write("A: agree on it")
    done = desk.write("D: agree on it")
    assert (done.made, done.deleted) == (("D1",), ("A1",))


def test_circulated_minutes_change_no_record(workspace, desk):
    desk.write("A: one")
    with workspace.change("Circulate") as unit:
        unit.get(Minutes, desk.notes.minutes_id).state = MinutesState.CIRCULATED
    edit_action(desk, text="two")
    desk.notes.edit(desk.item, 0, 0, "D: late\n")
    assert desk.step() == LineStep()
    assert desk.records(Decision) == []


def test_a_renumbered_work_package_is_still_meant(workspace, desk, consortium):
    desk.write("A: @Rui WP1 send it")
    package = queries.work_packages(workspace, consortium.project)[0]
    commands.set_fields(workspace, Kind.WORK_PACKAGE, package.id, package.version, {"number": 41})
    desk.step()
    assert desk.records(Action)[0].work_package_id == package.id
    assert desk.text == "A: @Rui Test WP41 send it"


def test_a_revision_seeded_with_text_keeps_its_records(workspace, desk, kick_off):
    desk.write("A: one\nD: the pilot begins")
    ids = [desk.actions()[0].id, desk.records(Decision)[0].id]
    desk.notes.flush()
    with workspace.change("Revise") as unit:
        unit.get(Minutes, desk.notes.minutes_id).state = MinutesState.SUPERSEDED
        unit.add(Minutes(meeting_id=kick_off, revision=2))
    again = open_notes(workspace, kick_off)
    try:
        writer = Desk(workspace, again, desk.item)
        assert step(workspace, again).deleted == ()
        writer.write("A: one\nD: the pilot begins in May")
        assert [desk.actions()[0].id, desk.records(Decision)[0].id] == ids
        assert desk.records(Decision)[0].text == "the pilot begins in May"
    finally:
        again.close()


def test_what_was_read_is_told(workspace, desk, kick_off):
    desk.write("A: @Nobody send it //soon\nA: fine")
    desk.notes.flush()
    told = queries.typed_lines(workspace, kick_off)
    assert [(line.number, line.label) for line in told.lines] == [(1, "A1"), (2, "A2")]
    assert [problem.code for problem in told.lines[0].parsed.problems] == [
        "unknown_name",
        "unreadable_date",
    ]
    place = queries.line_place(workspace, told.lines[1].record_id)
    assert (place.meeting_id, place.item_id, place.words) == (kick_off, desk.item, "A: fine")
    assert queries.line_place(workspace, desk.item).item_id == desk.item


def test_writers_in_the_call_are_told_names_and_the_plan_and_no_addresses(workspace, kick_off):
    words = commands.room_snapshot(workspace, kick_off).line_words
    assert words is not None
    invited = {row.name for row in queries.invitations(workspace, kick_off)}
    people = {name.name for name in words.names if name.mark == "person"}
    assert people == invited
    assert {name.name for name in words.names if name.mark == "partner"} >= {"UNI", "LAB"}
    assert ("WP1", "Work 1") in {(label.label, label.title) for label in words.labels}
    assert (words.meeting_day, words.project_start) == ("2026-03-10", "2026-03-01")
    assert "@" not in repr(words)
