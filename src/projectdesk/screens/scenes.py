"""What is pictured: one function a scene, in the order in which a person meets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from uuid import UUID

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QScrollArea

from projectdesk.desktop.crash import CrashDialog
from projectdesk.desktop.gantt.view import GanttView
from projectdesk.desktop.language import say
from projectdesk.desktop.models.formats import CALENDAR
from projectdesk.desktop.pages.directory import DirectoryPage
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.pages.meeting.record_lines import ActionLine
from projectdesk.desktop.pages.passphrase import PassphraseDialog
from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.settings import SettingsPage
from projectdesk.desktop.pages.welcome import WelcomePage
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import MeetingState
from projectdesk.screens import (
    action_scenes,
    after_scenes,
    agenda_scenes,
    calendar_import_scenes,
    calendar_scenes,
    circulation_scenes,
    consortium_scenes,
    decision_scenes,
    directory_scenes,
    document_scenes,
    help_scenes,
    inviting_scenes,
    mail_scenes,
    network_scenes,
    plan_file_scenes,
    plan_scenes,
    poll_scenes,
    preparing_scenes,
    reporting_scenes,
    slot_scenes,
    table_scenes,
    team_scenes,
    together_scenes,
    typed_line_scenes,
    vote_scenes,
)
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, meeting_hosts, queries
from projectdesk.services.rows import Kind, MeetingRow


@dataclass(frozen=True)
class Scene:
    """A picture to take.

    needs: "none" = no project; "data" = any project; "sample" = what only the sample tells of.
    """

    name: str
    show: Callable[[Stage], None]
    needs: str = "data"


def _project(stage: Stage) -> UUID:
    return queries.projects(stage.workspace)[0].id


def _meeting(stage: Stage, state: MeetingState) -> MeetingRow:
    rows = queries.meetings(stage.workspace)
    fitting = [row for row in rows if row.state is state] or rows
    return fitting[0]


def _page(stage: Stage, place: Place) -> object:
    return stage.workbench.page(place)


def _tab(tab: str) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.go(Place.PROJECT, _project(stage), tab)

    return show


def _with_inspector(tab: str, pane: str) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.go(Place.PROJECT, _project(stage), tab)
        shown = getattr(cast(ProjectPage, _page(stage, Place.PROJECT)), pane)
        shown.table.select(shown.table.shown()[min(2, len(shown.table.rows) - 1)].id)

    return show


def _minutes(stage: Stage) -> None:
    meeting = _meeting(stage, MeetingState.HELD)
    stage.go(Place.MEETING, meeting.id, "minutes")
    decisions = queries.decisions(stage.workspace, meeting_id=meeting.id)
    item = next((row.agenda_item_id for row in decisions if row.agenda_item_id), None)
    if item is not None:
        minutes = cast(MeetingPage, _page(stage, Place.MEETING)).minutes
        minutes.show_item(item)
        stage.settle()
        for line in minutes.findChildren(ActionLine)[:1]:
            line.edit.setChecked(True)


def _history(stage: Stage) -> None:
    project = _project(stage)
    row = queries.partners(stage.workspace, project)[0]
    commands.set_fields(
        stage.workspace, Kind.PARTNER, row.id, row.version, {"total_cost": row.contribution}
    )
    stage.go(Place.PROJECT, project, "consortium")
    pane = cast(ProjectPage, _page(stage, Place.PROJECT)).partners
    pane.table.select(row.id)
    if pane.inspector is not None:
        pane.inspector.history.click()
        stage.settle()
        pane.inspector.scroll_down()


def _plan(kind: Kind, *, calendar: bool = False, inspect: bool = False) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.go(Place.PROJECT, _project(stage), "plan")
        plan = cast(ProjectPage, _page(stage, Place.PROJECT)).plan
        plan.show_table(kind)
        if calendar:
            plan.show_unit(CALENDAR)
        stage.settle()
        table = plan.current.table
        if inspect and table.rows:
            table.select(table.shown()[0].id)

    return show


def _servers(stage: Stage) -> None:
    meeting_hosts.keep_server(
        stage.workspace, "https://meet.example.org", "University computing centre", "pdk_shown"
    )
    meeting_hosts.keep_server(stage.workspace, "https://calls.example.eu:8443", "Partner’s server")
    stage.go(Place.SETTINGS)
    page = cast(SettingsPage, _page(stage, Place.SETTINGS))
    page.hosts.presenter.load()
    stage.settle()
    for area in page.findChildren(QScrollArea):
        area.ensureWidgetVisible(page.hosts, 0, 200)


def _add_server(stage: Stage) -> None:
    _servers(stage)
    dialog = cast(SettingsPage, _page(stage, Place.SETTINGS)).hosts.ask_server(None)
    dialog.url.setText("meet.example.org/r/abc")
    dialog.key.setText("pdk_shown")
    dialog.try_it()


def _meeting_tab(tab: str, state: MeetingState, *, select: bool = False) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.go(Place.MEETING, _meeting(stage, state).id, tab)
        page = cast(MeetingPage, _page(stage, Place.MEETING))
        if select and page.agenda.table.rows:
            page.agenda.table.select(page.agenda.table.rows[1].id)

    return show


def _place(place: Place, tab: str = "") -> Callable[[Stage], None]:
    return lambda stage: stage.go(place, None, tab)


def _people(stage: Stage) -> None:
    stage.go(Place.DIRECTORY)
    cast(DirectoryPage, _page(stage, Place.DIRECTORY)).tabs.show_tab(1)


def _organisation(stage: Stage) -> None:
    stage.go(Place.DIRECTORY, None, Kind.ORGANISATION)
    pane = cast(DirectoryPage, _page(stage, Place.DIRECTORY)).organisations
    pane.table.select(pane.table.shown()[0].id)


def _search(stage: Stage) -> None:
    stage.go(Place.HOME)
    stage.shell.palette_box.open()
    stage.shell.palette_box.field.setText("de")


def _search_closed(stage: Stage) -> None:
    stage.shell.palette_box.hide()


def _add_partner(stage: Stage) -> None:
    stage.go(Place.PROJECT, _project(stage), "consortium")
    cast(ProjectPage, _page(stage, Place.PROJECT)).ask_partner()


def _partner_found(stage: Stage) -> None:
    directory_scenes.fill(stage.workspace)
    _add_partner(stage)
    directory_scenes.type_partner(stage)


def _directory_import(stage: Stage) -> None:
    stage.go(Place.DIRECTORY)
    directory_scenes.preview_import(stage, cast(DirectoryPage, _page(stage, Place.DIRECTORY)))


def _people_import(stage: Stage) -> None:
    stage.go(Place.DIRECTORY, None, Kind.PERSON)
    directory_scenes.preview_people(stage, cast(DirectoryPage, _page(stage, Place.DIRECTORY)))


def _duplicates(stage: Stage) -> None:
    directory_scenes.add_double(stage.workspace)
    stage.go(Place.DIRECTORY, None, Kind.PERSON)
    stage.settle()
    cast(DirectoryPage, _page(stage, Place.DIRECTORY)).people.doubles.click()


def _gantt_chart(stage: Stage) -> GanttView:
    stage.go(Place.PROJECT, _project(stage), "gantt")
    chart = cast(ProjectPage, _page(stage, Place.PROJECT)).gantt.chart
    if chart is None:
        raise RuntimeError("the project of this scene has a plan")
    chart.cancel()  # what an earlier scene holds
    chart.fit()
    stage.settle()
    return chart


def _gantt_weeks(stage: Stage) -> None:
    chart = _gantt_chart(stage)
    chart.set_month_width(150)
    chart.choose(chart.plan.bars[1].id, show=True)


def _gantt_drag(stage: Stage) -> None:
    """Hold a work package with all that is in it three months from where it was."""
    chart = _gantt_chart(stage)
    packages = [bar for bar in chart.plan.bars if bar.kind is Kind.WORK_PACKAGE]
    rect = chart.rect_of(packages[1].id)
    if rect is not None:
        at = QPointF(chart.mapFromScene(rect.left + rect.width / 2, rect.middle))
        none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
        press, move = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove
        there = at + QPointF(3 * chart.timescale.month_width, 0)
        for kind, place, button in ((press, at, left), (move, there, none)):
            event = QMouseEvent(kind, place, place, button, left, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(chart.viewport(), event)


def _add_deliverable(stage: Stage) -> None:
    _plan(Kind.DELIVERABLE)(stage)
    cast(ProjectPage, _page(stage, Place.PROJECT)).ask_plan_record(Kind.DELIVERABLE)


def _invite(stage: Stage) -> None:
    stage.go(Place.MEETING, _meeting(stage, MeetingState.PLANNED).id, "invitees")
    cast(MeetingPage, _page(stage, Place.MEETING)).invitees.ask_people()


def _import(text: str) -> Callable[[Stage], None]:
    """Preview the import of a table of work packages."""

    def show(stage: Stage) -> None:
        file = stage.workspace.data / "work packages.csv"
        file.write_text(text, encoding="utf-8")
        stage.go(Place.PROJECT, _project(stage), "plan")
        page = cast(ProjectPage, _page(stage, Place.PROJECT))
        page.plan_desk.files.show_table(Kind.WORK_PACKAGE, file)

    return show


def _crash(stage: Stage) -> None:
    stage.go(Place.HOME)
    CrashDialog(
        stage.shell,
        'Traceback (most recent call last):\n  File "plan.py", line 12, in draw\n'
        "ZeroDivisionError: division by zero",
        Path("ProjectDesk", "logs", "projectdesk.log"),
    ).open()


def _passphrase(*, first: bool) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.go(Place.HOME)
        problem = "" if first else say("That is not the passphrase. Try again.")
        PassphraseDialog(stage.shell, first=first, problem=problem).open()

    return show


def _refused(stage: Stage) -> None:
    stage.go(Place.MEETINGS)
    stage.shell.tell(
        "The disk is full, so the change was not saved; everything saved before is still there. "
        "Make room and try again.",
        error=True,
    )


def _restore(stage: Stage) -> None:
    stage.go(Place.SETTINGS)
    cast(SettingsPage, _page(stage, Place.SETTINGS)).confirm_restore(
        Path("2026-11-23 08.00 daily.sqlite")
    )


def _problem(stage: Stage) -> None:
    stage.go(Place.PROJECT, _project(stage), "overview")
    page = cast(ProjectPage, _page(stage, Place.PROJECT))
    page.show_problem("duration_months", "A project lasts at least 1 month.")


def _toast(stage: Stage) -> None:
    stage.go(Place.ACTIONS)
    stage.shell.tell("Deleted WP3 Sensors.", lambda: None)


def _toast_closed(stage: Stage) -> None:
    stage.shell.toast.dismiss()


def _welcome_ways(stage: Stage) -> None:
    cast(WelcomePage, _page(stage, Place.WELCOME)).show_ways()
    stage.shell.show_place(Place.WELCOME)


_TABLE = (
    "number;title;lead;start;end\n"
    "2;What harbours need, and what they do with a warning;UMV;M1;M18\n"
    "3;Sensors;VESENS;M1;M30\n"
    "8;Lessons for other coasts;KIW;M20;M42\n"
)
_HELD, _PLANNED = MeetingState.HELD, MeetingState.PLANNED
SCENES = (
    Scene("welcome-1", _place(Place.WELCOME), "none"),
    Scene("welcome-2", _welcome_ways, "none"),
    Scene("home", _place(Place.HOME)),
    Scene("projects", _place(Place.PROJECTS)),
    Scene("new-project", _place(Place.PROJECTS, "new")),
    Scene("project-overview", _tab("overview")),
    Scene("project-overview-problem", _problem),
    Scene("project-consortium", _tab("consortium")),
    Scene("project-consortium-inspector", _with_inspector("consortium", "partners")),
    Scene("project-consortium-history", _history),
    Scene("add-partner", _add_partner),
    Scene("add-partner-found", _partner_found),
    Scene("partner-leaves", consortium_scenes.leaving),
    Scene("partner-replaced", consortium_scenes.replacing),
    Scene("change-coordinator", consortium_scenes.coordinator),
    Scene("renumber-partners", consortium_scenes.numbers),
    Scene("project-mailing-lists", consortium_scenes.lists),
    Scene("project-world", consortium_scenes.world),
    Scene("project-people", _with_inspector("people", "people")),
    Scene("project-work-packages", _plan(Kind.WORK_PACKAGE)),
    Scene("project-tasks", _plan(Kind.TASK)),
    Scene("project-deliverables", _plan(Kind.DELIVERABLE, inspect=True)),
    Scene("project-deliverables-calendar", _plan(Kind.DELIVERABLE, calendar=True)),
    Scene("project-milestones", _plan(Kind.MILESTONE, inspect=True)),
    Scene("project-tree", plan_scenes.tree),
    Scene("project-tree-waits-for", plan_scenes.waits_for),
    Scene("project-tree-calendar", plan_scenes.tree_deliverable),
    Scene("project-dependencies", plan_scenes.dependencies),
    Scene("project-risks", plan_scenes.risks),
    Scene("project-late", plan_scenes.late),
    Scene("project-late-reminders", plan_scenes.late_reminders),
    Scene("project-check", plan_scenes.check),
    Scene("plan-shift", plan_scenes.dialog("shift")),
    Scene("plan-what-waits", plan_scenes.dialog("waiting")),
    Scene("plan-renumber", plan_scenes.dialog("renumber")),
    Scene("plan-start", plan_scenes.dialog("start")),
    Scene("project-gantt", _tab("gantt")),
    Scene("project-gantt-weeks", _gantt_weeks),
    Scene("project-gantt-drag", _gantt_drag),
    Scene("add-deliverable", _add_deliverable),
    Scene("project-bodies", _with_inspector("bodies", "bodies")),
    Scene("project-effort", table_scenes.effort),
    Scene("project-effort-reported", table_scenes.effort_reported),
    Scene("project-effort-deviation", table_scenes.effort_deviation),
    Scene("project-effort-refused", table_scenes.effort_refused),
    Scene("table-several", table_scenes.several),
    Scene("table-pasted", table_scenes.pasted),
    Scene("table-filtered", table_scenes.filtered),
    Scene("table-filtering", table_scenes.filtering),
    Scene("meeting-notice", preparing_scenes.notice),
    Scene("meeting-notice-sent", preparing_scenes.when_sent),
    Scene("home-notice", preparing_scenes.home),
    Scene("settings-meetings", preparing_scenes.settings),
    Scene("settings-privacy", preparing_scenes.privacy),
    Scene("settings-erasing", preparing_scenes.erasing),
    Scene("kept-texts", preparing_scenes.kept_texts),
    Scene("meeting-reminders", preparing_scenes.reminders),
    Scene("meeting-begins", preparing_scenes.begins),
    Scene("meeting-review", preparing_scenes.review),
    Scene("meeting-review-questions", preparing_scenes.questions),
    Scene("meeting-review-rehearse", preparing_scenes.rehearse),
    Scene("meeting-invitees-mail", inviting_scenes.invitees),
    Scene("meeting-invitations", inviting_scenes.invitations),
    Scene("meeting-invitations-update", inviting_scenes.update),
    Scene("meeting-invitations-here", inviting_scenes.only_here),
    Scene("meeting-repeat", inviting_scenes.repeat),
    Scene("meeting-series-change", inviting_scenes.change_series),
    Scene("find-time-polls", poll_scenes.polls),
    Scene("find-time-polls-draft", poll_scenes.draft),
    Scene("find-time-polls-new", poll_scenes.new),
    Scene("find-time-polls-date", poll_scenes.date),
    Scene("find-time-polls-letters", poll_scenes.letters),
    Scene("find-time-polls-close", poll_scenes.closing),
    Scene("meeting-after", after_scenes.after),
    Scene("meeting-after-below", after_scenes.after_below),
    Scene("meeting-after-circulate", after_scenes.circulate),
    Scene("meeting-after-twice", after_scenes.twice),
    Scene("meeting-held-asked", after_scenes.held_asked),
    Scene("meeting-held-told", after_scenes.held_told),
    Scene("circulation-draft", circulation_scenes.draft),
    Scene("circulation-circulate", circulation_scenes.circulating),
    Scene("circulation-readers", circulation_scenes.readers),
    Scene("circulation-objections", circulation_scenes.objections),
    Scene("circulation-compare", circulation_scenes.comparison),
    Scene("circulation-trail", circulation_scenes.trail),
    Scene("circulation-sample", circulation_scenes.sample),
    Scene("decisions", decision_scenes.register),
    Scene("decisions-detail", decision_scenes.detail, "sample"),
    Scene("decisions-vetoed", decision_scenes.vetoed, "sample"),
    Scene("decisions-search", decision_scenes.search),
    Scene("decisions-follow-up", decision_scenes.follow_up, "sample"),
    Scene("decisions-replace", decision_scenes.replace, "sample"),
    Scene("decisions-veto", decision_scenes.veto, "sample"),
    Scene("decisions-veto-answer", decision_scenes.veto_answer, "sample"),
    Scene("decisions-record", decision_scenes.record),
    Scene("decisions-ballots", decision_scenes.ballots, "sample"),
    Scene("decisions-compile", decision_scenes.compile_),
    Scene("procedures", decision_scenes.procedures),
    Scene("procedures-new", decision_scenes.new_procedure),
    Scene("procedures-documents", decision_scenes.procedure_documents),
    Scene("procedures-trail", decision_scenes.procedure_trail),
    Scene("procedures-letters", decision_scenes.letters),
    Scene("procedures-close", decision_scenes.closing),
    Scene("procedures-result", decision_scenes.result),
    Scene("votes-open", vote_scenes.watched),
    Scene("votes-many", vote_scenes.many),
    Scene("votes-prepare", vote_scenes.prepared),
    Scene("votes-closed", vote_scenes.results),
    Scene("mail-nothing", mail_scenes.nothing),
    Scene("mail-no-account", mail_scenes.no_account),
    Scene("mail", mail_scenes.waiting),
    Scene("mail-refused", mail_scenes.refused),
    Scene("mail-uncertain", mail_scenes.uncertain),
    Scene("mail-handed", mail_scenes.handed),
    Scene("mail-received", mail_scenes.received),
    Scene("mail-home", mail_scenes.home),
    Scene("mail-settings", mail_scenes.settings),
    Scene("network-update", network_scenes.notice),
    Scene("network-update-news", network_scenes.news),
    Scene("network-settings", network_scenes.settings),
    Scene("network-settled", network_scenes.settled),
    Scene("network-login", network_scenes.login),
    Scene("mail-account", mail_scenes.account),
    Scene("mail-account-guessed", mail_scenes.guessed),
    Scene("mail-account-later", mail_scenes.later),
    Scene("project-reporting", reporting_scenes.periods),
    Scene("project-reporting-ask", reporting_scenes.ask),
    Scene("project-reporting-links", reporting_scenes.links),
    Scene("project-reporting-figures", reporting_scenes.figures),
    Scene("project-reporting-send-back", reporting_scenes.send_back),
    Scene("project-reporting-freeze", reporting_scenes.freeze),
    Scene("project-reporting-divide", reporting_scenes.divide),
    Scene("project-documents-none", document_scenes.no_documents),
    Scene("project-documents", document_scenes.documents),
    Scene("project-file", document_scenes.project_file),
    Scene("meetings", _place(Place.MEETINGS)),
    Scene("meetings-past", _place(Place.MEETINGS, "past")),
    Scene("calendar-month", calendar_scenes.month),
    Scene("calendar-week", calendar_scenes.week),
    Scene("calendar-clocks", calendar_scenes.clocks),
    Scene("calendar-list", calendar_scenes.listed),
    Scene("calendar-subscribe", calendar_scenes.subscribe),
    Scene("calendar-import", calendar_import_scenes.meetings),
    Scene("calendar-import-busy", calendar_import_scenes.busy),
    Scene("calendar-import-refused", calendar_import_scenes.refused),
    Scene("person-calendars", calendar_import_scenes.of_a_person),
    Scene("person-calendar-address", calendar_import_scenes.address),
    Scene("new-meeting", _place(Place.MEETINGS, "new")),
    Scene("find-time", slot_scenes.map_of_week),
    Scene("find-time-table", slot_scenes.hours),
    Scene("find-time-hard", slot_scenes.hard_hour),
    Scene("find-time-moving", slot_scenes.moving),
    Scene("find-time-none", slot_scenes.nobody_free),
    Scene("find-time-people", slot_scenes.people),
    Scene("find-time-weights", slot_scenes.weights),
    Scene("find-time-shares", slot_scenes.shares),
    Scene("meeting-agenda", _meeting_tab("agenda", _PLANNED)),
    Scene("meeting-agenda-inspector", _meeting_tab("agenda", _PLANNED, select=True)),
    Scene("meeting-invitees", _meeting_tab("invitees", _PLANNED)),
    Scene("invite", _invite),
    Scene("meeting-minutes", _minutes),
    Scene("meeting-written-together", together_scenes.written_together),
    Scene("meeting-typed-lines", typed_line_scenes.typed_lines),
    Scene("meeting-attendance", after_scenes.people),
    Scene("meeting-attendance-partners", after_scenes.partners),
    Scene("meeting-attendance-quorum", after_scenes.quorum),
    Scene("meeting-attendance-by-hand", after_scenes.by_hand),
    Scene("meeting-attendance-correct", after_scenes.correct),
    Scene("meeting-attendance-proxy", after_scenes.proxy),
    Scene("meeting-details", _meeting_tab("details", _PLANNED)),
    Scene("actions", _place(Place.ACTIONS, "open")),
    Scene("actions-all", _place(Place.ACTIONS, "all")),
    Scene("actions-by-person", action_scenes.grouped("person")),
    Scene("actions-by-lateness", action_scenes.grouped("lateness", "all")),
    Scene("actions-detail", action_scenes.detail("A14")),
    Scene("actions-proposal", action_scenes.proposal),
    Scene("actions-postpone", action_scenes.postpone),
    Scene("actions-give", action_scenes.give),
    Scene("actions-by-itself", action_scenes.by_itself),
    Scene("directory", _place(Place.DIRECTORY, Kind.ORGANISATION)),
    Scene("directory-inspector", _organisation),
    Scene("directory-people", _people),
    Scene("directory-import", _directory_import),
    Scene("directory-duplicates", _duplicates),
    Scene("import-people", _people_import),
    Scene("settings", _place(Place.SETTINGS)),
    Scene("help", help_scenes.findings),
    Scene("settings-hosts", _servers),
    Scene("add-server", _add_server),
    Scene("restore", _restore),
    Scene("import-preview", _import(_TABLE)),
    Scene("import-refused", _import("\x00")),
    Scene("meeting-agenda-days", agenda_scenes.days_and_sections),
    Scene("meeting-agenda-backlog", agenda_scenes.backlog),
    Scene("meeting-agenda-templates", agenda_scenes.templates),
    Scene("meeting-agenda-pasted", agenda_scenes.pasted),
    Scene("meeting-agenda-carry-over", agenda_scenes.carry_over),
    Scene("plan-import", plan_file_scenes.preview),
    Scene("plan-import-warnings", plan_file_scenes.warnings),
    Scene("plan-export-losses", plan_file_scenes.losses),
    Scene("crash", _crash),
    Scene("passphrase-first", _passphrase(first=True)),
    Scene("passphrase-again", _passphrase(first=False)),
    Scene("refused", _refused),
    Scene("search", _search),
    Scene("toast", _toast),
    Scene("project-consortium-changed", consortium_scenes.changed),
    Scene("team-here", team_scenes.here),
    Scene("team-used", team_scenes.team),
    Scene("team-key-conflict", team_scenes.key_conflict),
    Scene("team-key-renewal", team_scenes.key_renewal),
    Scene("team-choose", team_scenes.choose),
    Scene("team-refused", team_scenes.refused),
    Scene("team-conflict", team_scenes.conflict),
    Scene("team-deleted", team_scenes.deleted),
    Scene("team-copy", team_scenes.copy),
    Scene("team-lost", team_scenes.lost),
)
"""All scenes; `rendering` takes each in several sizes, schemes and languages."""

EMPTY = (
    Scene("home", _place(Place.HOME)),
    Scene("projects", _place(Place.PROJECTS)),
    Scene("meetings", _place(Place.MEETINGS)),
    Scene("actions", _place(Place.ACTIONS)),
    Scene("directory", _place(Place.DIRECTORY, Kind.ORGANISATION)),
)
"""The scenes that are pictured without any data."""

EMPTY_PROJECT = (
    Scene("project-consortium", _tab("consortium")),
    Scene("project-people", _tab("people")),
    Scene("project-tree", plan_scenes.tree),
    Scene("project-work-packages", _plan(Kind.WORK_PACKAGE)),
    Scene("project-risks", plan_scenes.risks),
    Scene("project-late", plan_scenes.late),
    Scene("project-check", plan_scenes.check),
    Scene("project-gantt", _tab("gantt")),
    Scene("project-bodies", _tab("bodies")),
    Scene("project-mailing-lists", consortium_scenes.lists),
    Scene("project-world", consortium_scenes.world),
)
"""The scenes that are pictured with a project that has nothing in it."""


def leave(stage: Stage) -> None:
    """Take away what a scene has opened over the window."""
    _search_closed(stage)
    stage.close_dialogs()
    stage.close_bars()
    _toast_closed(stage)
