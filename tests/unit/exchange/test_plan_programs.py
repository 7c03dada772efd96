"""Work plans as other programs write them: what they leave out, spell differently or add."""

from __future__ import annotations

import time
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from defusedxml import ElementTree

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.ganttproject import read_ganttproject
from projectdesk.exchange.mspdi import read_mspdi
from projectdesk.exchange.plan_formats import read_plan_file
from projectdesk.exchange.plans import Plan
from projectdesk.exchange.plans.entries import last_of_working_days
from projectdesk.exchange.recognition import what_it_is


def read(tmp_path: Path, name: str, content: str | bytes) -> tuple[Plan, list[str]]:
    """Return the plan of a file and the codes of what was said of it."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    findings = Findings()
    return read_plan_file(path, findings), [each.code for each in findings.all()]


def mspdi(*tasks: str, more: str = "") -> str:
    rows = "".join(f"<Task>{each}</Task>" for each in tasks)
    return (
        f"<Project><StartDate>2026-01-01T08:00:00</StartDate><Tasks>{rows}</Tasks>{more}</Project>"
    )


def row(number: int, level: int, name: str, more: str = "", *, months: tuple[int, int] = (1, 1)):
    first, last = months
    return (
        f"<UID>{number}</UID><ID>{number}</ID><Name>{name}</Name><OutlineLevel>{level}"
        f"</OutlineLevel><Start>2026-{first:02}-05T08:00:00</Start>"
        f"<Finish>2026-{last:02}-20T17:00:00</Finish>{more}"
    )


def test_flags_may_be_words(tmp_path: Path):
    tasks = (
        row(1, 1, "WP1 Work", months=(1, 6)),
        row(2, 2, "Reached", "<Milestone>true</Milestone>"),
        row(3, 2, "Blank", "<IsNull>true</IsNull>"),
        row(4, 2, "Dropped", "<Active>false</Active>"),
        row(5, 2, "Done", "<Active>true</Active><Milestone>false</Milestone>"),
    )
    plan, said = read(tmp_path, "p.xml", mspdi(*tasks))
    assert [each.title for each in plan.tasks] == ["Done"]
    assert [each.title for each in plan.milestones] == ["Reached"]
    assert said == ["inactive"]


def test_a_missing_finish_follows_from_the_duration(tmp_path: Path):
    head = "<OutlineLevel>1</OutlineLevel><Start>2026-01-05T08:00:00</Start>"
    tasks = (
        f"<UID>1</UID><Name>Long</Name>{head}<Duration>PT320H0M0S</Duration>",
        f"<UID>2</UID><Name>Short</Name>{head}<Duration>P1D</Duration>",
        f"<UID>3</UID><Name>Moment</Name>{head}<Duration>PT0H0M0S</Duration>",
        f"<UID>4</UID><Name>Unknown</Name>{head}",
    )
    plan, _ = read(tmp_path, "p.xml", mspdi(*tasks))
    assert [(each.title, each.start_month, each.end_month) for each in plan.work_packages] == [
        ("Long", 1, 2),  # 40 working days from 5 January
        ("Short", 1, 1),
        ("Unknown", 1, 1),
    ]
    assert [each.title for each in plan.milestones] == ["Moment"]


@pytest.mark.parametrize(
    ("duration", "per_day", "last"),
    [
        ("PT12H0M0S", "480", date(2026, 3, 3)),
        ("PT16H0M0S", "480", date(2026, 3, 3)),
        ("PT16H0M1S", "480", date(2026, 3, 4)),
        ("PT12H0M0S", "720", date(2026, 3, 2)),
        ("P5D", "480", date(2026, 3, 6)),
        ("P5DT4H", "480", date(2026, 3, 9)),
        ("PT16H0M0S", "1E-18", date(2026, 3, 3)),
        ("PT16H0M0S", "-480", date(2026, 3, 3)),
        ("PT16H0M0S", "1441", date(2026, 3, 3)),
        ("PT999999999H", "1E-18", date(2102, 10, 27)),
    ],
)
def test_a_day_begun_is_a_day_worked_on(duration: str, per_day: str, last: date):
    root = ElementTree.fromstring(
        f"<Project><MinutesPerDay>{per_day}</MinutesPerDay><Tasks><Task><UID>1</UID><Name>A</Name>"
        f"<Start>2026-03-02T08:00:00</Start><Duration>{duration}</Duration></Task></Tasks></Project>"
    )
    (entry,) = read_mspdi(root, "p.xml", Findings()).entries
    assert entry.last == last


def test_a_month_of_no_days_is_not_reckoned_with(tmp_path: Path):
    more = (
        "<DaysPerMonth>1E-18</DaysPerMonth>"
        "<Resources><Resource><UID>1</UID><Name>Alpha</Name></Resource></Resources><Assignments>"
        "<Assignment><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID><Work>PT320H0M0S</Work>"
        "</Assignment></Assignments>"
    )
    plan, _ = read(tmp_path, "p.xml", mspdi(row(1, 1, "WP1"), more=more))
    assert [each.months for each in plan.effort] == [Decimal(2)]


def test_a_finish_without_a_time_is_a_day_worked_on(tmp_path: Path):
    task = "<UID>1</UID><Name>A</Name><Start>2026-01-05</Start><Finish>2026-02-01</Finish>"
    plan, _ = read(tmp_path, "p.xml", mspdi(task))
    assert plan.work_packages[0].end_month == 2


@pytest.mark.parametrize(
    "tasks",
    [
        (row(2, 2, "T1.1 Part"), row(1, 1, "WP1 Whole")),
        tuple(
            f"<UID>{uid}</UID><Name>{name}</Name><OutlineNumber>{number}</OutlineNumber>"
            for uid, name, number in (("8", "WP1 Whole", "1"), ("9", "T1.1 Part", "1.1"))
        ),
        (row(7, 0, "The project"), row(8, 1, "WP1 Whole"), row(9, 2, "T1.1 Part")),
    ],
    ids=["out of order", "outline numbers alone", "project line with a UID"],
)
def test_the_hierarchy_is_found(tmp_path: Path, tasks: tuple[str, ...]):
    plan, _ = read(tmp_path, "p.xml", mspdi(*tasks))
    assert [each.title for each in plan.work_packages] == ["Whole"]
    assert [(each.work_package, each.title) for each in plan.tasks] == [(1, "Part")]


def test_levels_that_begin_at_nought_are_kept(tmp_path: Path):
    tasks = (row(1, 0, "WP1 A"), row(2, 1, "T1.1 B"), row(3, 0, "WP2 C"))
    plan, _ = read(tmp_path, "p.xml", mspdi(*tasks))
    assert [each.number for each in plan.work_packages] == [1, 2]
    assert [each.title for each in plan.tasks] == ["B"]


def test_a_task_at_level_nought_is_kept_unless_it_is_the_project(tmp_path: Path):
    alone, _ = read(tmp_path, "p.xml", mspdi(row(1, 0, "WP1 A")))
    assert [each.title for each in alone.work_packages] == ["A"]
    tasks = (row(1, 0, "WP1 A"), row(2, 1, "T1.1 B"), row(3, 1, "T1.2 C"))
    plan, _ = read(tmp_path, "p.xml", mspdi(*tasks))
    assert [each.title for each in plan.work_packages] == ["A"]
    assert [each.title for each in plan.tasks] == ["B", "C"]


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (row(0, 0, "Anything"), ""),
        (row(7, 0, "Anything").replace("<ID>7", "<ID>0"), ""),
        (row(1, 0, "Own title"), "<Title>Own title</Title>"),
    ],
    ids=["UID", "ID", "title"],
)
def test_a_line_of_the_project_is_no_task_and_counts_as_a_row(
    tmp_path: Path, first: str, more: str
):
    tasks = (first, row(8, 1, "First"), row(9, 1, "Dropped", "<Active>0</Active>"))
    path = tmp_path / "p.xml"
    path.write_text(mspdi(*tasks, more=more))
    findings = Findings()
    plan = read_plan_file(path, findings)
    assert [each.title for each in plan.work_packages] == ["First"]
    assert [(each.code, each.row) for each in findings.all()] == [("inactive", 3)]


def test_a_lag_in_per_cent_is_of_what_is_waited_for(tmp_path: Path):
    link = (
        "<PredecessorLink><PredecessorUID>{}</PredecessorUID><Type>1</Type>"
        "<LinkLag>{}</LinkLag><LagFormat>{}</LagFormat></PredecessorLink>"
    )
    tasks = (
        row(1, 1, "WP1", "<Duration>PT640H0M0S</Duration>"),  # four months of 160 hours
        row(2, 1, "WP2", link.format(1, 50, 19)),
        row(3, 1, "WP3", link.format(1, -25, 20)),
        row(4, 1, "WP4", link.format(3, 50, 51)),
    )
    plan, said = read(tmp_path, "p.xml", mspdi(*tasks))
    assert [(each.after.work_package, each.lag_months) for each in plan.dependencies] == [
        (2, 2),
        (3, -1),
        (4, 0),
    ]
    assert said == ["lag_percent"]  # of WP4: WP3 has no duration


def test_what_lies_in_other_files_is_said(tmp_path: Path):
    away = (
        "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type><CrossProject>1"
        "</CrossProject><CrossProjectName>other.mpp\\4</CrossProjectName></PredecessorLink>"
    )
    tasks = (
        row(1, 1, "WP1"),
        row(2, 1, "WP2", away),
        row(3, 1, "Ghost", "<ExternalTask>1</ExternalTask>"),
        row(4, 1, "WP3", "<IsSubproject>1</IsSubproject>"),
    )
    plan, said = read(tmp_path, "p.xml", mspdi(*tasks))
    assert [each.number for each in plan.work_packages] == [1, 2, 3]
    assert not plan.dependencies
    assert sorted(said) == ["external_task", "link_elsewhere", "subproject"]


def test_who_says_no_work_says_the_part_of_the_time(tmp_path: Path):
    more = (
        "<Resources><Resource><UID>1</UID><Name>Alpha</Name></Resource></Resources><Assignments>"
        "<Assignment><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID><Units>0.5</Units>"
        "</Assignment></Assignments>"
    )
    task = row(1, 1, "WP1", "<Duration>PT640H0M0S</Duration>")
    plan, _ = read(tmp_path, "p.xml", mspdi(task, more=more))
    assert [(each.partner, each.months) for each in plan.effort] == [("Alpha", Decimal(2))]


def test_bars_before_the_start_of_the_file_move_it(tmp_path: Path):
    task = row(1, 1, "WP1").replace("2026-01-05", "2025-12-15")
    plan, _ = read(tmp_path, "p.xml", mspdi(task))
    assert plan.start == date(2025, 12, 15)
    assert (plan.work_packages[0].start_month, plan.work_packages[0].end_month) == (1, 2)


@pytest.mark.parametrize(
    ("first", "days", "last"),
    [
        (date(2026, 1, 5), 1, date(2026, 1, 5)),
        (date(2026, 1, 5), 5, date(2026, 1, 9)),
        (date(2026, 1, 5), 6, date(2026, 1, 12)),
        (date(2026, 1, 3), 2, date(2026, 1, 6)),
        (date(2026, 1, 7), 10, date(2026, 1, 20)),
        (date(9999, 1, 1), 20_000, date.max),
    ],
)
def test_working_days_are_counted_on(first: date, days: int, last: date):
    assert last_of_working_days(first, days) == last


# --- GanttProject ---------------------------------------------------------------------------------


def gan(calendar: str, start: str = "2026-01-05") -> str:
    task = f'<task id="1" name="WP1" start="{start}" duration="24"/>'
    return f'<project name="P">{calendar}<tasks>{task}</tasks></project>'


WEEK = '<default-week sun="1" mon="0" tue="0" wed="0" thu="0" fri="0" sat="1"/>'


@pytest.mark.parametrize(
    "calendar",
    [
        f"<calendars><day-types>{WEEK}</day-types></calendars>",
        f'<calendars><day-types><day-type id="0"/><calendar id="1" name="default">'
        f"{WEEK}</calendar></day-types></calendars>",
        "",
    ],
    ids=["since 2.5", "2.0", "not said"],
)
def test_weekends_of_every_version(tmp_path: Path, calendar: str):
    """24 working days from 6 January end on 6 February, in month 2; all days on 29 January."""
    plan, _ = read(tmp_path, "p.gan", gan(calendar, "2026-01-06"))
    assert plan.work_packages[0].end_month == 2


def test_who_works_at_weekends_has_none(tmp_path: Path):
    week = '<default-week sun="0" mon="0" tue="0" wed="0" thu="0" fri="0" sat="0"/>'
    calendar = f"<calendars><day-types>{week}</day-types></calendars>"
    plan, _ = read(tmp_path, "p.gan", gan(calendar, "2026-01-06"))
    assert plan.work_packages[0].end_month == 1


def test_dates_of_old_files_have_the_day_first(tmp_path: Path):
    plan, said = read(tmp_path, "p.gan", gan("", "25/4/2026"))
    assert plan.start == date(2026, 4, 25)
    assert not said


# --- XML as it comes ------------------------------------------------------------------------------

HEAD = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("utf-16", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("windows-1252", "cp1252"),
        ("EUC-JP", "euc-jp"),
        ("Shift_JIS", "shift_jis"),
        ("GB2312", "gb2312"),
    ],
)
def test_an_encoding_that_the_parser_does_not_know(tmp_path: Path, declared: str, written: str):
    name = "Gr\u00fcn" if declared == "windows-1252" else "\u65e5\u672c"
    content = (HEAD.format(declared) + mspdi(row(1, 1, f"WP1 {name}"))).encode(written)
    plan, said = read(tmp_path, "p.xml", content)
    assert [each.title for each in plan.work_packages] == [name]
    assert not said


def test_bytes_that_are_not_the_declared_utf8_are_told(tmp_path: Path):
    content = (HEAD.format("UTF-8") + mspdi(row(1, 1, "WP1 Gr\u00fcn"))).encode("cp1252")
    plan, said = read(tmp_path, "p.xml", content)
    assert [each.title for each in plan.work_packages] == ["Gr\u00fcn"]
    assert said == ["encoding_guessed"]


@pytest.mark.parametrize("odd", ["\x0b", "&#11;", "&#x1F;", "&#xFFFE;", "&#1114112;"])
def test_characters_that_xml_cannot_hold_are_left_out(tmp_path: Path, odd: str):
    plan, _ = read(tmp_path, "p.xml", mspdi(row(1, 1, f"WP1 A{odd}B &#65;")))
    assert [each.title for each in plan.work_packages] == ["AB A"]


def test_durations_as_java_and_xml_schema_write_them(tmp_path: Path):
    head = "<OutlineLevel>1</OutlineLevel><Start>2026-01-05T08:00:00</Start>"
    tasks = (
        f"<UID>1</UID><Name>Java</Name>{head}<Duration>P0Y0M0DT320H0M0.000S</Duration>",
        f"<UID>2</UID><Name>Months</Name>{head}<Duration>P1Y2M</Duration>",
        f"<UID>3</UID><Name>Minutes</Name>{head}<Duration>PT480M</Duration>",
        f"<UID>4</UID><Name>Moment</Name>{head}<Duration>P0Y0M0DT0H0M0.000S</Duration>",
    )
    plan, _ = read(tmp_path, "p.xml", mspdi(*tasks))
    assert [(each.title, each.end_month) for each in plan.work_packages] == [
        ("Java", 2),
        ("Months", 13),  # 14 of 20 working days each: 56 weeks
        ("Minutes", 1),
    ]
    assert [each.title for each in plan.milestones] == ["Moment"]


def test_a_file_of_projectlibre_is_read_by_the_plan_that_ends_it(tmp_path: Path):
    java = b"\xac\xed\x00\x05t\x00\x051.0.0sr\x00\x30com.projity.server.data.DocumentData"
    mark = b"@@@@@@@@@@ProjectLibreSeparator_MSXML@@@@@@@@@@"
    text = mspdi(row(1, 1, "WP1 Work", months=(1, 6)), row(2, 2, "T1.1 Start"))
    xml = b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode()
    plan, said = read(tmp_path, "p.pod", java + mark + xml)
    assert [each.title for each in plan.work_packages] == ["Work"]
    assert [each.title for each in plan.tasks] == ["Start"]
    assert said == []
    with pytest.raises(UnreadableFile, match="old ProjectLibre"):
        read(tmp_path, "p.pod", java)


def packed(tmp_path: Path, *names: str) -> Path:
    """Return an archive with the same plan under each name."""
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, mspdi(row(1, 1, "WP1 Work", months=(1, 6))))
    return path


def test_the_plan_in_an_archive_is_found_or_asked_for(tmp_path: Path):
    path = packed(tmp_path, "read.me", "__MACOSX/._p.xml", "plan/p.xml", ".DS_Store")
    assert [each.title for each in read_plan_file(path, Findings()).work_packages] == ["Work"]
    path = packed(tmp_path, "a.xml", "b.xml")
    with pytest.raises(UnreadableFile, match="Unpack it"):
        read_plan_file(path, Findings())
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("folder")
    with pytest.raises(UnreadableFile, match="without files"):
        read_plan_file(path, Findings())
    assert what_it_is(path) is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.rtf", b"{\\rtf1 WP1}", "text document"),
        ("p.xls", b"<html><table><tr><td>WP</td></tr></table></html>", "web page"),
        (
            "p.xls",
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
            "Excel 2003",
        ),
        ("p.gan", b"SQLite format 3\0", "database"),
    ],
)
def test_what_is_no_plan_is_named(tmp_path: Path, name: str, content: bytes, words: str):
    with pytest.raises(UnreadableFile, match=words) as refused:
        read(tmp_path, name, content)
    assert refused.value.code == "no_work_plan"


def test_a_word_document_is_called_one(tmp_path: Path):
    path = tmp_path / "p.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(UnreadableFile, match="a Word document"):
        read_plan_file(path, Findings())


@pytest.mark.full
def test_a_plan_of_many_bars_takes_time_by_their_number(tmp_path: Path):
    before = time.process_time()
    text = mspdi(row(1, 1, "WP1 Work"), *(row(each, 2, "Part") for each in range(2, 20_000)))
    assert len(read(tmp_path, "p.xml", text)[0].tasks) == 19_998
    assert time.process_time() - before < 15
    years = "".join(
        f'<date year="{year}" month="{month}" date="{day}" type="HOLIDAY"/>'
        for year in range(2026, 2060)
        for month in range(1, 13)
        for day in range(1, 29)
    )
    bars = "".join(
        f'<task id="{each}" name="A" start="2026-01-0{1 + each % 9}" duration="20000"/>'
        for each in range(3_000)
    )
    gan = f"<project><calendars>{years}</calendars><tasks>{bars}</tasks></project>"
    before = time.process_time()
    root = ElementTree.fromstring(gan)
    assert len(read_ganttproject(root, "p.gan", Findings()).entries) == 3_000
    assert time.process_time() - before < 15


def test_working_days_of_a_calendar_of_ganttproject():
    gan = (
        '<project><calendars><date year="2026" month="1" date="6" type="HOLIDAY"/>'
        '<date year="2026" month="1" date="10" type="WORKING_DAY"/></calendars><tasks>'
        '<task id="1" name="A" start="2026-01-03" duration="1"/>'
        '<task id="2" name="B" start="2026-01-05" duration="5"/>'
        '<task id="3" name="C" start="2025-12-29" duration="5"/></tasks></project>'
    )
    read = read_ganttproject(ElementTree.fromstring(gan), "p.gan", Findings())
    assert [str(each.last) for each in read.entries] == ["2026-01-05", "2026-01-10", "2026-01-02"]
