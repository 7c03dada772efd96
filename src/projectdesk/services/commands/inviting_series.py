"""Send a series as a whole: one mail for one person, with all dates and their links."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import Invitation
from projectdesk.domain.rules.invitation_changes import Telling
from projectdesk.errors import DomainError
from projectdesk.mail.invitation_words import Words
from projectdesk.mail.message import InlineImage
from projectdesk.mail.words import language_of
from projectdesk.services.commands.inviting import (
    Request,
    forget_answer,
    is_answer_before,
    moved_at,
    queue_all,
    write_files,
)
from projectdesk.services.inviting.composing import Composed, Sending, compose_for
from projectdesk.services.inviting.logo import find_logo
from projectdesk.services.inviting.planning import InviteeLine
from projectdesk.services.inviting.public_links import check_links
from projectdesk.services.inviting.series_planning import (
    Date,
    SeriesPlan,
    date_lines,
    events_of,
    read_series_plan,
)
from projectdesk.services.inviting.told import Told, keep_told
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace


def compose_series(workspace: Workspace, series_id: UUID, request: Request) -> tuple[Composed, ...]:
    """Return the mails of a series as they would be sent now; nothing is changed.

    Raises:
        NotFound: no such series.
        DomainError: `not_planned`; `bad_email`.
    """
    with workspace.read() as session:
        series = read_series_plan(session, series_id, request.sender.address)
        logo = find_logo(session, workspace.data, series.series.project_id)
        return _compose(series, request, _sending(series, request, logo, workspace.now()))


def send_series(
    workspace: Workspace,
    series_id: UUID,
    request: Request,
    *,
    anyway: bool = False,
    folder: Path | None = None,
) -> tuple[tuple[Composed, ...], list[Path], Changes]:
    """Put the mails of a series into the outbox, or write them to a folder, as one change.

    Returns:
        The mails, the files that were written, and what changed.

    Raises:
        NotFound: no such series.
        DomainError: `link_not_public`; `nothing_to_send`; `not_planned`; `bad_email`.
        EnvironmentFailure: `folder_unusable`.
    """
    if not anyway:
        check_links(request.links)
    paths: list[Path] = []
    with workspace.change("Send a series", undoable=False, in_turn=True) as unit:
        series = read_series_plan(unit.session, series_id, request.sender.address)
        logo = find_logo(unit.session, workspace.data, series.series.project_id)
        sending = _sending(series, request, logo, unit.now)
        composed = _compose(series, request, sending)
        if not composed:
            raise DomainError(
                "nothing_to_send", "Everybody who can be written to knows it. Nothing was sent."
            )
        unit.label = f"Send the series {series.series.title}"
        for each in composed:
            _mark(unit, series, each, sending.sequence)
        series.series.sequence = sending.sequence
        for date in {
            date.subject.id: date for found in series.dates.values() for date in found
        }.values():
            meeting = date.subject.meeting
            meeting.sequence = sending.sequence
            if meeting.invited_at is None:
                meeting.invited_at = unit.now
        if folder is not None:
            paths = write_files(composed, folder)
        else:
            queue_all(unit, series.plan, composed, anyway=anyway)
    return composed, paths, unit.changes


# --- inside ---------------------------------------------------------------------------------------


def _chosen(series: SeriesPlan, request: Request) -> tuple[InviteeLine, ...]:
    return tuple(
        line for line in series.plan.outgoing if request.chosen is None or line.id in request.chosen
    )


def _sending(
    series: SeriesPlan, request: Request, logo: InlineImage | None, now: datetime
) -> Sending:
    return Sending(
        sender=request.sender,
        organiser="",
        links=request.links,
        agenda=(),
        logo=logo,
        note=request.note.strip(),
        sequence=series.plan.sequence_for(_chosen(series, request)),
        now=now,
    )


def _compose(series: SeriesPlan, request: Request, sending: Sending) -> tuple[Composed, ...]:
    made = []
    for line in _chosen(series, request):
        words = Words(language_of(line.languages))
        dates = date_lines(series, line, words, sending)
        description = "\n".join(
            "  ".join(part for part in (each.when, each.note, each.link) if part) for each in dates
        )
        events = events_of(series, line, sending, description)
        made.append(
            compose_for(
                series.plan,
                line,
                sending,
                new_id(),
                events=events,
                dates=dates if line.telling is not Telling.CANCEL else (),
            )
        )
    return tuple(made)


def _mark(unit: Unit, series: SeriesPlan, each: Composed, sequence: int) -> None:
    """Keep what one person is told by this mail: of the series, and of each of its dates."""
    line, told = each.line, each.line.told
    asks = told is None or line.asks_again
    keep_told(
        unit.session,
        Told(
            subject_id=series.series.id,
            person_id=line.id,
            invitation_id=line.invitation_id or line.id,
            uid=series.plan.subject.uid,
            recurrence="",
            address=line.email,
            sequence=sequence,
            asked_sequence=sequence if asks or told is None else told.asked_sequence,
            cancelled=line.telling is Telling.CANCEL,
            facts=line.now,
            sent_at=unit.now,
            replied=told.replied if told is not None else None,
        ),
    )
    for date in series.dates[line.id]:
        _mark_date(unit, date, sequence, asks=asks)


def _mark_date(unit: Unit, date: Date, sequence: int, *, asks: bool) -> None:
    line, told = date.line, date.line.told
    if not date.stands and told is None:
        return
    asks = told is None or line.asks_again or (asks and line.telling is not Telling.NOTHING)
    if date.stands and line.invitation_id is not None:
        invitation = unit.get(Invitation, line.invitation_id)
        invitation.sent_at, invitation.sent_sequence = unit.now, sequence
        if asks and told is not None:
            since = moved_at(unit, date.subject.id)
            if is_answer_before(invitation, since, told):
                forget_answer(invitation)
    keep_told(
        unit.session,
        Told(
            subject_id=date.subject.id,
            person_id=line.id,
            invitation_id=line.invitation_id or (told.invitation_id if told else line.id),
            uid=date.subject.uid,
            recurrence=date.subject.recurrence,
            address=line.email,
            sequence=sequence,
            asked_sequence=sequence if asks or told is None else told.asked_sequence,
            cancelled=not date.stands,
            facts=line.now,
            sent_at=unit.now,
            replied=told.replied if told is not None else None,
            proposal=told.proposal if told is not None and not asks else None,
        ),
    )
