"""One meeting: its facts, agenda, invitees, attendance, documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.presenters.records import RecordsPresenter, RecordsView
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.meetings import CallRole
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.rows import (
    Changes,
    InvitationRow,
    Kind,
    MeetingRow,
)

if TYPE_CHECKING:
    from projectdesk.services.inviting.planning import Pending
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]
Links = Callable[[UUID, Callable[[dict[UUID, str]], None], Failed], None]
"""Gives the personal links of a meeting by invitation: (meeting, then, failed). The application
plugs in the host; it starts one if none runs."""


class MeetingView(Protocol):
    """Where one meeting is shown."""

    def show_meeting(self, row: MeetingRow) -> None:
        """Show the meeting."""

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside `field`."""

    def meeting_gone(self) -> None:
        """The meeting is no longer there."""


class MeetingPresenter(Presenter):
    """Presents the facts of one meeting."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.MEETING, Kind.AGENDA_ITEM, Kind.INVITATION, Kind.PROJECT}
    )

    def __init__(self, session: Session, view: MeetingView) -> None:
        super().__init__(session)
        self._view = view
        self._meeting: UUID | None = None
        self.row: MeetingRow | None = None

    def open(self, meeting: UUID) -> None:
        """Present `meeting`."""
        self._meeting = meeting
        self.row = None
        self.reload()

    def load(self) -> None:
        """Ask for the meeting."""
        meeting = self._meeting
        if meeting is not None:
            self.ask(
                lambda ws: queries.meeting(ws, meeting),
                self._show,
                lambda _: self._view.meeting_gone(),
            )

    def edit(self, values: dict[str, object], seen: MeetingRow | None = None) -> None:
        """Save fields; a refusal is said beside the first.

        Args:
            values: by the names of the domain's dataclass.
            seen: the meeting as it was when the person began; None = as it is shown now.
        """
        row = self.row if seen is None else seen
        if row is None or row.id != self._meeting:
            return

        def failed(error: ProjectDeskError) -> None:
            self._view.show_problem(next(iter(values)), say_error(error))

        self.save(Kind.MEETING, row.id, row.version, values, failed)

    def say_when_held(
        self,
        seen: MeetingRow,
        begin: datetime,
        end: datetime,
        then: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Say when the meeting was held, by the clock of its zone. seen: as it was shown then."""
        self.ask(
            lambda ws: commands.say_when_held(ws, seen.id, begin, end, seen.version),
            lambda _: then(),
            failed,
        )

    def forget_when_held(self) -> None:
        """Take back what was said of when the meeting was held."""
        row = self.row
        if row is not None:
            self.change(
                lambda ws: commands.forget_when_held(ws, row.id, row.version),
                say("Nobody says any more when it was held."),
            )

    def delete(self) -> None:
        """Delete the meeting."""
        row = self.row
        if row is not None:
            self.change(
                lambda ws: commands.delete(ws, Kind.MEETING, row.id, row.version),
                say("Deleted {what}.", what=row.title),
            )

    def export(self, what: str, form: str, out: Path, *, annex: bool = False) -> None:
        """Write a document (`commands.export_document`)."""
        row = self.row
        if row is None:
            return
        self._session.tell(Notice(say("Writing {file}…", file=out.name)))
        self._session.ask_long(
            lambda ws, _: commands.export_document(ws, row.id, what, form, out, annex=annex),
            lambda path: self._session.tell(Notice(say("Saved {file}.", file=path.name))),
            self.refuse,
        )

    def _show(self, row: MeetingRow) -> None:
        if row.id == self._meeting:
            self.row = row
            self._view.show_meeting(row)


def check_address(link: str) -> str:
    """Return where the connection check of a personal link is: `.../r/ROOM/check#TOKEN`."""
    page, _, token = link.partition("#")
    return f"{page}/check#{token}"


class InviteesPresenter(RecordsPresenter[InvitationRow]):
    """Presents who is invited to one meeting."""

    def __init__(
        self,
        session: Session,
        view: RecordsView[InvitationRow],
        links: Links,
        copy: Callable[[str], None],
    ) -> None:
        super().__init__(
            session,
            view,
            Kind.INVITATION,
            lambda _: (),
            frozenset({Kind.PERSON, Kind.PARTNER, Kind.MEETING}),
        )
        self._links = links
        self._copy = copy
        self._meeting: UUID | None = None

    def open(self, meeting: UUID) -> None:
        """Present the invitees of `meeting`."""
        self._meeting = meeting
        self.set_query(lambda ws: queries.invitations(ws, meeting))

    def copy_links(self, rows: Sequence[InvitationRow]) -> None:
        """Copy personal links: one alone as it is, several with names, one a line."""
        self._copy_urls(rows, lambda url: url)

    def copy_checks(self, rows: Sequence[InvitationRow]) -> None:
        """Copy the addresses at which invitees check their connection, by their personal links."""
        self._copy_urls(rows, check_address)

    def _copy_urls(self, rows: Sequence[InvitationRow], shaped: Callable[[str], str]) -> None:
        meeting = self._meeting
        if meeting is None:
            return
        wanted = [row for row in rows if not row.revoked]

        def then(links: dict[UUID, str]) -> None:
            found = [(row, shaped(links[row.id])) for row in wanted if row.id in links]
            if not found:
                self.say_problem(say("There is no link to copy: renew it first."))
                return
            one = len(rows) == 1
            lines = [url if one else f"{row.name}\t{row.email}\t{url}" for row, url in found]
            self._copy("\n".join(lines))
            words = say_count(len(found), "{count} link copied.", "{count} links copied.")
            parts = (words, say("Each is for one person only."), _reach(found[0][1]))
            self._session.tell(Notice(" ".join(part for part in parts if part)))

        self._links(meeting, then, self.refuse)

    def take_proposal(self, row: InvitationRow) -> None:
        """Move the meeting to the time that somebody proposed."""
        meeting, proposal = self._meeting, row.proposal
        if meeting is None or proposal is None:
            return

        def work(workspace: Workspace) -> Changes:
            known = queries.meeting(workspace, meeting)
            start = to_local(proposal.starts_at, known.zone)
            values: dict[str, object] = {"local_start": start}
            if proposal.duration_minutes:
                values["duration_minutes"] = proposal.duration_minutes
            return commands.set_fields(workspace, Kind.MEETING, meeting, known.version, values)

        self.change(work, say("Meeting moved. Nobody was told yet: send the update."))

    def dismiss_proposals(self, rows: Iterable[InvitationRow]) -> None:
        """Keep the meeting's time: what was proposed is no longer shown."""
        for row in rows:
            self.change(partial(_dismissed, row.id))

    def ask_pending(self, then: Callable[[Pending], None]) -> None:
        """Ask how many still have to be told."""
        meeting = self._meeting
        if meeting is not None:
            self.ask(partial(_pending, meeting), then, lambda _: None)

    def revoke(self, rows: Iterable[InvitationRow]) -> None:
        """Shut personal links."""
        for row in rows:
            self._on_link(commands.revoke_invitation, row, say("Link of {who} revoked."))

    def renew(self, rows: Iterable[InvitationRow]) -> None:
        """Issue personal links anew; the old ones no longer work."""
        for row in rows:
            self._on_link(
                commands.renew_invitation,
                row,
                say("New link for {who}: the old one no longer works. Send it again."),
            )

    def _on_link(
        self,
        command: Callable[[Workspace, UUID, int], Changes],
        row: InvitationRow,
        words: str,
    ) -> None:
        self.change(lambda ws: command(ws, row.id, row.version), words.replace("{who}", row.name))

    def invite(
        self,
        people: Sequence[UUID],
        role: CallRole,
        then: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Invite people in one role."""
        meeting = self._meeting
        if meeting is None:
            return

        def work(workspace: Workspace) -> int:
            for person in people:
                commands.invite(workspace, meeting, person, role)
            return len(people)

        def done(count: int) -> None:
            then()
            words = say_count(count, "{count} person invited.", "{count} people invited.")
            self._session.tell(Notice(words))

        self.ask(work, done, failed)


def _dismissed(invitation: UUID, workspace: Workspace) -> Changes:
    from projectdesk.services.commands.invitations import dismiss_proposal

    return dismiss_proposal(workspace, invitation)


def _pending(meeting: UUID, workspace: Workspace) -> Pending:
    # Loaded when an invitation is looked at: it knows the account of mail.
    from projectdesk.services.inviting.planning import pending
    from projectdesk.services.inviting.sender import known_sender

    sender = known_sender(workspace, meeting)
    return pending(workspace, meeting, sender.address if sender else "")


def _reach(url: str) -> str:
    """Return what guests have to be told of a link that not everybody can open, else ""."""
    from projectdesk.secrets.authority import is_private

    host = urlsplit(url).hostname or ""
    if host in {"127.0.0.1", "::1", "localhost"}:
        return say("It opens on this computer only.")
    if is_private(host):
        return say(
            "Guests must be in your network, and their browsers warn of a certificate that they "
            "do not know: tell them beforehand."
        )
    return ""


def local_start(row: MeetingRow, day: object = None, at: object = None) -> datetime:
    """Return a meeting's planned start with another day or another time.

    Args:
        row: the meeting.
        day: a `date`, or None = as it is.
        at: a `time`, or None = as it is.
    """
    new_day = day if isinstance(day, date) else row.local_start.date()
    new_time = at if isinstance(at, time) else row.local_start.time()
    return datetime.combine(new_day, new_time)
