"""Whole work plans through every format, real files, and bytes at random."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.domain.workplan import DependencyType
from projectdesk.errors import BadRow, DomainError, ImportError_, UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plan_formats import (
    PlanFormat,
    format_by_name,
    read_plan_file,
    recognised,
    write_plan_file,
)
from projectdesk.exchange.plans import (
    DeliverableLine,
    DependencyLine,
    EffortLine,
    MilestoneLine,
    Plan,
    PlanEnd,
    PlanTable,
    RiskLine,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.exchange.plans.xml import local
from tests.unit.exchange.plan_strategies import plans

DATA = Path(__file__).parents[4] / "shared" / "data"
BARS = (PlanFormat.MSPDI, PlanFormat.GAN)
NAMES = {PlanFormat.MSPDI: "p.xml", PlanFormat.GAN: "p.gan", PlanFormat.XLSX: "p.xlsx"}


def without_rows(lines: Iterable[Any]) -> list[Any]:
    return sorted((replace(line, row=0) for line in lines), key=repr)


def as_bars_hold_it(plan: Plan) -> Plan:
    """Return what is left of a plan where bars are all there is; the findings name the rest."""
    return replace(
        plan,
        work_packages=tuple(replace(each, objectives="") for each in plan.work_packages),
        deliverables=tuple(
            replace(each, type=None, level=None, status=None, submitted_on=None)
            for each in plan.deliverables
        ),
        milestones=tuple(
            replace(
                each,
                achieved_on=None,
                work_packages=each.work_packages if len(each.work_packages) == 1 else (),
            )
            for each in plan.milestones
        ),
        risks=(),
    )


def written_and_read(plan: Plan, folder: Path, form: PlanFormat) -> tuple[Plan, Findings, Findings]:
    out = folder / NAMES[form]
    lost, odd = Findings(), Findings()
    write_plan_file(plan, out, lost, form)
    return read_plan_file(out, odd, start=plan.start), lost, odd


@pytest.mark.full
@settings(max_examples=20)
@given(plan=plans(), form=st.sampled_from(BARS))
def test_bars_come_back_but_for_what_was_said(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan, form: PlanFormat
):
    check_bars(tmp_path_factory, plan, form)


@pytest.mark.full
@pytest.mark.timeout(600)
@settings(max_examples=100)
@given(plan=plans(), form=st.sampled_from(BARS))
def test_bars_come_back_at_length(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan, form: PlanFormat
):
    check_bars(tmp_path_factory, plan, form)


def check_bars(tmp_path_factory: pytest.TempPathFactory, plan: Plan, form: PlanFormat) -> None:
    found, lost, odd = written_and_read(plan, tmp_path_factory.mktemp("plan"), form)
    expected = as_bars_hold_it(plan)
    for table in PlanTable:
        assert without_rows(found.table(table)) == without_rows(expected.table(table))
        if without_rows(expected.table(table)) != without_rows(plan.table(table)):
            assert lost.all()
    assert {each.code for each in odd.all()} <= {"hours_per_month", "days_per_month"}
    assert found.title == plan.title


@settings(max_examples=4)
@given(plan=plans())
def test_a_workbook_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, plan: Plan):
    check_workbook(tmp_path_factory, plan)


@pytest.mark.full
@pytest.mark.timeout(600)
@settings(max_examples=25)
@given(plan=plans())
def test_a_workbook_comes_back_at_length(tmp_path_factory: pytest.TempPathFactory, plan: Plan):
    check_workbook(tmp_path_factory, plan)


def check_workbook(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> None:
    found, lost, odd = written_and_read(plan, tmp_path_factory.mktemp("plan"), PlanFormat.XLSX)
    for table in PlanTable:
        assert without_rows(found.table(table)) == without_rows(plan.table(table))
    assert not lost.all()
    assert not odd.all()


@settings(max_examples=6)
@given(plan=plans())
def test_a_folder_of_csv_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, plan: Plan):
    out = tmp_path_factory.mktemp("plan") / "tables"
    write_plan_file(plan, out, Findings(), PlanFormat.CSV)
    for table in PlanTable:
        path = out / f"{table.value}.csv"
        assert path.exists() == bool(plan.table(table))
        if path.exists():
            assert recognised(path) is PlanFormat.CSV
            found = read_plan_file(path, Findings())
            assert without_rows(found.table(table)) == without_rows(plan.table(table))


# --- real files -----------------------------------------------------------------------------------


def real_files() -> list[Path]:
    folders = [DATA / "workplan", DATA / "badinput" / "xml"]
    folders += DATA.glob("badinput/csv*")
    return sorted(each for folder in folders for each in folder.rglob("*") if each.is_file())


@pytest.mark.usefixtures("shared_data")
def test_every_real_file_is_read_or_refused_by_name():
    read, refused = {}, {}
    for path in real_files():
        try:
            read[path.name] = len(read_plan_file(path, Findings()).lines())
        except ImportError_ as error:
            refused[path.name] = error.text
    assert all(name in text for name, text in refused.items())
    assert {"percent-complete-8.4.xer", "planner-sample.planner", "sample.mpx"} <= refused.keys()
    assert read == {
        "HouseBuildingSample.gan": 46,
        "dymaxionkim_gantt.gan": 48,
        "mspdiassignmentfields.xml": 3,
        "mspdiduration.xml": 10,
        "mspdirelations.xml": 9,
        "sample.xml": 27,
        "sample1.xml": 30,
        "task-durations-project2019-mspdi.xml": 110,
        "task-links-project2019-mspdi.xml": 24,
    }


@pytest.mark.usefixtures("shared_data")
def test_links_of_a_real_file_have_their_types():
    plan = read_plan_file(DATA / "workplan" / "mspdi" / "mspdirelations.xml", Findings())
    found = [(each.before.label, each.after.label, each.type) for each in plan.dependencies]
    assert found == [
        ("WP1", "WP2", DependencyType.FINISH_START),
        ("WP2", "WP3", DependencyType.START_START),
        ("WP3", "WP4", DependencyType.FINISH_FINISH),
        ("WP4", "WP5", DependencyType.START_FINISH),
    ]


@pytest.mark.usefixtures("shared_data")
def test_what_is_written_has_the_order_of_what_project_writes(tmp_path: Path):
    """Project insists on the schema's order; two elements never come the other way round."""
    real: dict[str, set[tuple[str, str]]] = {}
    for path in (DATA / "workplan" / "mspdi").glob("*.xml"):
        for parent, pairs in pairs_of(path).items():
            real.setdefault(parent, set()).update(pairs)
    out = tmp_path / "plan.xml"
    write_plan_file(PLAN, out, Findings(), PlanFormat.MSPDI)
    ours = pairs_of(out)
    assert {"Project", "Task", "Assignment", "Resource", "PredecessorLink"} <= ours.keys()
    for parent, pairs in ours.items():
        turned = {(after, before) for before, after in pairs if before != after}
        assert not turned & real.get(parent, set()), parent


def pairs_of(path: Path) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for element in fromstring(path.read_bytes()).iter():
        names = [local(each) for each in element]
        if len(set(names)) > 1:
            first = list(dict.fromkeys(names))
            pairs = {(a, b) for i, a in enumerate(first) for b in first[i + 1 :]}
            found.setdefault(local(element), set()).update(pairs)
    return found


# --- one format at a time -------------------------------------------------------------------------

PLAN = Plan(
    title="SALTMARK",
    start=date(2026, 3, 1),
    work_packages=(
        WorkPackageLine(number=1, title="Manage", lead="UDR", start_month=1, end_month=36),
        WorkPackageLine(number=2, title="Build", lead="KTH", start_month=3, end_month=30),
    ),
    tasks=(
        TaskLine(work_package=1, number=1, title="Meet", start_month=1, end_month=36),
        TaskLine(work_package=2, number=1, title="Draw", start_month=3, end_month=8),
        TaskLine(work_package=2, number=2, title="Make", start_month=9, end_month=30),
    ),
    deliverables=(DeliverableLine(work_package=2, number=1, title="House", due_month=30),),
    milestones=(MilestoneLine(number=1, title="Go", work_packages=(2,), due_month=8),),
    risks=(RiskLine(number=1, title="Rain"),),
    effort=(EffortLine(partner="KTH", work_package=2, months=Decimal("12.5")),),
    dependencies=(DependencyLine(before=PlanEnd(2, 1), after=PlanEnd(2, 2), lag_months=1),),
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("namespace", [True, False])
def test_project_xml_in_any_encoding_with_or_without_namespace(
    tmp_path: Path, encoding: str, namespace: bool
):
    out = tmp_path / "plan.xml"
    write_plan_file(PLAN, out, Findings(), PlanFormat.MSPDI)
    text = out.read_text("utf-8").replace("encoding='UTF-8'", f"encoding='{encoding[:6]}'")
    text = text.replace("utf-8-", "utf-8")
    if not namespace:
        text = text.replace(' xmlns="http://schemas.microsoft.com/project"', "")
    out.write_text(text, encoding)
    assert recognised(out) is PlanFormat.MSPDI
    found = read_plan_file(out, Findings(), start=PLAN.start)
    assert without_rows(found.tasks) == without_rows(PLAN.tasks)


def mspdi(tasks: str, more: str = "") -> str:
    return (
        "<Project><StartDate>2026-03-01T08:00:00</StartDate><MinutesPerDay>450</MinutesPerDay>"
        f"<DaysPerMonth>18</DaysPerMonth><Tasks>{tasks}</Tasks>{more}</Project>"
    )


def task(uid: int, level: int, name: str, first: str, last: str, more: str = "") -> str:
    return (
        f"<Task><UID>{uid}</UID><Name>{name}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<Start>{first}T08:00:00</Start><Finish>{last}</Finish>{more}</Task>"
    )


def read_text(tmp_path: Path, name: str, text: str, **how: Any) -> tuple[Plan, Findings]:
    path, findings = tmp_path / name, Findings()
    path.write_text(text, encoding="utf-8")
    return read_plan_file(path, findings, **how), findings


def test_one_bar_over_all_is_the_project_and_milestones_hand_links_on(tmp_path: Path):
    link = (
        "<PredecessorLink><PredecessorUID>{}</PredecessorUID><Type>1</Type>"
        "<LinkLag>{}</LinkLag><LagFormat>11</LagFormat></PredecessorLink>"
    )
    point = "<Milestone>1</Milestone>"
    handed = point + link.format(3, 0)
    tasks = (
        task(1, 1, "SALTMARK", "2026-03-01", "2026-12-31T17:00:00")
        + task(2, 2, "WP2: Pilots", "2026-03-01", "2026-08-01T08:00:00")
        + task(3, 3, "T2.4 Run", "2026-03-01", "2026-04-30T17:00:00")
        + task(4, 3, "D2.1 - Report", "2026-04-30", "2026-04-30T17:00:00", handed)
        + task(5, 3, "Write", "2026-06-01", "2026-07-31T17:00:00", link.format(4, 81000))
        + task(6, 4, "Proof-read", "2026-07-01", "2026-07-31T17:00:00")
        + task(7, 2, "Milestones", "2026-05-31", "2026-05-31T17:00:00")
        + task(8, 3, "MS7 Half way", "2026-05-31", "2026-05-31T17:00:00", point)
    )
    assignment = (
        "<Assignment><TaskUID>{}</TaskUID><ResourceUID>{}</ResourceUID><Work>{}</Work></Assignment>"
    )
    more = (
        "<Resources><Resource><UID>1</UID><Name>KTH</Name><Type>1</Type></Resource>"
        "<Resource><UID>2</UID><Name>Steel</Name><Type>0</Type></Resource></Resources>"
        f"<Assignments>{assignment.format(3, 1, 'PT135H0M0S')}"
        f"{assignment.format(6, 1, 'PT67H30M0S')}{assignment.format(3, 2, 'PT9H0M0S')}"
        f"{assignment.format(99, 1, 'PT9H0M0S')}</Assignments>"
    )
    plan, findings = read_text(tmp_path, "p.xml", mspdi(tasks, more))
    assert plan.title == "SALTMARK"
    (package,) = plan.work_packages
    assert (package.number, package.title, package.end_month) == (2, "Pilots", 5)
    assert [(t.number, t.title, t.numbered) for t in plan.tasks] == [
        (4, "Run", True),
        (1, "Write", False),
    ]
    assert "Proof-read (M5–M5)" in plan.tasks[1].description
    assert [(d.number, d.title, d.due_month) for d in plan.deliverables] == [(1, "Report", 2)]
    assert [(m.number, m.title, m.work_packages) for m in plan.milestones] == [(7, "Half way", ())]
    (tied,) = plan.dependencies
    assert (tied.before.label, tied.after.label, tied.lag_months) == ("T2.4", "T2.1", 1)
    assert [(e.partner, e.months) for e in plan.effort] == [("KTH", Decimal("1.50"))]
    codes = {each.code for each in findings.all()}
    assert codes == {
        "heading_left_out",
        "part_of_task",
        "no_person",
        "hours_per_month",
        "work_of_nobody",
        "work_left_out",
    }
    assert "135 hours" in next(f.text for f in findings.all() if f.code == "hours_per_month")


def test_labels_twice_and_bars_without_dates_are_said(tmp_path: Path):
    tasks = (
        task(1, 1, "WP1 One", "2026-03-01", "2026-05-31T17:00:00")
        + task(2, 1, "WP1 Again", "2026-03-01", "2026-02-01T17:00:00")
        + "<Task><UID>3</UID><Name>Later</Name><OutlineLevel>1</OutlineLevel></Task>"
    )
    with pytest.raises(BadRow, match="before the first day of month 1") as caught:
        read_text(tmp_path, "p.xml", mspdi(tasks))
    assert caught.value.code == "before_start"
    tasks = tasks.replace("2026-02-01", "2026-03-01T00:00:00.0").replace(".0T17:00:00", "")
    plan, findings = read_text(tmp_path, "p.xml", mspdi(tasks))
    assert [(p.number, p.title, p.numbered) for p in plan.work_packages] == [
        (1, "One", True),
        (2, "Again", False),
        (3, "Later", False),
    ]
    assert [each.code for each in findings.all()] == ["label_twice", "no_dates", "no_dates"]


def test_months_are_counted_from_the_start_that_is_given(tmp_path: Path):
    text = mspdi(task(1, 1, "WP1", "2026-05-04", "2026-06-30T17:00:00"))
    own, _ = read_text(tmp_path, "p.xml", text)
    given_start, _ = read_text(tmp_path, "p.xml", text, start=date(2026, 1, 1))
    ignored, _ = read_text(tmp_path, "p.xml", text, start=date(2030, 1, 1), own_start=True)
    months = [p.work_packages[0].start_month for p in (own, given_start, ignored)]
    assert months == [3, 5, 3]
    assert own.start == date(2026, 3, 1)


def test_ganttproject_reckons_with_weekends_and_holidays(tmp_path: Path):
    text = (
        '<project name="P"><calendars><day-types><default-week sun="1" mon="0" tue="0" wed="0"'
        ' thu="0" fri="0" sat="1"/></day-types><date year="" month="4" date="1" type="HOLIDAY"/>'
        '</calendars><tasks><task id="0" name="WP1 Build" start="2026-03-30" duration="2">'
        '<task id="1" name="D1.1 House" meeting="true" start="2026-04-02" duration="0"/>'
        '<task id="2" name="Roof" start="2026-03-30" duration="3">'
        '<depend id="3" type="2" difference="20"/></task>'
        '<task id="3" name="Paint" start="2026-06-01" duration="20"/></task></tasks>'
        '<resources><resource id="7" name="KTH"/></resources><allocations>'
        '<allocation task-id="3" resource-id="7" responsible="true" load="50.0"/>'
        '<allocation task-id="9" resource-id="7" load="50.0"/></allocations></project>'
    )
    plan, findings = read_text(tmp_path, "p.gan", text, start=date(2026, 3, 1))
    assert (plan.work_packages[0].start_month, plan.work_packages[0].end_month) == (1, 1)
    assert [(t.title, t.start_month, t.end_month, t.lead) for t in plan.tasks] == [
        ("Roof", 1, 2, ""),
        ("Paint", 4, 4, "KTH"),
    ]
    assert plan.deliverables[0].due_month == 2
    assert [(d.before.label, d.after.label, d.lag_months) for d in plan.dependencies] == [
        ("T1.1", "T1.2", 1)
    ]
    assert plan.effort[0].months == Decimal("0.50")
    codes = [each.code for each in findings.all()]
    assert codes == ["allocation_left_out", "days_per_month"]


def test_days_outside_the_calendar_are_refused_or_change_nothing(tmp_path: Path):
    text = (
        '<project><calendars><date year="99999999999" month="4" date="1"/></calendars><tasks>'
        '<task id="0" name="Build" start="{}" duration="2"/></tasks></project>'
    )
    plan, _ = read_text(tmp_path, "p.gan", text.format("2026-03-30"))
    assert plan.work_packages
    for day, code in (("0001-01-01", "before_start"), ("9999-12-31", "after_last_month")):
        with pytest.raises(BadRow, match=r"p\.gan: Build is on") as caught:
            read_text(tmp_path, "p.gan", text.format(day), start=date(2026, 3, 31))
        assert caught.value.code == code


def test_what_ganttproject_will_change_is_said(tmp_path: Path):
    findings = Findings()
    write_plan_file(PLAN, tmp_path / "p.gan", findings, PlanFormat.GAN)
    assert {each.code for each in findings.all()} == {"no_deliverable_fields", "no_risks"}
    shorter = replace(PLAN, work_packages=(replace(PLAN.work_packages[1], end_month=36),))
    write_plan_file(shorter, tmp_path / "p.gan", findings, PlanFormat.GAN)
    assert findings.count("bar_of_parts") == 1


def test_bars_need_a_start_date(tmp_path: Path):
    with pytest.raises(DomainError, match="no start date"):
        write_plan_file(replace(PLAN, start=None), tmp_path / "p.xml", Findings(), PlanFormat.MSPDI)
    assert not (tmp_path / "p.xml").exists()


def test_names_of_files_say_their_format():
    assert format_by_name(Path("a.XML")) is PlanFormat.MSPDI
    with pytest.raises(DomainError, match=r"\.gan"):
        format_by_name(Path("a.docx"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MPX,Microsoft Project", "MPX"),
        (b"ERMHDR\t8.4", "Primavera"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"\.mpp"),
        (b'<project mrproject-version="2"><tasks/></project>', "Planner"),
        (b"<APIBusinessObjects/>", "PMXML"),
        (b"<html/>", "web page"),
    ],
)
def test_other_programs_are_named(tmp_path: Path, content: bytes, words: str):
    path = tmp_path / "plan"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=words):
        recognised(path)


def test_parts_of_parts_of_parts_are_refused(tmp_path: Path):
    deep = "".join(task(n, n, "x", "2026-03-01", "2026-03-02T17:00:00") for n in range(1, 99))
    nest = '<task id="1" name="x" start="2026-03-01" duration="1">'
    gan = f"<project><tasks>{nest * 90}{'</task>' * 90}</tasks></project>"
    for name, text in (("p.xml", mspdi(deep)), ("p.gan", gan)):
        with pytest.raises(UnreadableFile, match="60 deep"):
            read_text(tmp_path, name, text)


# --- bytes at random ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[PlanFormat, bytes]:
    folder = tmp_path_factory.mktemp("samples")
    found = {}
    for form, name in NAMES.items():
        write_plan_file(PLAN, folder / name, Findings(), form)
        found[form] = (folder / name).read_bytes()
    write_plan_file(PLAN, folder / "csv", Findings(), PlanFormat.CSV)
    found[PlanFormat.CSV] = (folder / "csv" / "tasks.csv").read_bytes()
    return found


_PLACES = st.integers(0, 1 << 20)


@settings(max_examples=40)
@given(
    form=st.sampled_from(PlanFormat),
    end=st.none() | _PLACES,
    edits=st.lists(st.tuples(_PLACES, st.integers(0, 8), st.binary(max_size=6)), max_size=4),
)
def test_no_bytes_crash_a_reader(
    tmp_path_factory: pytest.TempPathFactory,
    samples: dict[PlanFormat, bytes],
    form: PlanFormat,
    end: int | None,
    edits: list[tuple[int, int, bytes]],
):
    content = bytearray(samples[form])
    if end is not None:
        del content[end % len(content) :]
    for place, width, new in edits:
        at = place % (len(content) + 1)
        content[at : at + width] = new
    path = tmp_path_factory.mktemp("bytes") / "plan"
    path.write_bytes(bytes(content))
    with suppress(ImportError_, DomainError):
        assert read_plan_file(path, Findings(), start=PLAN.start).lines()
