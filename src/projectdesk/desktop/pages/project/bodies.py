"""The bodies of a consortium and their rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Column, Entry, Field, Option, by_name
from projectdesk.desktop.models.words import options, word
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.pages.project.body_members import BodyMembers
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_XS
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button, column, row, text
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.consortium import BodyKind
from projectdesk.domain.rules import body_rules
from projectdesk.services import queries
from projectdesk.services.rows import BodyRow, Kind

_MOST_DAYS = 1000
_MOST_PROXIES = 100
_RULE_WIDTH = 130


def _columns(fields: Mapping[str, Field[BodyRow]]) -> list[Column[BodyRow]]:
    """Return the columns of the list of bodies, edited by the fields of the inspector.

    Args:
        fields: what can be edited of a body, by name.
    """
    return [
        Column(say("Name"), lambda r: r.name, stretch=2, strong=True, field=fields["name"]),
        Column(
            say("Kind"),
            lambda r: word(r.kind),
            stretch=1,
            muted=True,
            optional=True,
            field=fields["kind"],
        ),
        Column(say("Chair|body"), lambda r: r.chair, stretch=1, field=fields["chair_id"]),
        Column(
            say("Members"), lambda r: str(r.members), sort=lambda r: r.members, width=96, right=True
        ),
        Column(
            say("Nobody named"),
            lambda r: str(r.unrepresented) if r.unrepresented else "",
            sort=lambda r: r.unrepresented,
            width=150,
            right=True,
            alarm=lambda r: bool(r.unrepresented),
            tip=lambda r: say("Members without a representative") if r.unrepresented else "",
            optional=True,
        ),
        Column(
            say("Quorum"),
            lambda r: r.quorum,
            stretch=1,
            muted=True,
            field=fields["quorum_numerator"],
        ),
        Column(
            say("Majority"),
            lambda r: r.majority,
            stretch=1,
            muted=True,
            field=fields["majority_numerator"],
        ),
        *(_rule_column(fields[name], title) for name, title in _rule_columns(fields)),
    ]


def _rule_columns(fields: Mapping[str, Field[BodyRow]]) -> list[tuple[str, str]]:
    """Return which rules have a column, there when it is asked for, and what it is called."""
    alone = {
        "notice_extraordinary_days": say("Extraordinary notice, days"),
        "agenda_extraordinary_days": say("Extraordinary agenda, days before"),
    }
    names = (
        *("notice_ordinary_days", "notice_extraordinary_days"),
        *("agenda_days", "agenda_extraordinary_days", "items_days"),
        *("minutes_draft_days", "minutes_accept_days"),
        *("written_days", "veto_days", "proxy_limit"),
    )
    return [(name, alone.get(name, fields[name].label)) for name in names]


def _rule_column(field: Field[BodyRow], title: str) -> Column[BodyRow]:
    return Column(
        title,
        lambda r: str(field.value(r)),
        sort=field.value,
        width=_RULE_WIDTH,
        right=True,
        field=field,
        spare=True,
    )


def _share(of: str, label: str) -> Field[BodyRow]:
    parts = (f"{of}_numerator", f"{of}_denominator")
    return Field(
        parts[0],
        label,
        lambda r: tuple(getattr(r, part) for part in parts),
        Entry.SHARE,
        parts=parts,
    )


def _days(name: str, label: str) -> Field[BodyRow]:
    return Field(name, label, lambda r: getattr(r, name), Entry.NUMBER, maximum=_MOST_DAYS)


def _fields(choices: Choices) -> list[Field[BodyRow] | list[Field[BodyRow]]]:
    return [
        Field("name", say("Name"), lambda r: r.name),
        Field("kind", say("Kind"), lambda r: r.kind, Entry.CHOICE, lambda: options(BodyKind)),
        Field("chair_id", say("Chair|body"), lambda r: r.chair_id, Entry.CHOICE, choices.people),
        [_share("quorum", say("Quorum")), _share("majority", say("Majority"))],
        [
            _days("notice_ordinary_days", say("Notice, days")),
            _days("notice_extraordinary_days", say("If extraordinary")),
        ],
        [
            _days("agenda_days", say("Agenda, days before")),
            _days("agenda_extraordinary_days", say("If extraordinary")),
        ],
        [
            _days("items_days", say("Items added, days before")),
            _days("minutes_draft_days", say("Draft minutes, days")),
        ],
        _days("minutes_accept_days", say("Minutes accepted after days without objection")),
        [
            _share("written", say("Votes cast in writing")),
            _days("written_days", say("Time to answer, days")),
        ],
        [
            _days("veto_days", say("Veto within days")),
            Field(
                "proxy_limit",
                say("Proxies per member"),
                lambda r: r.proxy_limit,
                Entry.NUMBER,
                maximum=_MOST_PROXIES,
            ),
        ],
        Field(
            "chair_breaks_ties",
            say("At a tie"),
            lambda r: r.chair_breaks_ties,
            Entry.CHOICE,
            lambda: [
                Option(False, say("The proposal is not adopted")),
                Option(True, say("The vote of the chair’s member decides")),
            ],
        ),
    ]


class UsualRules(QWidget):
    """What published agreements say for this kind of body, and the way back to it."""

    def __init__(self, reset: Callable[[BodyRow], object]) -> None:
        super().__init__()
        self._row: BodyRow | None = None
        self._words = text("", "caption", wrap=True)
        self.reset = button(say("Back to the usual rules"), "link", "", self._ask)
        self._reset = reset
        self.setLayout(column(self._words, row(self.reset, None), spacing=SPACE_XS))

    @property
    def words(self) -> str:
        """What is usual, in words."""
        return self._words.text()

    def show_row(self, shown: BodyRow | None) -> None:
        """Show what is usual for a body."""
        self._row = shown
        if shown is None:
            return
        usual = body_rules.usual_rules(shown.kind)
        self._words.setText(
            say(
                "Usual in published agreements: quorum {quorum} and majority {majority}; notice "
                "{ordinary} days, extraordinary {extraordinary}; agenda {agenda} days before, "
                "extraordinary {short}; items added until {items} days before; minutes drafted in "
                "{draft} days, accepted after {accept}; in writing {share} of the votes, {written} "
                "days to answer; veto within {veto} days.",
                quorum=f"{usual['quorum_numerator']}/{usual['quorum_denominator']}",
                majority=f"{usual['majority_numerator']}/{usual['majority_denominator']}",
                ordinary=usual["notice_ordinary_days"],
                extraordinary=usual["notice_extraordinary_days"],
                agenda=usual["agenda_days"],
                short=usual["agenda_extraordinary_days"],
                items=usual["items_days"],
                draft=usual["minutes_draft_days"],
                accept=usual["minutes_accept_days"],
                share=f"{usual['written_numerator']}/{usual['written_denominator']}",
                written=usual["written_days"],
                veto=usual["veto_days"],
            )
        )
        self.reset.setEnabled(any(getattr(shown, name) != days for name, days in usual.items()))

    def _ask(self) -> None:
        if self._row is not None:
            self._reset(self._row)


class BodiesPane(RecordsPane[BodyRow]):
    """General Assembly, boards and teams."""

    def __init__(self, session: Session, choices: Choices) -> None:
        self.members = BodyMembers(session, choices)
        self.usual = UsualRules(self._reset)
        self.add = button(say("Add body"), "primary", "plus", self._add)
        empty = EmptyState(
            "landmark",
            say("No bodies yet"),
            say(
                "Add the General Assembly and the boards; they start with the rules of a usual "
                "consortium agreement."
            ),
            say("Add body"),
        )
        lines = _fields(choices)
        super().__init__(
            _columns(by_name(lines)),
            empty,
            lines=lines,
            title=lambda r: r.name,
            subtitle=lambda r: word(r.kind) if word(r.kind) != r.name else "",
            delete_words=say("Delete"),
            right=[self.add],
            extra=[self.usual, self.members],
            placeholder=say("Filter bodies"),
            label=say("Bodies"),
        )
        self._project: UUID | None = None
        self.presenter: RecordsPresenter[BodyRow] = RecordsPresenter(
            session, self, Kind.BODY, lambda _: (), frozenset({Kind.BODY_MEMBER, Kind.PERSON})
        )
        wire(self, self.presenter, Kind.BODY)
        self.table.current_changed.connect(self._open_members)
        self.table.empty_acted.connect(self._add)
        self.delete_asked.connect(self._delete)
        self.table.set_actions(
            [
                RowAction(
                    say("Delete"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.name),
                    "Del",
                    many=True,
                    danger=True,
                )
            ]
        )

    def close_presenters(self) -> None:
        """Let the presenters go."""
        self.presenter.close()
        self.members.close_presenters()

    def open_project(self, project: UUID) -> None:
        """Show the bodies of `project`."""
        self._project = project
        self.table.clear_selection()
        self.presenter.set_query(lambda ws: queries.bodies(ws, project))

    def _open_members(self, shown: BodyRow | None) -> None:
        self.members.presenter.open(None if shown is None else shown.id)
        self.usual.show_row(shown)

    def show_rows(self, rows: Sequence[BodyRow]) -> None:
        """Show all bodies; what is usual follows the selected one."""
        super().show_rows(rows)
        self.usual.show_row(self.table.current())

    def _reset(self, shown: BodyRow) -> None:
        """Give a body the usual rules of its kind, as one change."""
        usual = dict(body_rules.usual_rules(shown.kind))
        self.presenter.edit_parts(Kind.BODY, shown.id, shown.version, "quorum_numerator", usual)

    def _add(self) -> None:
        kinds = {row.kind for row in self.table.rows}
        kind = next((kind for kind in BodyKind if kind not in kinds), BodyKind.OTHER)
        self.presenter.add({"project_id": self._project, "kind": kind, "name": word(kind)})

    def _delete(self, row: BodyRow) -> None:
        self.presenter.delete(row, row.name)
