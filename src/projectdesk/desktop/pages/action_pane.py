"""The register of actions: filters, groups at the left, the table, one action beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication

from projectdesk.desktop.language import say
from projectdesk.desktop.models import action_words, formats
from projectdesk.desktop.models.action_words import ALL, FILTERS, OPEN, Group
from projectdesk.desktop.models.fields import Column, Entry, Field
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.pages import action_dialogs
from projectdesk.desktop.pages.action_fields import due_field, is_late, owner_fields, status_field
from projectdesk.desktop.pages.action_panel import ActionPanel
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.actions import ActionsPresenter, IssuesLinks
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_XL
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import column, plain
from projectdesk.desktop.widgets.pick_list import Pick, PickList
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.action_dates import days_late
from projectdesk.services.action_rows import ActionDetail, ActionLink
from projectdesk.services.rows import ActionRow, Kind

_GROUPS_WIDTH = 220
_GROUPING_WIDTH = 148


def action_columns(today: Callable[[], date]) -> list[Column[ActionRow]]:
    """Return the columns of the register of actions."""
    return [
        Column(say("No."), lambda r: r.label, sort=lambda r: r.number, width=66, muted=True),
        Column(
            say("What"),
            lambda r: r.text,
            stretch=4,
            strong=True,
            tip=lambda r: r.text,
            field=Field("text", say("What"), lambda r: r.text),
        ),
        Column(say("Who"), lambda r: r.owner, width=160),
        Column(
            say("Due"),
            lambda r: formats.day(r.due_on),
            sort=lambda r: r.due_on or date.max,
            width=112,
            alarm=lambda r: is_late(r, today()),
            field=due_field(),
        ),
        Column(
            say("Late|days"),
            lambda r: action_words.late_words(r, today()),
            sort=lambda r: days_late(r.status, r.due_on, today()),
            width=112,
            alarm=lambda r: is_late(r, today()),
            optional=True,
            about=say("By how many days it is late, or that it is due soon"),
        ),
        Column(
            say("Status"),
            lambda r: word(r.status),
            width=104,
            tone=lambda r: tone(r.status),
            field=status_field(),
        ),
        Column(say("Belongs to"), lambda r: r.related, width=120, muted=True, optional=True),
        Column(say("Project"), lambda r: r.project, width=104, muted=True, optional=True),
        Column(say("From|meeting"), lambda r: r.meeting, stretch=2, muted=True, optional=True),
        Column(say("Partner"), lambda r: r.partner, width=104, spare=True),
        Column(
            say("First due"),
            lambda r: formats.day(r.first_due_on),
            sort=lambda r: r.first_due_on or date.max,
            width=112,
            spare=True,
        ),
        Column(
            say("Mailed"),
            lambda r: formats.day(r.sent_at.date()) if r.sent_at else "",
            sort=lambda r: r.sent_at.timestamp() if r.sent_at else 0.0,
            width=112,
            spare=True,
        ),
    ]


def _fields(choices: Choices) -> list[Field[ActionRow] | list[Field[ActionRow]]]:
    return [
        Field("text", say("What"), lambda r: r.text, Entry.LONG_TEXT),
        *owner_fields(choices),
        [due_field(), status_field()],
        Field("done_on", say("Done on"), lambda r: r.done_on, Entry.DATE),
    ]


class GroupList(PickList):
    """The groups of the register; the first line is all of them."""

    chosen = Signal(object)
    """The key of a group, None = all."""

    def __init__(self) -> None:
        super().__init__(None, say("Groups"))
        self.setFixedWidth(_GROUPS_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._showing = False
        self.currentRowChanged.connect(self._on_row)

    def show_groups(self, groups: Sequence[Group], chosen: str | None) -> None:
        """Show groups with the chosen one current."""
        whole = Group("", say("All"), sum(g.open for g in groups), sum(g.late for g in groups),
                      sum(g.all for g in groups))  # fmt: skip
        picks = [Pick(whole.name, action_words.group_words(whole), str(whole.all), None)]
        picks += [
            Pick(group.name, action_words.group_words(group), str(group.all), group.key)
            for group in groups
        ]
        if picks != self.picks():
            self._showing = True
            self.show_picks(picks)
            self._showing = False
        keys = [pick.value for pick in picks]
        self._showing = True
        self.setCurrentRow(keys.index(chosen) if chosen in keys else 0)
        self._showing = False

    def _on_row(self, number: int) -> None:
        if not self._showing and number >= 0:
            self.chosen.emit(self.picks()[number].value)


class ActionsPane(RecordsPane[ActionRow]):
    """The register of actions, of a project or of all."""

    go = Signal(object)

    def __init__(
        self, session: Session, today: Callable[[], date], links: IssuesLinks | None = None
    ) -> None:
        """Make it.

        Args:
            session: the outside.
            today: the date where the reader is.
            links: makes personal links; None = there is no host here.
        """
        self._choices = Choices(session)
        self._project: UUID | None = None
        self.filters = Segments(action_words.filter_choices())
        self.grouping = ChoiceEditor(action_words.group_options)
        self.grouping.setAccessibleName(say("Group actions"))
        self.grouping.setMinimumWidth(_GROUPING_WIDTH)
        self.grouping.load()
        self.grouping.set_value("")
        self.panel = ActionPanel(links=links is not None)
        empty = EmptyState(
            "list-checks",
            say("No actions here"),
            say(
                "Actions are written down in the minutes of a meeting, under the agenda item that "
                "they come from."
            ),
        )
        super().__init__(
            action_columns(today),
            empty,
            lines=_fields(self._choices),
            title=lambda r: f"{r.label}  {r.text}",
            subtitle=lambda r: formats.joined((r.owner, r.project, r.meeting)),
            delete_words=say("Delete"),
            left=[self.filters, self.grouping],
            above=[self.panel],
            placeholder=say("Filter actions"),
            label=say("Actions"),
            name="actions",
        )
        self.groups = GroupList()
        around = column(self.groups, margins=(SPACE_XL, SPACE_L, 0, SPACE_XL))
        self._left = plain(around)
        self._left.hide()
        self._beside.insertWidget(0, self._left)
        self.panel.setParent(self)  # until the inspector is made, which takes it
        self.panel.hide()
        self.presenter = ActionsPresenter(session, self, today, links)
        wire(self, self.presenter, Kind.ACTION)
        self.table.current_changed.connect(self._on_current)
        self._choices.on_loaded(self._offer)
        self.filters.chosen.connect(lambda name: self.presenter.show_only(str(name)))
        self.grouping.committed.connect(self._group)
        self.groups.chosen.connect(self.presenter.show_group)
        self.delete_asked.connect(lambda row: self.presenter.delete(row, row.label))
        self.table.set_actions(self._row_actions())
        self._connect_panel()

    def _row_actions(self) -> list[RowAction[ActionRow]]:
        def is_open(row: ActionRow) -> bool:
            return row.status is ActionStatus.OPEN

        def is_closed(row: ActionRow) -> bool:
            return row.status is not ActionStatus.OPEN

        return [
            RowAction(say("Mark as done"), "check", self.presenter.mark_done, "Ctrl+Shift+D",
                      many=True, when=is_open),
            RowAction(say("Postpone…"), "clock", self._ask_postpone, "Ctrl+Shift+L", many=True,
                      when=is_open),
            RowAction(say("Reopen"), "undo-2", self.presenter.reopen, many=True, when=is_closed),
            RowAction(say("Comment…"), "message-square", lambda rows: self._ask_comment(rows[0])),
            RowAction(
                say("Delete"),
                "trash-2",
                lambda rows: self.presenter.delete_rows(rows, lambda row: row.label),
                "Del",
                many=True,
                danger=True,
            ),
        ]  # fmt: skip

    def _connect_panel(self) -> None:
        panel, presenter = self.panel, self.presenter
        panel.go.connect(self.go)
        panel.done_asked.connect(lambda row: presenter.mark_done([row]))
        panel.reopen_asked.connect(lambda row: presenter.reopen([row]))
        panel.postpone_asked.connect(lambda row: self._ask_postpone([row]))
        panel.comment_asked.connect(self._ask_comment)
        panel.drop_asked.connect(
            lambda row: action_dialogs.ask_drop(self.window(), row, presenter.drop)
        )
        panel.step_taken.connect(presenter.take_step)
        panel.link_asked.connect(presenter.copy_link)
        panel.mail_asked.connect(lambda row: self._open_give([row]))
        panel.renew_asked.connect(presenter.renew_link)
        panel.revoke_asked.connect(presenter.revoke_link)

    # --- what the page calls

    def show_filter(self, name: str) -> None:
        """Show what passes a filter."""
        name = name if name in FILTERS else ALL
        self.filters.choose(name)
        self.presenter.show_only(name)

    def restore(self, name: str, by: str) -> None:
        """Show the filter and the groups that a person left."""
        self.show_filter(name or OPEN)
        self.grouping.set_value(by)
        self.presenter.group_by(by)

    @property
    def chosen(self) -> tuple[str, str]:
        """The filter and what the actions are grouped by."""
        return str(self.filters.value), str(self.grouping.value() or "")

    def close_presenters(self) -> None:
        """Let the presenters go."""
        self.presenter.close()
        self._choices.close()

    # --- what the presenter calls

    def show_groups(self, groups: Sequence[Group], chosen: str | None) -> None:
        """Show the groups at the left; () = the actions are not grouped."""
        self._left.setVisible(bool(groups))
        if groups:
            self.groups.show_groups(groups, chosen)

    def show_detail(self, detail: ActionDetail | None) -> None:
        """Show what was told of the chosen action."""
        self.panel.show_detail(detail)

    def show_link(self, link: ActionLink) -> None:
        """Put a personal link on the clipboard."""
        QGuiApplication.clipboard().setText(link.url)

    # --- inside

    def _group(self) -> None:
        self.presenter.group_by(str(self.grouping.value() or ""))

    def _on_current(self, row: ActionRow | None) -> None:
        self.panel.setVisible(row is not None)
        self.presenter.choose(None if row is None else row.id)
        if row is not None and row.project_id != self._project:
            self._project = row.project_id
            self._choices.open(row.project_id)

    def _offer(self) -> None:
        if self.inspector is not None:
            self.inspector.form.load_options()

    def _ask_postpone(self, rows: Sequence[ActionRow]) -> None:
        action_dialogs.ask_postpone(self.window(), rows, self.presenter.postpone)

    def _ask_comment(self, row: ActionRow) -> None:
        action_dialogs.ask_comment(self.window(), row, self.presenter.comment)

    def ask_give(self) -> None:
        """Ask who of those that are shown, or selected, gets their actions by mail."""
        chosen = self.table.selected()
        self._open_give(chosen if len(chosen) > 1 else self.table.shown())

    def _open_give(self, rows: Sequence[ActionRow]) -> None:
        mine = [row for row in rows if row.status is ActionStatus.OPEN]
        action_dialogs.GiveDialog(self.window(), mine, self.presenter.give).open()
