"""Presenters without widgets, over real services."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from projectdesk.desktop.models import action_words
from projectdesk.desktop.presenters import additions, importing
from projectdesk.desktop.presenters.actions import ALL, LATE, MINE, OPEN, ActionsPresenter
from projectdesk.desktop.presenters.agenda import AgendaPresenter
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.home import HomePresenter
from projectdesk.desktop.presenters.meeting import InviteesPresenter, MeetingPresenter
from projectdesk.desktop.presenters.meetings import PAST, UPCOMING, MeetingsPresenter
from projectdesk.desktop.presenters.minutes import MinutesPresenter
from projectdesk.desktop.presenters.partner_choice import PartnerChoicePresenter
from projectdesk.desktop.presenters.projects import ProjectPresenter, create_project
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.presenters.searching import SearchPresenter, grouped
from projectdesk.desktop.presenters.undoing import UndoPresenter
from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.meetings import CallRole
from projectdesk.domain.minutes import ActionStatus
from projectdesk.errors import BadRow, DomainError, EnvironmentFailure
from projectdesk.services import commands, notes_store, queries
from projectdesk.services.rows import Hit, Kind
from projectdesk.services.workspace import Workspace

NOW_LATER = timedelta(days=60)


@pytest.fixture(autouse=True)
def _application(qapp):
    """Announcers and relays are Qt objects."""


class View:
    """Records what a presenter says, whatever it says."""

    def __init__(self) -> None:
        self.said: dict[str, list[tuple[Any, ...]]] = {}
        self.agree = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def take(*args: Any) -> None:
            self.said.setdefault(name, []).append(args)

        return take

    def confirm_delete(self, what: str, also: Any, run: Any) -> None:
        self.said.setdefault("confirm_delete", []).append((what, also))
        if self.agree:
            run()

    def last(self, name: str) -> Any:
        return self.said[name][-1][0]

    def times(self, name: str) -> int:
        return len(self.said.get(name, []))


@pytest.fixture
def view() -> View:
    return View()


@pytest.fixture
def partners(instant, view, sample) -> RecordsPresenter[Any]:
    made: RecordsPresenter[Any] = RecordsPresenter(
        instant,
        view,
        Kind.PARTNER,
        lambda ws: queries.partners(ws, sample.project),
        frozenset({Kind.ORGANISATION}),
    )
    made.activate()
    return made


@pytest.mark.full
def test_records_are_loaded_when_shown_and_when_they_change(partners, view, instant):
    assert [row.short_name for row in view.last("show_rows")] == ["DTU", "MIT"]
    row = view.last("show_rows")[0]
    partners.edit(Kind.PARTNER, row.id, row.version, "short_name", "TUD")
    assert view.last("show_rows")[0].short_name == "TUD"
    assert instant.notices == [], "an edit in place is not announced"


def test_what_is_not_shown_is_not_asked_for(partners, view, workspace, sample):
    partners.deactivate()
    asked = view.times("show_rows")
    row = queries.partners(workspace, sample.project)[0]
    commands.set_fields(workspace, Kind.PARTNER, row.id, row.version, {"short_name": "X"})
    assert view.times("show_rows") == asked
    partners.activate()
    assert view.last("show_rows")[0].short_name == "X"


def test_changes_of_other_kinds_are_no_reason_to_ask(partners, view, workspace, sample):
    asked = view.times("show_rows")
    commands.create(workspace, Kind.TASK, {"work_package_id": sample.work_package, "title": "T"})
    assert view.times("show_rows") == asked


def test_a_refusal_is_said_beside_its_field(partners, view):
    row = view.last("show_rows")[0]
    partners.edit(Kind.PARTNER, row.id, row.version, "number", 0)
    field, words = view.said["show_problem"][-1]
    assert field == "number"
    assert words


def test_a_refusal_is_told_to_everybody_once_its_view_is_gone(partners, view, instant):
    (row, *_) = view.last("show_rows")
    partners.close()
    partners.edit(Kind.PARTNER, row.id, row.version, "number", 0)
    assert view.times("show_problem") == 0
    assert instant.notices[-1].error


def test_a_conflict_is_said_and_the_truth_is_shown(partners, view, instant, workspace):
    row = view.last("show_rows")[0]
    with Workspace.open(workspace.data, secrets=workspace.secrets, now=workspace.now) as other:
        commands.set_fields(other, Kind.PARTNER, row.id, row.version, {"short_name": "THEIRS"})
    partners.edit(Kind.PARTNER, row.id, row.version, "short_name", "MINE")
    conflict = instant.notices[-1].conflict
    assert [field.mine for field in conflict.clashes] == ["MINE"]
    assert view.last("show_rows")[0].short_name == "THEIRS"


def test_deleting_asks_when_others_would_go_too(instant, view, sample, workspace):
    presenter: RecordsPresenter[Any] = RecordsPresenter(
        instant, view, Kind.WORK_PACKAGE, lambda ws: queries.work_packages(ws, sample.project)
    )
    presenter.activate()
    row = view.last("show_rows")[0]
    view.agree = False
    presenter.delete(row, "WP1")
    assert view.said["confirm_delete"][-1][0] == "WP1"
    assert queries.work_packages(workspace, sample.project)
    view.agree = True
    presenter.delete(row, "WP1")
    assert view.last("show_rows") == []
    assert instant.notices[-1].undo


def test_a_closed_presenter_hears_nothing(partners, view, workspace, sample):
    partners.close()
    asked = view.times("show_rows")
    row = queries.partners(workspace, sample.project)[0]
    commands.set_fields(workspace, Kind.PARTNER, row.id, row.version, {"short_name": "X"})
    assert view.times("show_rows") == asked


def test_undo_and_redo_are_offered_in_words(instant, view, workspace, sample):
    presenter = UndoPresenter(instant, view)
    row = queries.partners(workspace, sample.project)[0]
    commands.set_fields(workspace, Kind.PARTNER, row.id, row.version, {"short_name": "X"})
    undo, redo = view.said["set_undo"][-1]
    assert "short name" in undo
    assert redo is None
    presenter.undo()
    assert queries.partners(workspace, sample.project)[0].short_name == "DTU"
    assert view.said["set_undo"][-1][1] is not None
    presenter.redo()
    assert queries.partners(workspace, sample.project)[0].short_name == "X"


def test_nothing_to_undo_is_no_error(instant, view):
    UndoPresenter(instant, view).undo()
    assert not instant.notices[-1].error


def test_a_project_is_made_edited_and_deleted(instant, view, workspace):
    made: list[UUID] = []
    create_project(instant, {"acronym": "BOREAS"}, made.append, pytest.fail)
    presenter = ProjectPresenter(instant, view)
    presenter.activate()
    presenter.open(made[0])
    presenter.edit("title", "North wind")
    assert view.last("show_project").title == "North wind"
    presenter.edit("acronym", "")
    assert view.said["show_problem"][-1][0] == "acronym"
    presenter.delete()
    assert queries.projects(workspace) == []
    assert view.times("project_gone") == 1


def test_an_acronym_that_is_taken_is_said_and_can_be_taken_back(instant, workspace):
    made: list[UUID] = []
    create_project(instant, {"acronym": "BOREAS"}, made.append, pytest.fail)
    assert instant.notices == []
    create_project(instant, {"acronym": "Boreas "}, made.append, pytest.fail)
    [notice] = instant.notices
    assert "too" in notice.text
    assert not notice.error
    commands.undo(workspace, only=notice.undo)
    assert [row.id for row in queries.projects(workspace)] == made[:1]


def test_a_refused_project_says_why(instant):
    refused: list[Any] = []
    create_project(instant, {"acronym": ""}, lambda _: pytest.fail("made"), refused.append)
    assert refused[0].facts["field"] == "acronym"


class FakeChoice:
    """Keeps what was shown."""

    def show_found(self, text: str, rows: Any) -> None:
        self.found = (text, rows)

    def show_state(self, state: Any) -> None:
        self.state = state


def test_a_partner_of_a_known_organisation_takes_it(instant, workspace, sample):
    made: list[UUID] = []
    values = {
        "legal_name": "university mit",
        "short_name": "MIT2",
        "country": "US",
        "pic": "",
        "role": PartnerRole.ASSOCIATED_PARTNER,
    }
    before = len(queries.organisations(workspace))
    choice = PartnerChoicePresenter(instant, FakeChoice())
    choice.add(sample.project, None, values, made.append, pytest.fail)
    assert len(queries.organisations(workspace)) == before
    row = next(r for r in queries.partners(workspace, sample.project) if r.id == made[0])
    assert (row.short_name, row.role) == ("MIT2", PartnerRole.ASSOCIATED_PARTNER)


def test_a_person_with_a_known_address_is_the_same_person(instant, workspace, sample):
    made: list[UUID] = []
    values = {
        "given_name": "Ada",
        "family_name": "L.",
        "email": "ADA@example.org",
        "zone": "",
        "partner_id": sample.partners[0],
        "function": "Project manager",
    }
    additions.add_person(instant, sample.project, values, made.append, pytest.fail)
    me = queries.me(workspace)
    assert me is not None
    assert made == [me.id]
    row = next(r for r in queries.people(workspace, sample.project) if r.id == me.id)
    assert (row.partner, row.function) == ("DTU", "Project manager")


def test_choices_follow_the_project(instant, workspace, sample):
    choices = Choices(instant)
    heard: list[int] = []
    choices.on_loaded(lambda: heard.append(1))
    choices.open(sample.project)
    assert [option.label for option in choices.partners()] == ["–", "1  DTU", "2  MIT"]
    assert choices.people()[0].value is None
    assert len(choices.work_packages()) == 2
    row = queries.partners(workspace, sample.project)[0]
    commands.set_fields(workspace, Kind.PARTNER, row.id, row.version, {"short_name": "X"})
    assert choices.partners()[1].label == "1  X"
    assert len(heard) >= 2


def test_who_reads_is_known_with_a_zone(instant, workspace):
    reader = Reader(instant)
    reader.load()
    assert reader.known
    assert reader.me is None
    assert reader.zone
    commands.set_me(workspace, {"given_name": "Ada", "zone": "Asia/Tokyo"})
    assert reader.zone == "Asia/Tokyo"


def test_home_shows_what_waits(instant, view, workspace, sample, kick_off):
    HomePresenter(instant, view, lambda: date(2027, 3, 10)).activate()
    home = view.last("show_home")
    assert [row.id for row in home.meetings] == [kick_off]
    assert [row.id for row in home.late] == [sample.deliverable], "due 28 Feb: late"


def test_meetings_are_upcoming_or_past(instant, view, workspace, kick_off):
    row = queries.meeting(workspace, kick_off)
    now = [row.starts_at - timedelta(days=1)]
    presenter = MeetingsPresenter(instant, view, lambda: now[0])
    presenter.activate()
    assert [r.id for r in view.last("show_rows")] == [kick_off]
    presenter.show_only(PAST)
    assert view.last("show_rows") == []
    now[0] = row.starts_at + NOW_LATER
    presenter.show_only(PAST)
    assert [r.id for r in view.last("show_rows")] == [kick_off]
    presenter.show_only(UPCOMING)
    assert view.last("show_rows") == []


def test_meetings_of_one_project_only(instant, view, kick_off):
    presenter = MeetingsPresenter(instant, view, lambda: datetime.max.replace(tzinfo=None))  # noqa: DTZ901
    presenter._now = lambda: queries.meeting(instant.workspace, kick_off).starts_at
    presenter.activate()
    presenter.set_project(uuid4())
    assert view.last("show_rows") == []
    presenter.set_project(None)
    assert len(view.last("show_rows")) == 1


def test_a_meeting_is_moved_and_its_guests_times_follow(instant, view, workspace, kick_off):
    presenter = MeetingPresenter(instant, view)
    presenter.activate()
    presenter.open(kick_off)
    presenter.edit({"local_start": datetime(2027, 4, 1, 14)})  # noqa: DTZ001 - planned, naive
    assert view.last("show_meeting").local_start.hour == 14
    guest = next(r for r in queries.invitations(workspace, kick_off) if r.country == "US")
    assert guest.local_start is not None
    assert guest.local_start.hour == 8
    presenter.edit({"zone": "Europe/Atlantis"})
    assert view.said["show_problem"][-1][0] == "zone"
    presenter.delete()
    assert view.times("meeting_gone") == 1


def test_documents_are_written_beside(instant, view, kick_off, tmp_path):
    presenter = MeetingPresenter(instant, view)
    presenter.activate()
    presenter.open(kick_off)
    out = tmp_path / "agenda.md"
    presenter.export("agenda", "md", out)
    assert "Welcome" in out.read_text("utf-8")
    assert "agenda.md" in instant.notices[-1].text
    presenter.export("agenda", "md", out / "beside-a-file.md")
    assert instant.notices[-1].error


def test_an_item_is_moved(instant, view, workspace, kick_off):
    presenter = AgendaPresenter(instant, view)
    presenter.activate()
    presenter.open(kick_off)
    lines = view.last("show_agenda").lines
    first = next(line for line in lines if line.item is not None)
    assert [line.words for line in lines if line.item is None][:2] == ["Opening", "Work packages"]
    at = next(n for n, line in enumerate(lines) if line.words == "Work packages")
    presenter.move(first, at)
    moved = next(row for row in queries.agenda(workspace, kick_off) if row.id == first.id)
    assert (moved.section, moved.label) == ("Work packages", "2")
    commands.undo(workspace)
    back = next(row for row in queries.agenda(workspace, kick_off) if row.id == first.id)
    assert (back.section, back.label) == ("Opening", "1")


def test_links_are_copied_one_alone_several_with_names(instant, view, workspace, kick_off):
    copied: list[str] = []

    def links(meeting: UUID, then: Any, failed: Any) -> None:
        then({r.id: f"http://h/r/x#{r.name}" for r in queries.invitations(workspace, meeting)})

    presenter = InviteesPresenter(instant, view, links, copied.append)
    presenter.open(kick_off)
    presenter.activate()
    rows = view.last("show_rows")
    presenter.copy_links(rows[:1])
    assert copied[-1].startswith("http://h/r/x#")
    presenter.copy_links(rows)
    assert copied[-1].splitlines()[0].split("\t")[0] == rows[0].name
    assert "one person only" in instant.notices[-1].text


def test_links_are_revoked_and_renewed(instant, view, workspace, kick_off):
    presenter = InviteesPresenter(instant, view, lambda m, then, f: then({}), lambda _: None)
    presenter.open(kick_off)
    presenter.activate()
    row = view.last("show_rows")[0]
    presenter.revoke([row])
    assert view.last("show_rows")[0].revoked
    presenter.copy_links([view.last("show_rows")[0]])
    assert instant.notices[-1].error, "a revoked link is not copied"
    presenter.renew([view.last("show_rows")[0]])
    renewed = view.last("show_rows")[0]
    assert (renewed.revoked, renewed.generation) == (False, row.generation + 1)


def test_people_are_invited_in_a_role(instant, view, workspace, sample, kick_off):
    outsider, _ = commands.create(
        workspace, Kind.PERSON, {"family_name": "Guest", "email": "g@example.org"}
    )
    presenter = InviteesPresenter(instant, view, lambda m, then, f: None, lambda _: None)
    presenter.open(kick_off)
    presenter.activate()
    done: list[int] = []
    presenter.invite([outsider], CallRole.OBSERVER, lambda: done.append(1), pytest.fail)
    assert done == [1]
    added = next(row for row in view.last("show_rows") if row.person_id == outsider)
    assert added.role is CallRole.OBSERVER


@pytest.fixture
def minutes(instant, view, kick_off):
    made = MinutesPresenter(instant, view)
    made.open(kick_off)
    made.activate()
    yield made
    made.close()


def test_notes_are_in_the_database_keystroke_by_keystroke(minutes, workspace, kick_off):
    item = queries.agenda(workspace, kick_off)[0].id
    assert minutes.writable
    minutes.edit(item, "", "H", 0)
    minutes.edit(item, "H", "Hi 😀", 1)
    minutes.edit(item, "Hi 😀", "Hi 😀!", 5)
    assert minutes.text_of(item) == "Hi 😀!"
    minutes.close()
    assert queries.notes(workspace, kick_off) == {item: "Hi 😀!"}


def test_notes_typed_elsewhere_are_shown(minutes, view, workspace, kick_off, qtbot):
    from projectdesk.services.notes import open_notes

    item = queries.agenda(workspace, kick_off)[0].id
    other = open_notes(workspace, kick_off)
    before = view.times("notes_changed")
    other.edit(item, 0, 0, "from elsewhere")
    qtbot.waitUntil(lambda: view.times("notes_changed") > before)
    assert minutes.text_of(item) == "from elsewhere"
    other.close()


@pytest.mark.full
def test_typing_on_does_not_hide_that_nothing_is_saved(
    minutes, view, workspace, kick_off, qtbot, monkeypatch
):
    item = queries.agenda(workspace, kick_off)[0].id
    full = True
    write = notes_store.write

    def written(*args: Any) -> None:
        if full:
            raise EnvironmentFailure("disk_full", "The disk is full.")
        write(*args)

    monkeypatch.setattr(notes_store, "write", written)
    minutes.edit(item, "", "a", 0)
    qtbot.waitUntil(lambda: view.times("show_trouble") > 0)
    seen = view.times("notes_changed")
    minutes.edit(item, "a", "ab", 1)
    qtbot.waitUntil(lambda: view.times("notes_changed") > seen)
    assert all("disk is full" in words for (words,) in view.said["show_trouble"])
    full = False
    qtbot.waitUntil(lambda: view.last("show_trouble") == "")


def test_decisions_and_actions_come_under_their_item(minutes, view, workspace, sample, kick_off):
    item = queries.agenda(workspace, kick_off)[1].id
    minutes.add_decision(item, "  We go on. ")
    minutes.add_decision(item, "   ")
    minutes.add_action(item, "Send the draft", sample.people[0], date(2027, 5, 1))
    rows = view.last("show_minutes")
    assert [(d.text, d.agenda_item_id) for d in rows.decisions] == [("We go on.", item)]
    action = rows.actions[0]
    assert (action.text, action.owner_person_id) == ("Send the draft", sample.people[0])
    minutes.set_done(action, True, date(2027, 4, 2))
    assert view.last("show_minutes").actions[0].status is ActionStatus.DONE
    minutes.edit_decision(rows.decisions[0], "We stop.")
    assert view.last("show_minutes").decisions[0].text == "We stop."
    kept = view.last("show_minutes").decisions[0]
    minutes.delete(Kind.DECISION, kept.id, kept.version, kept.label)
    assert view.last("show_minutes").decisions == []


def test_actions_are_filtered(instant, view, workspace, sample):
    me = queries.me(workspace)
    assert me is not None
    today = date(2027, 6, 1)
    for text, owner, due in (
        ("mine", me.id, date(2027, 7, 1)),
        ("late", None, date(2027, 5, 1)),
        ("done", None, date(2027, 5, 1)),
    ):
        commands.create(
            workspace,
            Kind.ACTION,
            {
                "project_id": sample.project,
                "text": text,
                "owner_person_id": owner,
                "due_on": due,
                "status": ActionStatus.DONE if text == "done" else ActionStatus.OPEN,
            },
        )
    presenter = ActionsPresenter(instant, view, lambda: today)
    counts: list[str] = []
    presenter.counted.append(lambda rows: counts.append(action_words.summary(rows, today)))
    presenter.activate()

    def shown(name: str) -> set[str]:
        presenter.show_only(name)
        return {row.text for row in view.last("show_rows")}

    assert shown(OPEN) == {"mine", "late"}
    assert shown(LATE) == {"late"}
    assert shown(MINE) == {"mine"}
    assert shown(ALL) == {"mine", "late", "done"}
    assert counts[-1] == "2 open actions  ·  1 late  ·  1 without an owner"
    presenter.mark_done([row for row in view.last("show_rows") if row.text == "late"])
    assert shown(OPEN) == {"mine"}
    presenter.set_project(uuid4())
    assert shown(ALL) == set()


def test_search_shows_the_answer_to_what_is_typed_now(instant, view, sample):
    presenter = SearchPresenter(instant, view)
    presenter.type("aurora")
    text, hits = view.said["show_hits"][-1]
    assert text == "aurora"
    assert any(hit.kind is Kind.PROJECT for hit in hits)
    presenter.type("  ")
    text, hits = view.said["show_hits"][-1]
    assert text == ""
    assert hits == queries.recent(instant.workspace), "what was changed last"


def test_each_kind_has_some_among_what_is_found():
    hits = [Hit(Kind.ACTION, uuid4(), None, f"A{n}", "") for n in range(20)]
    hits.append(Hit(Kind.PERSON, uuid4(), None, "Ana", ""))
    assert [hit.kind for hit in grouped(hits)] == [Kind.ACTION] * 6 + [Kind.PERSON]
    assert grouped(hits[:20]) == hits[:20]
    item = uuid4()
    both = [Hit(kind, item, None, "Risks", "") for kind in (Kind.AGENDA_ITEM, Kind.MINUTES)]
    assert grouped(both) == both[1:], "one line for one title"


def test_an_answer_that_comes_late_is_dropped(instant, view, sample):
    presenter = SearchPresenter(instant, view)
    waiting: list[Any] = []
    instant.ask = lambda work, then=None, failed=None: waiting.append(lambda: then(work(None)))
    presenter.type("a")
    presenter._text = "b"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "search", lambda ws, text, limit: ["hit"])
        waiting[0]()
    assert view.times("show_hits") == 0


def test_an_import_is_previewed_then_done(instant, view, sample, tmp_path):
    file = tmp_path / "wp.csv"
    file.write_text("number;title;lead;start;end\n2;Modelling;MIT;M3;M12\n", encoding="utf-8")
    presenter = importing.ImportPresenter(
        instant, view, importing.import_plan(sample.project, Kind.WORK_PACKAGE, file)
    )
    presenter.preview()
    report = view.last("show_preview")
    assert report.added == 1
    assert len(queries.work_packages(instant.workspace, sample.project)) == 1, "only a preview"
    presenter.go()
    assert view.times("finish") == 1
    assert len(queries.work_packages(instant.workspace, sample.project)) == 2
    assert "1 record added" in instant.notices[-1].text


def test_an_import_of_a_plan_is_cancelled_and_says_so(instant, view, sample, tmp_path):
    file = tmp_path / "wp.csv"
    file.write_text("number;title;lead;start;end\n2;Modelling;MIT;M3;M12\n", encoding="utf-8")
    run = importing.import_plan(sample.project, Kind.WORK_PACKAGE, file)

    def cancel_first(workspace, work, dry):
        work.cancel()
        return run(workspace, work, dry)

    importing.ImportPresenter(instant, view, cancel_first).preview()
    assert view.last("show_refusal") == "The import was cancelled: nothing was changed."


def test_a_bad_file_says_where_and_that_nothing_was_changed(instant, view, sample, tmp_path):
    file = tmp_path / "wp.csv"
    file.write_bytes(b"\x00\x01\x02not a table")
    presenter = importing.ImportPresenter(
        instant, view, importing.import_plan(sample.project, Kind.WORK_PACKAGE, file)
    )
    presenter.preview()
    assert "Nothing was changed." in view.last("show_refusal")


def test_a_refusal_names_file_row_and_column():
    error = BadRow("bad_month", "“x” is no month.", file="wp.csv", row=3, column="start")
    told = "“x” is no month. (wp.csv, row 3, column start) Nothing was changed."
    assert importing.describe(error) == told
    assert importing.describe(DomainError("x", "No.")) == "No. Nothing was changed."


def test_a_refusal_that_names_its_file_and_line_names_them_once():
    error = BadRow("cut_off", "{file}, line {row}: it is cut off.", file="a.ics", row=3)
    assert importing.describe(error) == "a.ics, line 3: it is cut off. Nothing was changed."
