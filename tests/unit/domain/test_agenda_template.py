from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from projectdesk import resources
from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.agenda_tables import stands_as_table, with_actions
from projectdesk.domain.rules.agenda_template import (
    LONGEST_LIST,
    DueRecord,
    LastMeeting,
    OpenAction,
    Plan,
    PlannedWork,
    Presenter,
    fill,
)
from projectdesk.domain.rules.agenda_toml import parse_template, write_template
from projectdesk.errors import DomainError

TEMPLATES = sorted(resources.path("templates", "agendas").glob("*.toml"))
MAYA, TOM = new_id(), new_id()


def template(name: str):
    path = resources.path("templates", "agendas", f"{name}.toml")
    return parse_template(path.read_text("utf-8"), path.name)


def work(number: int, leader: Presenter, start_month: int = 1) -> PlannedWork:
    return PlannedWork(
        UUID(int=number), f"WP{number}", f"Work {number}", "UNI", leader, start_month
    )


def plan(**values: Any) -> Plan:
    facts: dict[str, Any] = {
        "acronym": "TIDE",
        "coordinator": Presenter(MAYA, "Maya Lindqvist"),
        "partners": ("UNI", "LAB", "FIRM"),
        "work_packages": (
            work(1, Presenter(MAYA, "Maya Lindqvist")),
            work(2, Presenter(None, "LAB")),
            work(3, Presenter(TOM, "Tom Byrne"), start_month=13),
        ),
        "deliverables": (
            DueRecord("D1.1", "Handbook", "UNI", 2, date(2026, 4, 30)),
            DueRecord("D2.1", "Data plan", "LAB", 6, None),
            DueRecord("D2.2", "Report", "", 7, None),
        ),
        "milestones": (DueRecord("MS1", "Kick-off held", "UNI", 1, date(2026, 3, 31)),),
        "month": 1,
    }
    return Plan(**facts | values)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_template_of_ours_fills_for_a_full_and_an_empty_project(path):
    parsed = parse_template(path.read_text("utf-8"), path.name)
    empty = Plan(acronym="NEW", coordinator=Presenter())
    for facts in (plan(), empty):
        items = fill(parsed, facts)
        assert items
        assert all(item.title and "{" not in item.title + item.description for item in items)
        assert all(item.duration_minutes > 0 for item in items if facts is not empty)


def test_the_templates_of_terms_are_all_there():
    assert {path.stem for path in TEMPLATES} == {
        "kick_off", "interim_review", "final_review", "general_assembly", "executive_board",
        "work_package_call", "workshop", "ad_hoc",
    }  # fmt: skip


def test_a_kick_off_goes_through_the_work_plan():
    items = fill(template("kick_off"), plan())
    assert [item.title for item in items] == [
        "Welcome and purpose of the meeting",
        "Partner round",
        "WP1 Work 1",
        "WP2 Work 2",
        "WP3 Work 3",
        "Project management and decision rules",
        "Reporting and dates",
        "Break",
        "Communication and tools",
        "Next steps and closing",
    ]
    assert items[0].presenter_id == MAYA
    assert "TIDE" in items[0].description
    works = items[2:5]
    assert [item.work_package_id for item in works] == [UUID(int=n) for n in (1, 2, 3)]
    assert [(item.presenter_id, item.presenter_text) for item in works] == [
        (MAYA, ""),
        (None, "LAB"),
        (TOM, ""),
    ]
    decisions = [item.title for item in items if item.kind is ItemKind.DECISION]
    assert decisions == ["Project management and decision rules", "Communication and tools"]
    dates = items[6].description
    assert "- D1.1 Handbook, UNI: M2 (2026-04-30)" in dates
    assert "- D2.1 Data plan, LAB: M6" in dates
    assert "D2.2" not in dates
    assert "MS1" in dates


def test_the_partner_round_grows_with_the_consortium():
    def minutes(partners: int) -> int:
        facts = plan(partners=tuple(f"P{n}" for n in range(partners)))
        return fill(template("kick_off"), facts)[1].duration_minutes

    assert [minutes(n) for n in (1, 3, 12, 40)] == [5, 10, 25, 80]


def test_long_lists_are_cut_and_say_so():
    facts = plan(partners=tuple(f"P{n}" for n in range(LONGEST_LIST + 7)))
    assert fill(template("kick_off"), facts)[1].description.endswith("- and 7 more")


def test_an_assembly_speaks_of_what_there_is():
    bare = {item.title for item in fill(template("general_assembly"), plan())}
    assert not bare & {"Minutes of the last meeting", "Open actions", "Late deliverables"}
    facts = plan(
        last_meeting=LastMeeting(new_id(), "Kick-off meeting, 2026-03-02"),
        open_actions=(OpenAction("A3", "Send the logo", "LAB", date(2026, 4, 1)),),
        month=8,
    )
    items = {item.title: item for item in fill(template("general_assembly"), facts)}
    assert "Kick-off meeting" in items["Minutes of the last meeting"].description
    assert "| A3 | Send the logo | LAB | 2026-04-01 |" in items["Open actions"].description
    assert "D2.2 Report" in items["Late deliverables"].description
    assert "WP1 Work 1" in items
    assert "WP3 Work 3" not in items, "work that has not begun has no status"


def test_nobody_sits_longer_than_the_template_says():
    parsed = template("kick_off")
    facts = plan(work_packages=tuple(work(n, Presenter()) for n in range(1, 16)))
    since_break = 0
    for item in fill(parsed, facts):
        since_break = 0 if item.title == "Break" else since_break + item.duration_minutes
        assert since_break <= parsed.break_every_minutes


GOOD = 'title = "T"\n[[item]]\ntitle = "One"\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title = ", "Invalid value"),
        ('title = "T"', "no [[item]]"),
        ('title = "T"\nitem = ["x"]', "an item is a table"),
        ('[[item]]\ntitle = "x"', "it has no title"),
        (GOOD + "[[item]]\nminutes = 3", "item 2 is wrong: it has no title"),
        (GOOD + 'minutes = "long"', "minutes must be of type int"),
        (GOOD + "minutes = -1", "between 0 and"),
        (GOOD + 'kind = "song"', "kind “song”"),
        (GOOD + 'presenter = "king"', "presenter “king”"),
        (GOOD + 'presenter = "leader"', "in a loop only"),
        (GOOD + 'each = "partner"', "each “partner”"),
        (GOOD + 'lists = ["wishes"]', "lists “wishes”"),
        (GOOD + 'only_with = "wishes"', "only_with “wishes”"),
        (GOOD + "colour = 1", "“colour” is unknown"),
        (GOOD + 'description = "{lead}"', "“{lead}” is no place"),
        (GOOD + 'description = "{acronym.__class__}"', "is no place"),
        (GOOD + 'description = "{acronym!r}"', "is no place"),
        (GOOD + 'description = "{"', "Single"),
    ],
)
def test_a_wrong_template_says_what_is_wrong(text, reason):
    with pytest.raises(DomainError) as caught:
        parse_template(text, "mine.toml")
    assert caught.value.code == "bad_template"
    assert "mine.toml" in caught.value.text
    assert reason in caught.value.text


def test_no_break_comes_right_after_the_welcome_even_before_a_long_round():
    names = tuple(f"P{number}" for number in range(1, 61))
    made = fill(template("kick_off"), plan(partners=names))
    assert made[1].title == "Partner round"
    assert made[1].duration_minutes > template("kick_off").break_every_minutes
    assert made[2].title == "Break"


TABLE = """
title = "Board"
[[item]]
title = "Open actions"
only_with = "open_actions"
tables = ["open_actions"]
description = "What is open since the last board."
"""


def test_open_actions_fill_a_table_with_what_is_late():
    parsed = parse_template(TABLE, "board")
    assert parse_template(write_template(parsed), "again") == parsed
    actions = (
        OpenAction("A1", "Buy the | float", "Ana Reis", date(2026, 3, 1), late=True),
        OpenAction("A2", "Ask\nKIOST", "", None),
    )
    (item,) = fill(parsed, plan(open_actions=actions))
    assert item.description.splitlines() == [
        "What is open since the last board.",
        "",
        "| Action | What | Who | Due |",
        "| --- | --- | --- | --- |",
        "| A1 | Buy the \\| float | Ana Reis | 2026-03-01 (late) |",
        "| A2 | Ask KIOST | – | – |",
    ]
    (german,) = fill(parsed, plan(open_actions=actions, language="de"))
    assert "| Aufgabe | Was | Wer | Fällig |" in german.description
    assert "2026-03-01 (überfällig)" in german.description
    many = tuple(OpenAction(f"A{n}", "Do", "", None) for n in range(25))
    (long,) = fill(parsed, plan(open_actions=many))
    assert long.description.endswith("|  | and 5 more |  |  |")
    assert fill(parsed, plan(open_actions=())) == []


def test_a_table_of_something_else_is_refused():
    with pytest.raises(DomainError, match="none of open_actions"):
        parse_template(TABLE.replace('tables = ["open_actions"]', 'tables = ["risks"]'), "board")


LISTED = """# Our board
title = "Board"

[[item]]
title = "Open actions"   # the old ones
lists = ["risks", "open_actions"]  # what is left
tables = []
[[item]]
title = "Any other business"
"""


def test_open_actions_are_switched_between_list_and_table_and_the_rest_stays():
    assert stands_as_table(LISTED) is False
    tabled = with_actions(LISTED, "board", as_table=True)
    assert tabled == LISTED.replace(
        'lists = ["risks", "open_actions"]', 'lists = ["risks"]'
    ).replace("tables = []", 'tables = ["open_actions"]')
    assert stands_as_table(tabled) is True
    back = with_actions(tabled, "board", as_table=False)
    assert parse_template(back, "board") == parse_template(LISTED, "board")
    assert "# what is left" in back
    for text, same in ((tabled, True), (LISTED, False)):
        assert with_actions(text, "board", as_table=same) == text
    plain = LISTED.replace('"risks", ', "").replace("tables = []\n", "")
    assert 'tables = ["open_actions"]  # what is left' in with_actions(plain, "b", as_table=True)


def test_open_actions_written_over_several_lines_are_switched_too():
    spread = LISTED.replace('["risks", "open_actions"]', '[\n "risks",\n "open_actions",\n]')
    (item, _) = parse_template(with_actions(spread, "board", as_table=True), "board").items
    assert (item.lists, item.tables) == (("risks",), ("open_actions",))


INDENTED = """# Ours
title = "Board"
[[item]]
  title = 'Open actions'
  lists = ['open_actions', 'risks']  # both
[[item]]
  title = "Again"  # for "open_actions"
  lists = [ # [all]
    "risks",  # what may be
    # "open_actions" stand last
    'open_actions',
  ]
  tables = []  # none
[[item]]
title = "Last"
\ttables = []
\tlists = [
\t\t"open_actions"  # alone
\t]
"""


def test_comments_stay_wherever_open_actions_are_written():
    tabled = with_actions(INDENTED, "board", as_table=True)
    assert tabled == (
        INDENTED.replace(
            "['open_actions', 'risks']  # both\n",
            "['risks']  # both\n  tables = ['open_actions']\n",
        )
        .replace("    'open_actions',\n", "")
        .replace("tables = []  # none", "tables = ['open_actions']  # none")
        .replace("\ttables = []", '\ttables = ["open_actions"]')
        .replace('"open_actions"  # alone', "# alone")
    )
    back = with_actions(tabled, "board", as_table=False)
    assert [item.tables for item in parse_template(back, "board").items] == [()] * 3
    assert back.count("#") == INDENTED.count("#")
    windows = with_actions(INDENTED.replace("\n", "\r\n"), "board", as_table=True)
    assert windows.count("#") == INDENTED.count("#")


def test_a_template_without_open_actions_has_nothing_to_switch():
    none = LISTED.replace(', "open_actions"', "")
    assert stands_as_table(none) is None
    assert stands_as_table("title = ") is None
    with pytest.raises(DomainError, match="lists no open actions"):
        with_actions(none, "board", as_table=True)


@pytest.mark.parametrize("name", ["general_assembly", "executive_board", "work_package_call"])
def test_our_templates_show_open_actions_as_a_table(name):
    tabled = [item for item in template(name).items if "open_actions" in item.tables]
    assert len(tabled) == 1
    assert "open_actions" not in tabled[0].lists
