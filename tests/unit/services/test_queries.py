from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from projectdesk.domain.consortium import OrganisationType, PartnerRole
from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import queries
from projectdesk.services.commands import (
    create,
    delete,
    set_fields,
    set_me,
    set_setting,
    undo,
)
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import search as store_search
from tests.unit.services.conftest import START


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that are run, BEGIN left out."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Scene:
    """A small consortium with a plan and a meeting."""

    def __init__(self, workspace: Workspace) -> None:
        def add(kind: Kind, **values: object) -> UUID:
            return create(workspace, kind, values)[0]

        self.add = add
        self.workspace = workspace
        self.project = add(
            Kind.PROJECT,
            acronym="AQUA",
            title="Clean rivers",
            grant_number="101000001",
            start_date=date(2026, 1, 1),
            duration_months=36,
            objective="Rivers are clean.\nPilots in Łódź and São Paulo.",
        )
        self.rio = add(
            Kind.ORGANISATION,
            legal_name="Universidade do Rio",
            short_name="UDR",
            country="PT",
            pic="999999999",
            type=OrganisationType.HES,
        )
        self.wien = add(Kind.ORGANISATION, legal_name="Wiener Wasserwerke AG", country="AT")
        self.lead = add(Kind.PARTNER, project_id=self.project, organisation_id=self.rio)
        self.second = add(
            Kind.PARTNER, project_id=self.project, organisation_id=self.wien, short_name="WWW"
        )
        self.ana = add(Kind.PERSON, given_name="Ana", family_name="Sousa", organisation_id=self.rio)
        add(
            Kind.MEMBERSHIP,
            project_id=self.project,
            person_id=self.ana,
            partner_id=self.lead,
            function="project manager",
        )
        self.package = add(
            Kind.WORK_PACKAGE,
            project_id=self.project,
            title="Pilots",
            lead_partner_id=self.second,
            end_month=24,
        )
        self.task = add(Kind.TASK, work_package_id=self.package, title="Sites")
        self.deliverable = add(
            Kind.DELIVERABLE, work_package_id=self.package, title="Report on sites", due_month=2
        )
        self.milestone = add(
            Kind.MILESTONE, project_id=self.project, title="Go", work_package_ids=[self.package]
        )
        self.meeting = add(
            Kind.MEETING,
            project_id=self.project,
            title="Kick-off",
            local_start=datetime.fromisoformat("2026-03-10T10:00"),
            zone="Europe/Lisbon",
        )
        self.item = add(Kind.AGENDA_ITEM, meeting_id=self.meeting, title="Welcome")


@pytest.fixture
def scene(any_workspace: Workspace) -> Scene:
    return Scene(any_workspace)


def test_an_acronym_of_two_projects_is_not_guessed(scene: Scene) -> None:
    values = {"acronym": "Aqua", "grant_number": "101000002"}
    twin, _ = create(scene.workspace, Kind.PROJECT, values)
    with pytest.raises(DomainError) as refused:
        queries.project_by_acronym(scene.workspace, "AQUA")
    assert refused.value.code == "ambiguous_project"
    for known in ("101000001", "101000002", str(twin), str(scene.project)):
        assert known in refused.value.text
    assert queries.project_by_acronym(scene.workspace, "101000002").id == twin
    assert queries.project_by_acronym(scene.workspace, str(twin)).id == twin


def test_projects_tell_their_counts_and_coordinator(scene: Scene) -> None:
    [row] = queries.projects(scene.workspace)
    assert (row.partners, row.countries, row.coordinator) == (2, 2, "UDR")
    assert row == queries.project(scene.workspace, scene.project)
    assert row == queries.project_by_acronym(scene.workspace, " aqua ")
    assert row == queries.project_by_acronym(scene.workspace, "101000001")
    assert row == queries.project_by_acronym(scene.workspace, str(scene.project))
    with pytest.raises(NotFound, match="NONE"):
        queries.project_by_acronym(scene.workspace, "NONE")
    with pytest.raises(NotFound):
        queries.project(scene.workspace, new_id())


def test_partners_people_and_bodies(scene: Scene) -> None:
    first, second = queries.partners(scene.workspace, scene.project)
    assert (first.number, first.short_name, first.role) == (1, "UDR", PartnerRole.COORDINATOR)
    assert (first.people, second.people) == (1, 0)
    assert (second.number, second.short_name, second.country) == (2, "WWW", "AT")
    external = scene.add(Kind.PERSON, family_name="Officer")
    [ana] = queries.people(scene.workspace, scene.project)
    assert (ana.name, ana.partner, ana.partner_number) == ("Ana Sousa", "UDR", 1)
    assert (ana.function, ana.country, ana.organisation) == ("project manager", "PT", "UDR")
    everybody = queries.people(scene.workspace)
    assert [row.id for row in everybody] == [external, scene.ana]
    assert everybody[1].partner == ""
    body = scene.add(Kind.BODY, project_id=scene.project, name="Board", chair_id=scene.ana)
    scene.add(Kind.BODY_MEMBER, body_id=body, partner_id=scene.second, deputy_id=external)
    scene.add(Kind.BODY_MEMBER, body_id=body, partner_id=scene.lead, representative_id=scene.ana)
    [row] = queries.bodies(scene.workspace, scene.project)
    assert (row.chair, row.members, row.quorum) == ("Ana Sousa", 2, "2/3")
    assert (row.quorum_numerator, row.quorum_denominator) == (2, 3)
    assert (row.minutes_draft_days, row.minutes_accept_days) == (10, 15)
    seats = queries.body_members(scene.workspace, body)
    assert [(s.partner_number, s.partner, s.representative, s.deputy) for s in seats] == [
        (1, "UDR", "Ana Sousa", ""),
        (2, "WWW", "", "Officer"),
    ]
    assert queries.body_members(scene.workspace, new_id()) == []


def test_me_is_nobody_until_said(scene: Scene) -> None:
    assert queries.me(scene.workspace) is None
    set_me(scene.workspace, {"given_name": "Ben", "family_name": "Okri", "zone": "Africa/Lagos"})
    mine = queries.me(scene.workspace)
    assert mine is not None
    assert (mine.name, mine.is_me, mine.zone) == ("Ben Okri", True, "Africa/Lagos")


def test_the_work_plan_has_labels_leads_and_dates(scene: Scene) -> None:
    [package] = queries.work_packages(scene.workspace, scene.project)
    assert (package.label, package.lead, package.tasks, package.deliverables) == (
        "WP1",
        "WWW",
        1,
        1,
    )
    [task] = queries.tasks(scene.workspace, scene.project)
    assert (task.label, task.work_package) == ("T1.1", "WP1")
    [deliverable] = queries.deliverables(scene.workspace, scene.project)
    assert (deliverable.label, deliverable.due_on) == ("D1.1", date(2026, 2, 28))
    [milestone] = queries.milestones(scene.workspace, scene.project)
    assert (milestone.label, milestone.work_packages) == ("MS1", "WP1")
    assert milestone.due_on == date(2026, 1, 31)


def test_moving_the_start_moves_every_date(scene: Scene) -> None:
    set_fields(scene.workspace, Kind.PROJECT, scene.project, 1, {"start_date": date(2026, 4, 1)})
    [deliverable] = queries.deliverables(scene.workspace, scene.project)
    assert (deliverable.due_month, deliverable.due_on) == (2, date(2026, 5, 31))


def test_registers(scene: Scene) -> None:
    scene.add(Kind.DECISION, meeting_id=scene.meeting, agenda_item_id=scene.item, text="Go on.")
    scene.add(
        Kind.ACTION,
        meeting_id=scene.meeting,
        text="Write it.",
        owner_person_id=scene.ana,
        owner_partner_id=scene.lead,
        work_package_id=scene.package,
    )
    scene.add(Kind.ACTION, project_id=scene.project, text="Elsewhere.")
    [decision] = queries.decisions(scene.workspace, meeting_id=scene.meeting)
    assert (decision.label, decision.meeting, decision.item) == ("D1", "Kick-off", "Welcome")
    first, second = queries.actions(scene.workspace, scene.project)
    assert (first.label, first.owner, first.work_package) == ("A1", "Ana Sousa (UDR)", "WP1")
    assert (second.label, second.owner, second.meeting) == ("A2", "", "")
    assert queries.actions(scene.workspace, meeting_id=scene.meeting) == [first]
    assert queries.decisions(scene.workspace, project_id=new_id()) == []


def test_search_finds_words_without_accents_and_case(scene: Scene) -> None:
    def found(text: str) -> list[tuple[Kind, str]]:
        return [(hit.kind, hit.title) for hit in queries.search(scene.workspace, text)]

    assert found("LODZ") == [(Kind.PROJECT, "AQUA Clean rivers")]
    assert found("são paulo clean") == [(Kind.PROJECT, "AQUA Clean rivers")]
    assert (Kind.ORGANISATION, "Wiener Wasserwerke AG") in found("wasser")
    assert (Kind.PERSON, "Ana Sousa") in found("sousa")
    assert found("site") == [(Kind.TASK, "T1.1 Sites"), (Kind.DELIVERABLE, "D1.1 Report on sites")]
    assert found("go") == [(Kind.MILESTONE, "MS1 Go")] or (Kind.MILESTONE, "MS1 Go") in found("go")
    assert found('"rivers" OR') == []
    assert found("%%%") == []
    assert found("") == []


def test_search_says_where_the_word_is(scene: Scene) -> None:
    [hit] = queries.search(scene.workspace, "Łódź")
    assert hit.context == "Pilots in Łódź and São Paulo."
    assert hit.project_id == scene.project


def test_search_knows_what_records_are_called(scene: Scene) -> None:
    for text, kind, record_id in (
        ("wp1", Kind.WORK_PACKAGE, scene.package),
        ("WP 1", Kind.WORK_PACKAGE, scene.package),
        ("T1.1", Kind.TASK, scene.task),
        ("D1.1", Kind.DELIVERABLE, scene.deliverable),
        ("ms1", Kind.MILESTONE, scene.milestone),
    ):
        hit = queries.search(scene.workspace, text)[0]
        assert (hit.kind, hit.id, hit.project_id) == (kind, record_id, scene.project)


def test_search_follows_edits_and_deletions(scene: Scene) -> None:
    set_fields(scene.workspace, Kind.TASK, scene.task, 1, {"title": "Permits"})
    assert [hit.id for hit in queries.search(scene.workspace, "permits")] == [scene.task]
    delete(scene.workspace, Kind.TASK, scene.task, 2)
    assert queries.search(scene.workspace, "permits") == []


def test_notes_are_found_while_their_item_is_there(scene: Scene) -> None:
    with scene.workspace.change("Type") as unit:
        note = store_search.Words("minutes", scene.item, scene.project, "Welcome", "Tide gauges.")
        store_search.put(unit.session, [note])
    [hit] = queries.search(scene.workspace, "gauges")
    assert (hit.kind, hit.id, hit.context) == (Kind.MINUTES, scene.item, "Tide gauges.")
    delete(scene.workspace, Kind.AGENDA_ITEM, scene.item, 1)
    assert queries.search(scene.workspace, "gauges") == []
    undo(scene.workspace)
    assert [each.id for each in queries.search(scene.workspace, "gauges")] == [scene.item]


def test_organisations_by_words(scene: Scene) -> None:
    assert [row.id for row in queries.organisations(scene.workspace)] == [scene.rio, scene.wien]
    assert [row.id for row in queries.organisations(scene.workspace, "999999")] == [scene.rio]
    assert [row.projects for row in queries.organisations(scene.workspace, "wien")] == [1]
    assert queries.organisations(scene.workspace, "clean rivers") == []
    assert len(queries.organisations(scene.workspace, limit=1)) == 1


def test_dependents_in_words(scene: Scene) -> None:
    scene.add(Kind.TASK, work_package_id=scene.package, title="More")
    texts = [
        row.text for row in queries.dependents(scene.workspace, Kind.WORK_PACKAGE, scene.package)
    ]
    assert texts == ["2 tasks", "1 deliverable"]
    assert queries.dependents(scene.workspace, Kind.TASK, scene.task) == []
    with pytest.raises(NotFound):
        queries.dependents(scene.workspace, Kind.TASK, new_id())


def test_history_is_in_words(scene: Scene) -> None:
    set_me(scene.workspace, {"family_name": "Okri"})
    set_fields(
        scene.workspace,
        Kind.WORK_PACKAGE,
        scene.package,
        1,
        {"lead_partner_id": scene.lead, "end_month": 30},
    )
    rows = queries.history(scene.workspace, scene.package)
    told = {(row.field, row.before, row.after) for row in rows}
    assert told == {
        ("lead_partner_id", "WWW", "UDR"),
        ("end_month", "24", "30"),
        ("", "", "Pilots"),
    }
    assert rows[0].who == "Okri"
    assert rows[0].at == START


def test_settings(scene: Scene) -> None:
    assert queries.setting(scene.workspace, "theme", "light") == "light"
    set_setting(scene.workspace, "theme", "dark")
    set_setting(scene.workspace, "theme", "auto")
    assert queries.setting(scene.workspace, "theme") == "auto"


def test_home_shows_what_waits(scene: Scene) -> None:
    today = date(2026, 3, 10)
    [me] = set_me(scene.workspace, {"family_name": "Okri"}).ids
    scene.add(Kind.DELIVERABLE, work_package_id=scene.package, title="Far", due_month=12)
    done = scene.add(Kind.DELIVERABLE, work_package_id=scene.package, title="Done", due_month=2)
    set_fields(scene.workspace, Kind.DELIVERABLE, done, 1, {"status": DeliverableStatus.SUBMITTED})
    mine = scene.add(Kind.ACTION, project_id=scene.project, text="Mine", owner_person_id=me)
    late = scene.add(
        Kind.ACTION, project_id=scene.project, text="Late", due_on=today - timedelta(days=1)
    )
    scene.add(
        Kind.ACTION,
        project_id=scene.project,
        text="Done",
        owner_person_id=me,
        status=ActionStatus.DONE,
    )
    scene.add(
        Kind.MEETING,
        project_id=scene.project,
        title="Past",
        local_start=datetime.fromisoformat("2026-01-10T10:00"),
        zone="Europe/Lisbon",
    )
    held = scene.add(
        Kind.MEETING,
        project_id=scene.project,
        title="Cancelled",
        local_start=datetime.fromisoformat("2026-03-11T10:00"),
        zone="Europe/Lisbon",
    )
    set_fields(scene.workspace, Kind.MEETING, held, 1, {"state": MeetingState.CANCELLED})
    home = queries.home(scene.workspace, today)
    assert [row.id for row in home.meetings] == [scene.meeting]
    assert scene.deliverable in [row.id for row in home.late]
    assert home.recent == ()
    assert [row.id for row in home.my_actions] == [mine]
    assert [row.id for row in home.late_actions] == [late]


def test_queries_take_a_fixed_number_of_statements(workspace: Workspace) -> None:
    scene = Scene(workspace)
    for number in range(12):
        scene.add(Kind.TASK, work_package_id=scene.package, title=f"Task {number}")
        scene.add(Kind.DELIVERABLE, work_package_id=scene.package, title=f"Report {number}")
        scene.add(Kind.ACTION, project_id=scene.project, text=f"Do {number}")
    for ask, most in (
        (lambda: queries.projects(workspace), 3),
        (lambda: queries.partners(workspace, scene.project), 1),
        (lambda: queries.people(workspace, scene.project), 1),
        (lambda: queries.work_packages(workspace, scene.project), 1),
        (lambda: queries.tasks(workspace, scene.project), 1),
        (lambda: queries.deliverables(workspace, scene.project), 1),
        (lambda: queries.milestones(workspace, scene.project), 2),
        (lambda: queries.actions(workspace), 1),
        (lambda: queries.decisions(workspace), 1),
        (lambda: queries.search(workspace, "report"), 3),
        (lambda: queries.home(workspace, date(2026, 3, 1), START), 12),
    ):
        with counted() as statements:
            ask()
        assert len(statements) <= most, statements
