"""What readers of minutes see: records in the place of typed lines, members, proxies."""

from __future__ import annotations

from uuid import UUID

from projectdesk.exchange.documents import markdown
from projectdesk.exchange.documents.minutes_outline import of_minutes
from projectdesk.exchange.documents.presence import count_line
from projectdesk.exchange.documents.words import words
from projectdesk.services import commands, minutes_desks, minutes_versions, queries
from projectdesk.services import notes as live_notes
from projectdesk.services.documents.attendance import attendance_facts
from projectdesk.services.documents.meetings import minutes_content
from projectdesk.services.minutes_versions import VersionItem, VersionLine
from projectdesk.services.queries.minutes_life import minutes_life
from tests.unit.meetings.circulating import assembly as assembly
from tests.unit.meetings.circulating import circulated
from tests.unit.meetings.circulating import plain_pdf as plain_pdf
from tests.unit.meetings.test_attendance import at
from tests.unit.meetings.test_attendance import held as held

LINES = """Before.

A: @Ghost send the list //+2w

D: the pilot waits
I: sensors are late
D:
After."""


def _write(workspace, meeting: UUID) -> None:
    item = queries.agenda(workspace, meeting)[0].id
    document = live_notes.open_notes(workspace, meeting)
    document.edit(item, 0, 0, LINES)
    document.close()
    commands.step_typed_lines(workspace, meeting)


def test_documents_print_a_record_in_the_place_of_its_line(workspace, assembly):
    _write(workspace, assembly)
    content = minutes_content(workspace, assembly)
    (noted,) = [each for each in content.items if each.recorded]
    assert noted.recorded == ((2, "A1"), (4, "D1"), (5, "I1"))
    shown = markdown.render(of_minutes(content, now=workspace.now()))
    body = shown[shown.index("Before.") :]
    assert "D: the pilot waits" not in shown
    assert "I: sensors" not in shown
    assert "//" not in body
    order = ("send the list", "the pilot waits", "sensors are late", "D:", "After.")
    places = [body.index(each) for each in order]
    assert places == sorted(places)


def test_readers_get_each_record_once(workspace, assembly):
    _write(workspace, assembly)
    circulated(workspace, assembly)
    content = minutes_versions.content_now(workspace, assembly)
    assert content.items[0].text == LINES
    assert content.items[0].reading == "Before.\n\nI1: sensors are late\nD:\nAfter."
    newest = minutes_life(workspace, assembly).newest
    desks = minutes_desks.minutes_desks(workspace, newest.id).desks
    (form,) = {desk.form.items[0].text for _, desk in desks}
    assert form == content.items[0].reading


def test_a_version_of_old_reads_as_it_was():
    assert VersionItem("", "1", "Budget", "A: send it").reading == "A: send it"
    bulleted = VersionItem("", "1", "x", "- R: late", lines=[VersionLine(0, "R2", "Gauges late")])
    assert bulleted.reading == "- R2: Gauges late"


def test_minutes_of_a_body_count_its_members(workspace, assembly):
    content = minutes_versions.content_now(workspace, assembly)
    assert (set(content.absent), content.represented) == ({"UNI", "LAB"}, [])
    there = attendance_facts(workspace, assembly)
    assert {each.partner for each in there.partners if each.member} == {"UNI", "LAB"}
    said = count_line(there, words("en"))
    assert said == "0 of 2 members of the body were present."


def test_who_is_represented_is_not_absent(workspace, held):
    held.there("Maya", (0, 100))
    held.proxy("GHOST", "UNI")
    content = minutes_versions.content_now(workspace, held.meeting)
    assert content.represented == ["GHOST (UNI)"]
    assert set(content.absent) == {"LAB", "FIRM"}
    said = count_line(attendance_facts(workspace, held.meeting), words("de"))
    assert said == (
        "1 von 4 Mitgliedern des Gremiums waren anwesend, durch Vollmacht vertreten: 1."
    )
    shown = markdown.render(of_minutes(minutes_content(workspace, held.meeting), now=at(120)))
    assert "Not reached: 2 of 4 members present or represented" in shown
