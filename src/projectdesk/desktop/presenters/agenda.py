"""The agenda of one meeting: order, backlog, carry-over, templates, import, sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models.agenda_lines import AgendaLine, Place, lines_of, place_at
from projectdesk.desktop.models.entries import NotAValue, read_time
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.presenters.records import RecordsPresenter, RecordsView
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.meetings import MeetingState
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.agenda_rows import AgendaPlan, BacklogRow, TemplateRow, titled
from projectdesk.services.rows import Changes, Kind, MeetingRow

if TYPE_CHECKING:
    from projectdesk.services.queries.agenda_drafts import FilledTemplate, ImportedAgenda
    from projectdesk.services.queries.backlog import CarryOver
    from projectdesk.services.workspace import Workspace

Done = Callable[[], None]
Failed = Callable[[ProjectDeskError], None]
_WATCHED = frozenset(
    {
        Kind.MEETING,
        Kind.PERSON,
        Kind.BACKLOG_ITEM,
        Kind.DOCUMENT,
        Kind.WORK_PACKAGE,
        Kind.DELIVERABLE,
        Kind.MILESTONE,
        Kind.RISK,
        Kind.ACTION,
    }
)


@dataclass(frozen=True)
class Related:
    """What items may be about, to choose from: id and name of each."""

    deliverables: Sequence[Option] = ()
    milestones: Sequence[Option] = ()
    risks: Sequence[Option] = ()
    meetings: Sequence[Option] = ()


@dataclass(frozen=True)
class AgendaShown:
    """What the pane shows at a time. waiting: the backlog. left: what the last meeting left."""

    plan: AgendaPlan
    lines: Sequence[AgendaLine]
    waiting: Sequence[BacklogRow]
    left: int
    related: Related


class AgendaView(RecordsView[AgendaLine], Protocol):
    """Where one agenda is shown."""

    def show_agenda(self, shown: AgendaShown) -> None:
        """Show everything anew."""


class AgendaPresenter(RecordsPresenter[AgendaLine]):
    """Presents the agenda of one meeting."""

    def __init__(self, session: Session, view: AgendaView) -> None:
        super().__init__(session, view, Kind.AGENDA_ITEM, lambda _: (), _WATCHED)
        self._shower = view
        self._meeting: UUID | None = None
        self.shown: AgendaShown | None = None

    def open(self, meeting: UUID) -> None:
        """Present the agenda of `meeting`."""
        self._meeting = meeting
        self.shown = None
        self.reload()

    def load(self) -> None:
        """Ask for the agenda, the backlog, and what the last meeting left."""
        meeting = self._meeting
        if meeting is None:
            return

        def then(shown: AgendaShown) -> None:
            if meeting == self._meeting:
                self.shown = shown
                self._shower.show_agenda(shown)

        self.ask(lambda ws: _load(ws, meeting), then, lambda _: None)

    def edit_parts(
        self, kind: Kind, record: UUID, version: int, field: str, values: Mapping[str, object]
    ) -> None:
        """Save what one field stands for; a fixed start is typed as a time, or left empty."""
        if field == "starts_minute":
            words = str(values[field] or "").strip()
            try:
                at = read_time(words) if words else None
            except NotAValue as error:
                self._view.show_problem(field, str(error))
                return
            values = {field: None if at is None else at.hour * 60 + at.minute}
        super().edit_parts(kind, record, version, field, values)

    # --- order

    def move(self, line: AgendaLine, at: int) -> None:
        """Put an item before the line that is at `at` once the item is taken out."""
        shown = self.shown
        if shown is None or line.item is None:
            return
        others = [each for each in shown.lines if each.id != line.id]
        place = place_at(others, at)
        item = line.item.id
        self.change(
            lambda ws: commands.move_agenda_item(
                ws, item, place.position, day=place.day, section=place.section
            )
        )

    def add_at(self, values: dict[str, object], place: Place | None) -> None:
        """Make an item at a place, None = at the end; select it."""
        meeting = self._meeting
        if meeting is None:
            return
        whole = values if place is None else {**values, "day": place.day, "section": place.section}
        at = None if place is None else place.position
        self.ask(
            lambda ws: commands.add_agenda_item(ws, meeting, whole, at),
            lambda made: self._view.select(made[0]),
            self.refuse,
        )

    def rename_section(self, line: AgendaLine, new: str, failed: Failed | None = None) -> None:
        """Give a section another name."""
        meeting = self._meeting
        if meeting is not None and line.is_section:
            self.change(
                lambda ws: commands.rename_section(ws, meeting, line.day, line.section, new),
                failed=failed,
            )

    def begin_section(
        self, line: AgendaLine, name: str, then: Callable[[], None], failed: Failed
    ) -> None:
        """Put an item and what follows it up to the next heading under a new one."""
        shown = self.shown
        if shown is None or line.item is None:
            return
        at = next((n for n, each in enumerate(shown.lines) if each.id == line.id), None)
        if at is None:
            return
        edits = []
        for each in shown.lines[at:]:
            if each.item is None:
                break
            edits.append(
                commands.RecordEdit(Kind.AGENDA_ITEM, each.id, each.version, {"section": name})
            )
        self._do(
            lambda ws, _: commands.edit_many(ws, edits, f"Begin section “{name}”"),
            "",
            then,
            failed,
        )

    def set_days(
        self, hours: Sequence[tuple[time, time]], then: Callable[[], None], failed: Failed
    ) -> None:
        """Say from when until when each day lasts."""
        self._do(lambda ws, meeting: commands.set_days(ws, meeting, hours), "", then, failed)

    # --- backlog and carry-over

    def to_backlog(self, lines: Sequence[AgendaLine]) -> None:
        """Put items into the backlog."""
        items = [line.item for line in lines if line.item is not None]
        if items:
            self.change(
                lambda ws: commands.to_backlog(ws, [item.id for item in items]),
                say_count(
                    len(items),
                    "{count} item waits in the backlog.",
                    "{count} items wait in the backlog.",
                ),
            )

    def to_agenda(self, waiting: Sequence[UUID], place: Place | None = None) -> None:
        """Put items of the backlog on the agenda, None = at the end."""
        meeting = self._meeting
        if meeting is None or not waiting:
            return
        at, day, section = (
            (None, 1, "") if place is None else (place.position, place.day, place.section)
        )
        self.change(
            lambda ws: commands.to_agenda(ws, waiting, meeting, at=at, day=day, section=section)
        )

    def add_waiting(self, values: dict[str, object]) -> None:
        """Put something new into the backlog."""
        self.ask(
            lambda ws: commands.create(ws, Kind.BACKLOG_ITEM, values), lambda _: None, self.refuse
        )

    def delete_waiting(self, row: BacklogRow) -> None:
        """Delete an item of the backlog."""
        self.delete_other(Kind.BACKLOG_ITEM, row.id, row.version, row.title)

    def ask_left(self, then: Callable[[CarryOver], None]) -> None:
        """Ask what the last meeting left."""
        meeting = self._meeting
        if meeting is not None:
            self.ask(lambda ws: queries.carry_over(ws, meeting), then, self.refuse)

    def carry_over(self, keys: Sequence[str], then: Callable[[], None], failed: Failed) -> None:
        """Take what the last meeting left."""
        self._do(lambda ws, meeting: commands.carry_over(ws, meeting, keys), "", then, failed)

    # --- templates, import, documents, sending

    def ask_templates(self, then: Callable[[Sequence[TemplateRow]], None]) -> None:
        """Ask for the templates that this meeting may use."""
        meeting = self._meeting
        if meeting is not None:
            self.ask(lambda ws: _templates(ws, meeting), then, self.refuse)

    def ask_filled(self, key: str, then: Callable[[FilledTemplate], None], failed: Failed) -> None:
        """Ask what a template would make of this meeting."""
        meeting = self._meeting
        if meeting is not None:
            self.ask(lambda ws: _filled(ws, meeting, key), then, failed)

    def use_template(
        self, key: str, *, replace: bool, then: Callable[[], None], failed: Failed
    ) -> None:
        """Put what a template makes on the agenda, in place of what is there or after it."""

        def work(ws: Workspace, meeting: UUID) -> Changes:
            if not replace:
                return commands.use_template(ws, meeting, key)
            made = _filled(ws, meeting, key)
            return commands.replace_agenda(ws, meeting, made.drafts, f"Use template {made.title}")

        self._do(work, say("The agenda is filled."), then, failed)

    def save_as_template(
        self, name: str, project: UUID | None, then: Callable[[], None], failed: Failed
    ) -> None:
        """Save the agenda as a template of one's own."""
        self._do(
            lambda ws, meeting: commands.save_as_template(ws, meeting, name, project)[1],
            say("Saved as template {name}.", name=name),
            then,
            failed,
        )

    def rename_template(self, row: TemplateRow, name: str, failed: Failed) -> None:
        """Give an own template another name."""
        if row.id is not None:
            self.save(Kind.OWN_TEMPLATE, row.id, row.version, {"name": name}, failed)

    def edit_template(self, row: TemplateRow, content: str, failed: Failed) -> None:
        """Change the text of an own template."""
        if row.id is not None:
            self.save(Kind.OWN_TEMPLATE, row.id, row.version, {"content": content}, failed)

    def show_as_table(self, row: TemplateRow, as_table: bool, failed: Failed) -> None:
        """Let the open actions of an own template stand as a table, or as a list."""
        from projectdesk.domain.rules.agenda_tables import with_actions

        try:
            content = with_actions(row.content, row.name, as_table=as_table)
        except DomainError as error:  # its text was changed meanwhile
            failed(error)
        else:
            self.edit_template(row, content, failed)

    def delete_template(self, row: TemplateRow, then: Callable[[], None]) -> None:
        """Delete an own template."""
        if row.id is not None:
            template, version = row.id, row.version
            self._do(
                lambda ws, _: commands.delete(ws, Kind.OWN_TEMPLATE, template, version),
                say("Deleted {what}.", what=row.name),
                then,
                self.refuse,
            )

    def import_template(self, file: Path, then: Callable[[], None], failed: Failed) -> None:
        """Take a template in from a file."""
        self._do(lambda ws, _: commands.import_template(ws, file)[1], "", then, failed)

    def export_template(self, row: TemplateRow, out: Path, failed: Failed) -> None:
        """Write a template to a file."""
        self.ask(
            lambda ws: commands.export_template(ws, row.key, out),
            lambda path: self._session.tell(Notice(say("Saved {file}.", file=path.name))),
            failed,
        )

    def ask_read(
        self, text: str, name: str, then: Callable[[ImportedAgenda], None], failed: Failed
    ) -> None:
        """Ask what a text would put on the agenda."""
        meeting = self._meeting
        if meeting is not None:
            self.ask(lambda ws: queries.read_agenda_text(ws, meeting, text, name), then, failed)

    def import_text(
        self, text: str, name: str, *, replace: bool, then: Callable[[], None], failed: Failed
    ) -> None:
        """Put an agenda out of a text on this one."""
        self._do(
            lambda ws, meeting: commands.import_agenda(ws, meeting, text, name, replace=replace)[1],
            say("The agenda is imported."),
            then,
            failed,
        )

    def attach(self, line: AgendaLine, files: Sequence[Path], left_out: Sequence[str]) -> None:
        """Attach files to an item."""
        item = line.item
        if item is None or not files:
            return

        def then(result: tuple[Sequence[UUID], Changes]) -> None:
            done = say_count(
                len(result[0]), "{count} document attached.", "{count} documents attached."
            )
            words = " ".join([done, *(f"{each}." for each in left_out)])
            self._session.tell(Notice(words, undo=result[1].change_id))

        self.ask(
            lambda ws: commands.attach_documents(ws, Kind.AGENDA_ITEM, item.id, files),
            then,
            self.refuse,
        )

    def send(
        self, note: str, formats: Sequence[str], then: Done, failed: Failed, *, again: bool
    ) -> None:
        """Mail the agenda to everybody who is invited.

        Args:
            note: words above it.
            formats: as what it is attached, such as "pdf".
            then: called when the mails are in the outbox.
            failed: called with why not.
            again: also when it was sent already.
        """
        meeting = self._meeting
        if meeting is None:
            return

        def done(result: tuple[int, Changes]) -> None:
            words = say_count(
                result[0], "{count} mail is in the outbox.", "{count} mails are in the outbox."
            )
            self._session.tell(Notice(words))
            then()

        self._session.ask_long(
            lambda ws, _: commands.send_agenda(
                ws, meeting, note=note, again=again, formats=formats
            ),
            done,
            failed,
        )

    def save_mails(
        self,
        folder: Path,
        note: str,
        formats: Sequence[str],
        then: Done,
        failed: Failed,
        *,
        again: bool,
    ) -> None:
        """Write the mails to a folder; the agenda counts as sent. The others: as in `send`."""
        meeting = self._meeting
        if meeting is None:
            return

        def done(files: Sequence[Path]) -> None:
            words = say_count(len(files), "{count} mail written.", "{count} mails written.")
            self._session.tell(Notice(words))
            then()

        self._session.ask_long(
            lambda ws, _: commands.save_agenda_mails(
                ws, meeting, folder, note=note, again=again, formats=formats
            ),
            done,
            failed,
        )

    def mark_sent(self, then: Callable[[], None]) -> None:
        """Note that the agenda went out by other means."""
        self._do(
            lambda ws, meeting: commands.mark_agenda_sent(ws, meeting),
            say("The agenda counts as sent."),
            then,
            self.refuse,
        )

    def _do(
        self,
        work: Callable[[Workspace, UUID], Changes],
        done: str,
        then: Callable[[], None],
        failed: Failed,
    ) -> None:
        meeting = self._meeting
        if meeting is None:
            return

        def settled(changes: Changes) -> None:
            if done:
                self._session.tell(Notice(done, undo=changes.change_id))
            then()

        self.ask(lambda ws: work(ws, meeting), settled, failed)


def _load(workspace: Workspace, meeting_id: UUID) -> AgendaShown:
    meeting = queries.meeting(workspace, meeting_id)
    plan = queries.agenda_plan(workspace, meeting_id)
    waiting = [
        row
        for row in queries.backlog(workspace, meeting.project_id)
        if row.body_id in (None, meeting.body_id)
    ]
    left = len(queries.carry_over(workspace, meeting_id).open)
    return AgendaShown(plan, lines_of(plan), waiting, left, _related(workspace, meeting))


def _related(workspace: Workspace, meeting: MeetingRow) -> Related:
    project = meeting.project_id
    none = Option(None, "–")

    def options(rows: Sequence[Any]) -> list[Option]:
        return [none, *(Option(row.id, f"{row.label} {row.title}") for row in rows)]

    before = [
        row
        for row in reversed(queries.meetings(workspace, project))
        if row.id != meeting.id and row.state is MeetingState.HELD
    ]
    held = [Option(row.id, titled(row.title, row.local_start)) for row in before]
    return Related(
        options(queries.deliverables(workspace, project)),
        options(queries.milestones(workspace, project)),
        options(queries.risks(workspace, project)),
        [none, *held],
    )


def _templates(workspace: Workspace, meeting_id: UUID) -> Sequence[TemplateRow]:
    meeting = queries.meeting(workspace, meeting_id)
    rows = queries.agenda_templates(workspace, meeting.project_id)
    return sorted(rows, key=lambda row: (row.type is not meeting.type, row.id is not None))


def _filled(workspace: Workspace, meeting_id: UUID, key: str) -> FilledTemplate:
    meeting: MeetingRow = queries.meeting(workspace, meeting_id)
    return queries.filled_template(
        workspace, meeting.project_id, key, meeting.local_start, meeting.zone
    )
