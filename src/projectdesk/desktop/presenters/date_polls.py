"""Date polls of a project or of all: the chosen one with dates and answers, and what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.models.slot_words import ChosenSlots
from projectdesk.desktop.presenters.asking import (
    AskingPresenter,
    AskingView,
    Done,
    Failed,
    Letters,
    can_send_mail,
)
from projectdesk.desktop.runtime.session import Notice
from projectdesk.domain.preparation import DateChoice
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services import commands, queries
from projectdesk.services.commands import NewVoter
from projectdesk.services.consortium_rows import MailingListRow
from projectdesk.services.poll_rows import (
    DateOptionRow,
    DatePollDetail,
    DatePollRow,
    DateVoterRow,
    PollLink,
)
from projectdesk.services.rows import Changes, Kind, PersonRow, ProjectRow

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class Askable:
    """Whom a new poll can ask: lists and people of its project."""

    project: ProjectRow
    lists: tuple[MailingListRow, ...]
    people: tuple[PersonRow, ...]


class PollsView(AskingView, Protocol):
    """Where polls are shown."""

    def show_polls(self, rows: Sequence[DatePollRow]) -> None:
        """Show the polls."""

    def show_poll(self, found: DatePollDetail | None) -> None:
        """Show the chosen one."""

    def select_poll(self, poll: UUID) -> None:
        """Choose a poll as soon as it is there."""


class PollsPresenter(AskingPresenter[DatePollDetail, PollLink]):
    """Presents date polls."""

    _view: PollsView
    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.DATE_POLL,
            Kind.DATE_OPTION,
            Kind.DATE_VOTER,
            Kind.DATE_VOTE,
            Kind.PERSON,
            Kind.PARTNER,
            Kind.PROJECT,
            Kind.MEETING,
        }
    )

    # --- making

    def find_askable(self, project: UUID | None, then: Callable[[Sequence[Askable]], None]) -> None:
        """Find whom a poll can ask, in a project or in each."""
        wanted = project or self._project
        self.ask(lambda ws: _askable(ws, wanted), then, self.refuse)

    def create(
        self,
        project: UUID,
        values: Mapping[str, Any],
        voters: Sequence[NewVoter],
        done: Done,
        failed: Failed,
    ) -> None:
        """Make a poll and choose it."""

        def made(result: tuple[UUID, Changes]) -> None:
            done()
            self._view.select_poll(result[0])

        given = dict(values)
        title, zone = given.pop("title"), given.pop("zone")
        self.ask(
            lambda ws: commands.create_poll(ws, project, title, zone, (), voters, **given),
            made,
            failed,
        )

    def create_from(self, chosen: ChosenSlots) -> None:
        """Make a poll of times that the slot finder found, and choose it."""
        starts = [to_local(each, chosen.zone) for each in chosen.starts]
        voters = [NewVoter(each) for each in chosen.required]
        voters += [NewVoter(each, required=False) for each in chosen.optional]

        def work(workspace: Workspace) -> tuple[UUID, Changes]:
            title = say("Date poll")
            fields: dict[str, Any] = {"duration_minutes": chosen.minutes}
            if chosen.meeting_id is not None:
                title = queries.meeting(workspace, chosen.meeting_id).title
            elif chosen.body_id is not None:
                fields["body_id"] = chosen.body_id
                bodies = queries.bodies(workspace, chosen.project_id)
                title = next((b.name for b in bodies if b.id == chosen.body_id), title)
            return commands.create_poll(
                workspace,
                chosen.project_id,
                title,
                chosen.zone,
                starts,
                voters,
                meeting_id=chosen.meeting_id,
                **fields,
            )

        self.ask(work, lambda made: self._view.select_poll(made[0]), self.refuse)

    def edit(self, row: DatePollRow, values: Mapping[str, Any], failed: Failed) -> None:
        """Save fields of a poll."""
        self.save(Kind.DATE_POLL, row.id, row.version, values, failed)

    def delete(self, row: DatePollRow) -> None:
        """Delete a poll with what was answered."""
        self.change(
            lambda ws: commands.delete(ws, Kind.DATE_POLL, row.id, row.version),
            say("Deleted {what}.", what=row.title),
        )

    def add_date(self, poll: UUID, start: datetime, done: Done, failed: Failed) -> None:
        """Offer another date."""
        self.ask(lambda ws: commands.add_dates(ws, poll, [start]), lambda _: done(), failed)

    def drop_date(self, row: DateOptionRow) -> None:
        """Take a date away, with what was said of it."""
        self.change(
            lambda ws: commands.delete(ws, Kind.DATE_OPTION, row.id, row.version),
            say("Taken away."),
        )

    def set_voters(self, found: DatePollDetail, wanted: Mapping[UUID, bool]) -> None:
        """Make these the voters: person to whether they are needed; others are taken away."""
        poll = found.poll.id

        def work(workspace: Workspace) -> Changes:
            return commands.set_voters(workspace, poll, wanted)

        self.change(work)

    def set_required(self, voter: DateVoterRow, required: bool) -> None:
        """Say whether a voter is needed."""
        self.save(Kind.DATE_VOTER, voter.id, voter.version, {"required": required})

    # --- asking

    def open_poll(self, poll: UUID) -> None:
        """Open a poll, send its desks to the host, and offer to write to the voters."""
        self.ask(
            lambda ws: commands.open_poll(ws, poll),
            lambda _: self.offer(poll, None, reminder=False),
            self.refuse,
        )

    def send(
        self,
        poll: UUID,
        letters: Letters,
        done: Done,
        failed: Failed,
        *,
        again: bool = False,
        anyway: bool = False,
    ) -> None:
        """Put the letters into the outbox.

        again: also to who was asked already. anyway: also with links that only this network opens.
        """
        ids = {link.voter_id for link in letters.links}

        self.ask(
            lambda ws: commands.mail_voters(
                ws,
                poll,
                letters.links,
                ids,
                reminder=letters.reminder,
                again=again,
                anyway=anyway,
            ),
            self._queued(done),
            failed,
        )

    def reminded(self, voter: UUID) -> None:
        """Note that a voter was reminded another way."""
        self.change(lambda ws: commands.remind_voters(ws, [voter]))

    def renew(self, poll: UUID, voter: DateVoterRow) -> None:
        """Issue a link anew; the old one ends at once."""
        self.ask(
            lambda ws: commands.renew_poll_link(ws, voter.id),
            lambda _: self.offer(poll, frozenset({voter.id}), reminder=False),
            self.refuse,
        )

    def revoke(self, voter: DateVoterRow) -> None:
        """Shut a link."""
        self.change(
            lambda ws: commands.revoke_voter(ws, voter.id),
            say("The link of {name} opens nothing any more.", name=voter.name),
        )

    def enter(self, answers: Mapping[UUID, Mapping[UUID, DateChoice | None]]) -> None:
        """Enter what voters said of dates another way, as one change."""
        self.change(lambda ws: commands.enter_answers(ws, answers))

    # --- closing

    def close_poll(
        self,
        found: DatePollDetail,
        option: UUID,
        done: Callable[[UUID], None],
        failed: Failed,
        *,
        tell: bool,
    ) -> None:
        """Choose a date: it becomes the meeting."""

        def closed(result: tuple[UUID, Changes]) -> None:
            words = say("The date of {what} is chosen.", what=found.poll.title)
            undo = None if tell else result[1].change_id
            self._session.tell(Notice(words, undo=undo))
            done(result[0])

        self.ask(
            lambda ws: commands.close_poll(ws, found.poll.id, option, tell=tell), closed, failed
        )

    def cancel(self, poll: DatePollRow, *, tell: bool) -> None:
        """Call a poll off."""
        self.change(
            lambda ws: commands.cancel_poll(ws, poll.id, tell=tell),
            say("{what} is called off.", what=poll.title),
        )

    # --- of the chosen one

    def _load_list(self) -> None:
        project = self._project
        self.ask(lambda ws: queries.date_polls(ws, project), self._view.show_polls)

    def _find(self, workspace: Workspace, chosen: UUID) -> DatePollDetail:
        return queries.date_poll(workspace, chosen)

    def _show_chosen(self, found: DatePollDetail | None) -> None:
        self._view.show_poll(found)

    def _asked_by(self, link: PollLink) -> UUID:
        return link.voter_id

    def _write_letters(
        self, workspace: Workspace, owner: UUID, links: Sequence[PollLink], *, reminder: bool
    ) -> Letters:
        mails = commands.asking_letters(workspace, owner, links, reminder=reminder)
        asked = frozenset[UUID]() if reminder else commands.asked_by_mail(workspace, owner, links)
        can_send = can_send_mail(workspace) and bool(mails)
        return Letters(tuple(links), mails, can_send, reminder, asked)


def _askable(workspace: Workspace, project: UUID | None) -> list[Askable]:
    rows = queries.projects(workspace)
    return [
        Askable(
            row,
            tuple(queries.mailing_lists(workspace, row.id)),
            tuple(queries.people(workspace, row.id)),
        )
        for row in rows
        if project is None or row.id == project
    ]
