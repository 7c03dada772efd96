"""Written procedures of a project or of all: the chosen one with its seats, and what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.asking import (
    AskingPresenter,
    AskingView,
    Done,
    Failed,
    Letters,
    can_send_mail,
)
from projectdesk.services import commands, queries
from projectdesk.services.poll_rows import PollLink
from projectdesk.services.procedure_keys import Manner
from projectdesk.services.procedure_rows import (
    BallotLink,
    DecidingBody,
    SeatRow,
    VotingDetail,
    VotingRow,
)
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


class ProceduresView(AskingView, Protocol):
    """Where procedures are shown."""

    def show_procedures(self, rows: Sequence[VotingRow]) -> None:
        """Show the procedures."""

    def show_procedure(self, found: VotingDetail | None) -> None:
        """Show the chosen one."""

    def select_procedure(self, vote: UUID) -> None:
        """Choose a procedure as soon as it is there."""


class ProceduresPresenter(AskingPresenter[VotingDetail, BallotLink]):
    """Presents written procedures."""

    _view: ProceduresView
    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.VOTE,
            Kind.VOTE_SEAT,
            Kind.DECISION,
            Kind.DOCUMENT,
            Kind.VETO,
            Kind.BODY,
            Kind.BODY_MEMBER,
            Kind.PERSON,
            Kind.PARTNER,
            Kind.PROJECT,
        }
    )

    # --- making

    def find_bodies(self, then: Callable[[Sequence[DecidingBody]], None]) -> None:
        """Find the bodies that can decide, of the project or of each."""
        project = self._project
        self.ask(lambda ws: queries.deciding_bodies(ws, project), then, self.refuse)

    def create(self, body: UUID, values: Mapping[str, Any], done: Done, failed: Failed) -> None:
        """Make a procedure and choose it."""

        def made(result: tuple[UUID, Changes]) -> None:
            done()
            self._view.select_procedure(result[0])

        given = dict(values)
        question = given.pop("question")
        self.ask(lambda ws: commands.create_procedure(ws, body, question, **given), made, failed)

    def edit(
        self, vote: UUID, values: Mapping[str, Any], manner: Manner, done: Done, failed: Failed
    ) -> None:
        """Change a draft."""
        self.ask(
            lambda ws: commands.change_procedure(ws, vote, manner, **values),
            lambda _: done(),
            failed,
        )

    def delete(self, row: VotingRow) -> None:
        """Delete a draft."""
        self.change(
            lambda ws: commands.delete(ws, Kind.VOTE, row.id, row.version),
            say("Deleted {what}.", what=row.label),
        )

    # --- asking

    def open_procedure(self, vote: UUID, failed: Failed) -> None:
        """Open a procedure, send its desks to the host, and offer to write to the members."""
        self.ask(
            lambda ws: commands.open_procedure(ws, vote),
            lambda _: self.offer(vote, None, reminder=False),
            failed,
        )

    def send(
        self,
        vote: UUID,
        letters: Letters,
        done: Done,
        failed: Failed,
        *,
        again: bool = False,
        anyway: bool = False,
    ) -> None:
        """Put the letters into the outbox."""
        links = [BallotLink(each.voter_id, each.name, "", each.email, each.url)
                 for each in letters.links]  # fmt: skip
        ids = {link.seat_id for link in links}

        self.ask(
            lambda ws: commands.mail_members(
                ws, vote, links, ids, reminder=letters.reminder, again=again, anyway=anyway
            ),
            self._queued(done),
            failed,
        )

    def written(self, seat: UUID, *, reminder: bool) -> None:
        """Note that a member was asked or reminded another way."""
        self.change(lambda ws: commands.note_asked(ws, [seat], reminder=reminder))

    def renew(self, vote: UUID, seat: SeatRow) -> None:
        """Issue a link anew; the old one ends at once."""
        self.ask(
            lambda ws: commands.renew_ballot_link(ws, seat.id),
            lambda _: self.offer(vote, frozenset({seat.id}), reminder=False),
            self.refuse,
        )

    def set_voter(
        self, vote: UUID, seat: SeatRow, person: UUID, done: Done, failed: Failed
    ) -> None:
        """Let another person vote for a member, and offer to write to them."""

        def then(_changes: Changes) -> None:
            done()
            self.offer(vote, frozenset({seat.id}), reminder=False)

        self.ask(lambda ws: commands.set_voter(ws, seat.id, person), then, failed)

    def revoke(self, seat: SeatRow) -> None:
        """Shut a link."""
        self.change(
            lambda ws: commands.revoke_ballot_link(ws, seat.id),
            say("The link of {name} opens nothing any more.", name=seat.voter or seat.partner),
        )

    def enter(self, seat: UUID, choice: str) -> None:
        """Enter what a member voted another way."""
        self.change(lambda ws: commands.enter_ballot(ws, seat, choice))

    # --- closing

    def close_procedure(self, vote: UUID, done: Done, failed: Failed, *, tell: bool) -> None:
        """Count the votes; what is carried becomes a decision."""
        self.ask(
            lambda ws: commands.close_procedure(ws, vote, tell=tell, even_if_early=True),
            lambda _: done(),
            failed,
        )

    def tell_result(self, vote: UUID, done: Done, failed: Failed, *, by_mail: bool) -> None:
        """Give notice of the result: the time for a veto runs from now."""
        self.ask(
            lambda ws: commands.tell_result(ws, vote, by_mail=by_mail),
            lambda _: done(),
            failed,
        )

    def cancel(self, row: VotingRow, *, tell: bool) -> None:
        """Call a procedure off."""
        self.change(
            lambda ws: commands.cancel_procedure(ws, row.id, tell=tell),
            say("{what} is called off.", what=row.label),
        )

    # --- of the chosen one

    def _load_list(self) -> None:
        project = self._project
        self.ask(lambda ws: queries.procedures(ws, project), self._view.show_procedures)

    def _find(self, workspace: Workspace, chosen: UUID) -> VotingDetail:
        return queries.vote_detail(workspace, chosen)

    def _show_chosen(self, found: VotingDetail | None) -> None:
        self._view.show_procedure(found)

    def _asked_by(self, link: BallotLink) -> UUID:
        return link.seat_id

    def _write_letters(
        self, workspace: Workspace, owner: UUID, links: Sequence[BallotLink], *, reminder: bool
    ) -> Letters:
        return letters_for(workspace, owner, links, reminder=reminder)


def letters_for(
    workspace: Workspace, vote: UUID, links: Sequence[BallotLink], *, reminder: bool
) -> Letters:
    """Return what the members of these links are written, as the dialog of letters shows it."""
    occasion = commands.BallotOccasion.REMINDER if reminder else commands.BallotOccasion.QUESTION
    mails = commands.ballot_letters(workspace, vote, links, occasion)
    asked = frozenset[UUID]() if reminder else commands.asked_members(workspace, vote, links)
    shown = tuple(
        PollLink(link.seat_id, f"{link.partner}: {link.name}", link.email, link.url)
        for link in links
    )
    return Letters(shown, mails, can_send_mail(workspace) and bool(mails), reminder, asked)
