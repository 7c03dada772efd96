"""Pictures of what comes before a meeting: notice, reminders, the pack of a review."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import cast
from uuid import UUID

from PySide6.QtWidgets import QScrollArea, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.pages.kept_texts import KeptTextsDialog, offer_texts
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.pages.meeting.review import LOG, PACK, ReviewPane
from projectdesk.desktop.pages.settings import SettingsPage
from projectdesk.desktop.routes import Place
from projectdesk.desktop.runtime.draft_file import Draft
from projectdesk.domain.meetings import AgendaItem, ItemKind, MeetingType
from projectdesk.domain.preparation import QuestionState
from projectdesk.domain.rules.notice import NoticeRule
from projectdesk.domain.rules.retention import Kept
from projectdesk.screens.stage import NOW, Stage
from projectdesk.services import commands, queries
from projectdesk.services.erasing import Erased
from projectdesk.services.queries.alarms import AlarmRow
from projectdesk.services.rows import Kind

_TITLE = "General Assembly 2"
_START = datetime(2026, 12, 15, 10)  # noqa: DTZ001 - a planned time is local
_ASKED = (
    "Lorenzo: How do you keep D3.1 working when a harbour loses power?",
    "Margit: Which part of WP4 is ready to be used without you?",
    "Lorenzo: Why was MS2 achieved two days late?",
    "Who owns the data of the crews?",
)
_ANSWER = "Each mast has a battery for nine days; the figures follow in writing."
_LATER = (("Budget: 18,000 euro for a second buoy", True), ("Visit to the pilot harbour", False))


def notice(stage: Stage) -> None:
    """Show the notice of an assembly that was invited to a day late, with items added later."""
    stage.go(Place.MEETING, _assembly(stage), "details")


def home(stage: Stage) -> None:
    """Show what Home says of notice that is near or missed."""
    _assembly(stage)
    stage.go(Place.HOME)


def privacy(stage: Stage) -> None:
    """Show how long things are kept."""
    stage.go(Place.SETTINGS)
    page = cast(SettingsPage, stage.workbench.page(Place.SETTINGS))
    stage.settle()
    for area in page.findChildren(QScrollArea):
        area.ensureWidgetVisible(page.privacy, 0, 0)
        card = cast(QWidget, page.privacy.parentWidget())
        area.verticalScrollBar().setValue(card.y() - 20)


def erasing(stage: Stage) -> None:
    """Show what would be erased, before it is."""
    privacy(stage)
    page = cast(SettingsPage, stage.workbench.page(Place.SETTINGS))
    found = [
        Erased(Kept.CAPTIONS.value, 90, 412, waiting=38),
        Erased(Kept.CALL_FILES.value, 365, 7, 5_000_000),
        Erased("documents", 7, 2, 1_200_000, waiting=1),
    ]
    page.privacy.confirm(found)


def kept_texts(stage: Stage) -> None:
    """Show the texts that were not saved when the desktop ended."""
    stage.go(Place.HOME)
    words = (
        "We object to item 3: the share of the pilot harbour was agreed in June, and the minutes "
        "say something else.",
        "Dear all, the hotel asks for the list of guests by Friday.",
    )
    where = ((say("Objections"), say("Answer")), (say("Circulate the minutes"), say("Note")))
    drafts = [
        Draft(f"kept {number}", text, NOW, label=label, where=title)
        for number, (text, (title, label)) in enumerate(zip(words, where, strict=True))
    ]
    keeper = stage.workbench.half_typed
    keeper._left.update({each.key: each for each in drafts})
    offer_texts(stage.shell, keeper)
    KeptTextsDialog(stage.shell, keeper).open()


def settings(stage: Stage) -> None:
    """Show where reminders and the notice before a meeting are set."""
    stage.go(Place.SETTINGS)
    page = cast(SettingsPage, stage.workbench.page(Place.SETTINGS))
    stage.settle()
    for area in page.findChildren(QScrollArea):
        area.ensureWidgetVisible(page.reminders, 0, 200)


def when_sent(stage: Stage) -> None:
    """Show how one says when the agenda was sent."""
    notice(stage)
    page = cast(MeetingPage, stage.workbench.page(Place.MEETING))
    page.preparing.ask_when_sent(NoticeRule.AGENDA)


def reminders(stage: Stage) -> None:
    """Show the reminders of a meeting, and who has checked the connection."""
    meeting = _review(stage)
    commands.add_reminders(stage.workspace, meeting, [7 * 24 * 60, 24 * 60, 60])
    stage.go(Place.MEETING, meeting, "details")


def begins(stage: Stage) -> None:
    """Show what is said before a meeting begins."""
    meeting = _review(stage)
    row = queries.meeting(stage.workspace, meeting)
    stage.go(Place.HOME)
    stage.workbench.coming.announce(
        AlarmRow(meeting, row.project_id, row.project, row.title, NOW + timedelta(minutes=5), "")
    )
    stage.settle()


def review(stage: Stage) -> None:
    """Show the pack of a review."""
    if (bar := stage.workbench.coming.bar) is not None:
        bar.hide()
    stage.go(Place.MEETING, _review(stage), "review")
    _review_pane(stage).show_part(PACK)


def questions(stage: Stage) -> None:
    """Show what was asked at a review, with one of the questions beside."""
    meeting = _review(stage)
    if not queries.review_questions(stage.workspace, meeting_id=meeting):
        for typed in _ASKED:
            commands.add_question(stage.workspace, meeting, typed)
        row = queries.review_questions(stage.workspace, meeting_id=meeting)[0]
        values = {"answer": _ANSWER, "state": QuestionState.FOLLOW_UP, "due_on": date(2026, 12, 15)}
        commands.set_fields(stage.workspace, Kind.REVIEW_QUESTION, row.id, row.version, values)
    review(stage)
    pane = _review_pane(stage)
    pane.show_part(LOG)
    stage.settle()
    pane.questions.table.select(pane.questions.table.shown()[0].id)


def rehearse(stage: Stage) -> None:
    """Show how a rehearsal is planned."""
    review(stage)
    _review_pane(stage).ask_rehearsal()


def _review_pane(stage: Stage) -> ReviewPane:
    stage.settle()
    return cast(MeetingPage, stage.workbench.page(Place.MEETING)).review


def _review(stage: Stage) -> UUID:
    """Return the review of the project, made where it has none."""
    workspace = stage.workspace
    for row in queries.meetings(workspace):
        if row.type is MeetingType.INTERIM_REVIEW:
            return row.id
    project = queries.projects(workspace)[0].id
    kind = MeetingType.INTERIM_REVIEW
    return commands.plan_meeting(workspace, project, kind, _START, "Europe/Brussels")[0]


def _assembly(stage: Stage) -> UUID:
    """Return the assembly, made when it is first needed."""
    workspace = stage.workspace
    for row in queries.meetings(workspace):
        if row.title == _TITLE:
            return row.id
    project = queries.projects(workspace)[0].id
    kind = MeetingType.GENERAL_ASSEMBLY
    made, _ = commands.plan_meeting(workspace, project, kind, _START, "Europe/Lisbon", title=_TITLE)
    row = queries.meeting(workspace, made)
    if row.body_id is None:  # large real projects have none
        body = {"project_id": project, "name": "General Assembly"}
        body_id, _ = commands.create(workspace, Kind.BODY, body)
        commands.set_fields(workspace, Kind.MEETING, made, row.version, {"body_id": body_id})
    sent = {NoticeRule.INVITATION: date(2026, 11, 1), NoticeRule.AGENDA: date(2026, 11, 20)}
    for rule, day in sent.items():
        commands.note_sent(workspace, made, queries.meeting(workspace, made).version, rule, day)
    with workspace.change("Add items") as unit:
        for place, (title, decision) in enumerate(_LATER, 20):
            unit.add(
                AgendaItem(
                    meeting_id=made,
                    position=place,
                    title=title,
                    kind=ItemKind.DECISION if decision else ItemKind.DISCUSSION,
                    added_at=datetime(2026, 11, 23, 15, tzinfo=UTC),
                )
            )
    return made
