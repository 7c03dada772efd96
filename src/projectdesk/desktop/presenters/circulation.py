"""The life of a meeting's minutes: where they stand, who has them, what was objected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.minutes import ObjectionState
from projectdesk.domain.rules.audit_chain import Break
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.audit import AuditRow
from projectdesk.services.circulation_rows import (
    CirculationOrder,
    CirculationPlan,
    MinutesLife,
    Notices,
    ReaderLink,
)
from projectdesk.services.minutes_versions import ItemChange, VersionRow
from projectdesk.services.rows import Changes, Kind, MeetingRow, PersonRow

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]
Done = Callable[[], None]


class FindsMinutesHosts(Protocol):
    """What knows the hosts of desks: `runtime.minutes_desks.MinutesDesks`."""

    def find_address(self, host: str, then: Callable[[str], None], failed: Failed) -> None:
        """Find a host; `then` gets the address that links begin with."""

    def publish(
        self, owner: UUID, then: Callable[[tuple[ReaderLink, ...]], None], failed: Failed
    ) -> None:
        """Send the desks of a revision; `then` gets the links of its readers."""


@dataclass(frozen=True)
class TrailFound:
    """The trail of one revision, and where it does not hold."""

    revision: int
    steps: Sequence[AuditRow]
    broken: Break | None


@dataclass(frozen=True)
class CirculationRows:
    """What the pane shows."""

    life: MinutesLife
    versions: Sequence[VersionRow]
    trails: Sequence[TrailFound]
    notices: Notices
    can_send: bool


@dataclass(frozen=True)
class CirculatingOffer:
    """What is asked before minutes are circulated. host: where the links will lead."""

    plan: CirculationPlan
    life: MinutesLife
    host: str
    can_send: bool


class CirculationView(Protocol):
    """Where it is shown."""

    def show_life(self, rows: CirculationRows) -> None:
        """Show everything."""

    def show_offer(self, offer: CirculatingOffer) -> None:
        """Ask to whom the minutes go."""

    def show_comparison(
        self, before: VersionRow, after: VersionRow, items: Sequence[ItemChange]
    ) -> None:
        """Show two versions side by side."""

    def show_links(self, links: Sequence[ReaderLink]) -> None:
        """Show personal links, to be copied."""

    def show_host_problem(self, words: str) -> None:
        """Say that links do not open yet; "" = they do."""


class CirculationPresenter(Presenter):
    """Presents the life of minutes and takes its steps."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.MEETING,
            Kind.MINUTES,
            Kind.MINUTES_READER,
            Kind.OBJECTION,
            Kind.VETO,
            Kind.DECISION,
            Kind.ACTION,
            Kind.PERSON,
            Kind.BODY,
            Kind.BODY_MEMBER,
            Kind.PROJECT,
        }
    )

    def __init__(
        self, session: Session, view: CirculationView, hosts: FindsMinutesHosts | None
    ) -> None:
        """Present.

        Args:
            session: the outside.
            view: where it is shown.
            hosts: what knows the hosts of desks; None where nothing is sent (pictures).
        """
        super().__init__(session)
        self._view = view
        self._hosts = hosts
        self.meeting: UUID | None = None
        self.life: MinutesLife | None = None

    def open(self, meeting: UUID) -> None:
        """Present the minutes of `meeting`."""
        self.meeting = meeting
        self.life = None
        self.reload()

    def load(self) -> None:
        """Ask for everything."""
        meeting = self.meeting
        if meeting is None:
            return

        def show(rows: CirculationRows) -> None:
            if rows.life.meeting_id == self.meeting:
                self.life = rows.life
                self._view.show_life(rows)

        self.ask(lambda ws: _rows(ws, meeting), show, lambda _: None)

    # --- circulating

    def ask_circulating(self) -> None:
        """Find out to whom the minutes would go; the view asks then."""
        meeting = self.meeting
        if meeting is not None:
            self.ask(lambda ws: _offer(ws, meeting), self._view.show_offer, self.refuse)

    def circulate(
        self,
        host: str,
        leave_out: Collection[UUID],
        message: str,
        *,
        folder: Path | None,
        anyway: bool,
        done: Done,
        failed: Failed,
    ) -> None:
        """Circulate the minutes; by mail, or (folder) as files for a mail program.

        Args:
            host: where the links lead, as of `Meeting.host`.
            leave_out: people who do not get them.
            message: a line of one's own.
            folder: where mails are saved; None = they are sent.
            anyway: also with links that only this computer or its network can open.
            done: it is done.
            failed: gets why it is not; nothing was circulated then.
        """
        meeting = self.meeting
        if meeting is None:
            return

        def work(workspace: Workspace, address: str) -> str:
            order = CirculationOrder(
                address,
                host=host,
                leave_out=frozenset(leave_out),
                send=folder is None,
                anyway=anyway or folder is not None,
                message=message,
            )
            if folder is not None:
                _, files = commands.circulate_to_files(workspace, meeting, order, folder)
                return _saved(len(files))
            made, _ = commands.circulate_minutes(workspace, meeting, order)
            return _queued(made.queued)

        def told(words: str) -> None:
            self._session.tell(Notice(say("The minutes are circulated.") + " " + words))
            done()

        def found(address: str) -> None:
            self.ask(lambda ws: work(ws, address), told, failed)

        self._address(host, found, failed)

    def send_again(
        self, readers: Collection[UUID], *, folder: Path | None = None, anyway: bool = False
    ) -> None:
        """Write to readers again, with the same links; or save the mails as files."""
        meeting, life = self.meeting, self.life
        if meeting is None or life is None or life.newest is None:
            return
        host = life.newest.host

        def work(workspace: Workspace, address: str) -> int:
            order = CirculationOrder(address, host=host, anyway=anyway or folder is not None)
            if folder is not None:
                found = commands.save_minutes_mails(workspace, meeting, order, folder, readers)
                return len(found)
            return commands.send_minutes_again(workspace, meeting, readers, order)[0]

        def told(count: int) -> None:
            self._session.tell(Notice(_queued(count) if folder is None else _saved(count)))

        self._address(host, lambda url: self.ask(lambda ws: work(ws, url), told, self.refuse))

    def show_links(self) -> None:
        """Ask for the personal links of the newest revision."""
        life = self.life
        if life is None or life.newest is None or self._hosts is None:
            return
        self._hosts.publish(
            life.newest.id,
            lambda links: None if self._closed else self._view.show_links(links),
            lambda error: self._view.show_host_problem(say_error(error)),
        )

    def find_people(self, then: Callable[[Sequence[PersonRow]], None]) -> None:
        """Find who could read the minutes besides."""
        life = self.life
        if life is None:
            return
        known = {row.person_id for row in life.readers}

        def work(workspace: Workspace) -> Sequence[PersonRow]:
            return [
                row for row in queries.people(workspace, life.project_id) if row.id not in known
            ]

        self.ask(work, then)

    def add_readers(self, people: Mapping[UUID, UUID | None], done: Done, failed: Failed) -> None:
        """Let more people read the minutes, and write to them where there is a mail account."""
        meeting = self.meeting
        if meeting is None:
            return

        def added(found: tuple[list[UUID], Changes]) -> None:
            done()
            if found[0]:
                self.send_again(found[0])

        self.ask(lambda ws: commands.add_minutes_readers(ws, meeting, people), added, failed)

    def revoke(self, reader: UUID) -> None:
        """Shut a reader's link."""
        self.change(lambda ws: commands.revoke_reader(ws, reader), say("The link is shut."))

    def renew(self, reader: UUID) -> None:
        """Issue a reader's link anew."""
        words = say("The link is issued anew. Send it again: the old one opens nothing.")
        self.change(lambda ws: commands.renew_reader_link(ws, reader), words)

    def note_received(self, reader: UUID) -> None:
        """Note that a reader said that the minutes came."""
        self.change(lambda ws: commands.note_received(ws, reader))

    # --- objections

    def enter_objection(
        self, reader: UUID, item: UUID | None, words: str, done: Done, failed: Failed
    ) -> None:
        """Write down an objection that came another way."""
        self.ask(
            lambda ws: commands.enter_objection(ws, reader, words, item), lambda _: done(), failed
        )

    def answer(self, objection: UUID, state: ObjectionState, words: str) -> None:
        """Answer an objection."""
        self.change(lambda ws: commands.answer_objection(ws, objection, state, words))

    # --- telling what became of them

    def choose_telling(self, by_itself: bool) -> None:
        """Say whether readers of this project's minutes are told by themselves."""
        life = self.life
        if life is not None:
            project = life.project_id
            self.change(lambda ws: commands.choose_notices(ws, project, by_itself))

    def tell_readers(self, folder: Path | None) -> None:
        """Tell readers what they were not told yet: by mail, or as files for a mail program."""
        meeting = self.meeting
        if meeting is None:
            return

        def work(workspace: Workspace) -> str:
            if folder is not None:
                return _saved(len(commands.save_notices(workspace, meeting, folder)))
            return _queued(commands.send_notices(workspace, meeting)[0])

        self.ask(work, lambda words: self._session.tell(Notice(words)), self.refuse)

    # --- revising and accepting

    def revise(self, reason: str, done: Done, failed: Failed) -> None:
        """Begin a new revision."""
        meeting = self.meeting
        if meeting is None:
            return

        def begun(_: object) -> None:
            self._session.tell(Notice(say("A new revision is begun, with the text as it is.")))
            done()

        self.ask(lambda ws: commands.revise_minutes(ws, meeting, reason), begun, failed)

    def accept(self) -> None:
        """Accept the minutes by the chair's word."""
        meeting = self.meeting
        if meeting is not None:
            self.change(
                lambda ws: commands.accept_minutes(ws, meeting), say("The minutes are accepted.")
            )

    def find_later(self, then: Callable[[Sequence[MeetingRow]], None]) -> None:
        """Find the meetings at which the minutes may have been approved, the newest first."""
        life = self.life
        if life is None:
            return

        def work(workspace: Workspace) -> Sequence[MeetingRow]:
            own = queries.meeting(workspace, life.meeting_id)
            later = [
                row
                for row in queries.meetings(workspace, life.project_id)
                if row.starts_at > own.starts_at
            ]
            same = [row for row in later if row.body_id == own.body_id]
            return list(reversed(same or later))

        self.ask(work, then)

    def approve(self, at: UUID, done: Done, failed: Failed) -> None:
        """Accept the minutes that the body approved at a later meeting."""
        meeting = self.meeting
        if meeting is not None:
            self.ask(lambda ws: commands.approve_minutes(ws, meeting, at), lambda _: done(), failed)

    # --- versions and the trail

    def compare(self, before: VersionRow, after: VersionRow) -> None:
        """Show how the minutes changed from one version to another."""
        from projectdesk.services import minutes_versions as kept

        def work(workspace: Workspace) -> Sequence[ItemChange]:
            return kept.compare(
                kept.version_content(workspace, before.minutes_id, before.number),
                kept.version_content(workspace, after.minutes_id, after.number),
            )

        self.ask(work, lambda items: self._view.show_comparison(before, after, items), self.refuse)

    def save_trail(self, out: Path) -> None:
        """Write the audit trail to a file."""
        from projectdesk.services.audit_files import export_trail

        meeting = self.meeting
        if meeting is not None:
            self.ask(
                lambda ws: export_trail(ws, meeting, out),
                lambda _: self._session.tell(Notice(say("Saved {file}.", file=out.name))),
                self.refuse,
            )

    # --- inside

    def _address(
        self, host: str, then: Callable[[str], None], failed: Failed | None = None
    ) -> None:
        if self._hosts is None:
            return

        def found(address: str) -> None:
            if not self._closed:
                then(address)

        self._hosts.find_address(host, found, failed or self.refuse)


def _queued(count: int) -> str:
    return say_count(count, "{count} mail is in the outbox.", "{count} mails are in the outbox.")


def _saved(count: int) -> str:
    return say_count(count, "{count} mail is saved.", "{count} mails are saved.")


# --- on the database's thread ---------------------------------------------------------------------


def _rows(workspace: Workspace, meeting: UUID) -> CirculationRows:
    from projectdesk.services import audit, mail_accounts, minutes_notices, minutes_versions

    life = queries.minutes_life(workspace, meeting)
    trails = []
    for each in life.revisions:
        steps = audit.trail(workspace, each.id)
        if steps:
            checked = audit.check(workspace, each.id)
            broken = checked.broken if checked is not None else None
            trails.append(TrailFound(each.revision, steps, broken))
    return CirculationRows(
        life,
        minutes_versions.versions(workspace, meeting),
        trails,
        minutes_notices.notices(workspace, meeting),
        mail_accounts.account(workspace.data) is not None,
    )


def _offer(workspace: Workspace, meeting: UUID) -> CirculatingOffer:
    from projectdesk.services import mail_accounts
    from projectdesk.services.meeting_hosts import default_host

    row = queries.meeting(workspace, meeting)
    return CirculatingOffer(
        queries.circulation_plan(workspace, meeting),
        queries.minutes_life(workspace, meeting),
        row.host or default_host(workspace),
        mail_accounts.account(workspace.data) is not None,
    )
