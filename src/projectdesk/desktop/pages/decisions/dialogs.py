"""Dialogs of the register: follow up, replace, raise a veto, answer one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import decision_words
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.decisions import Done, Failed
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.domain.voting import VetoState
from projectdesk.services.decision_rows import RegisterRow, VetoRow

_END_OF_DAY = time(23, 59)


def field(name: str, label: str, entry: Entry, first: object = None, **more: Any) -> Field[Any]:
    """Return a field of what is not there yet; `first` is its first value."""
    return Field(name, label, lambda _: first, entry, **more)


def ask_follow_up(
    parent: QWidget,
    row: RegisterRow,
    choices: Choices,
    make: Callable[[UUID, Mapping[str, object], Done, Failed], None],
) -> FormDialog:
    """Ask who does what by when, so that a decision is carried out."""

    def run(dialog: FormDialog, values: Values) -> None:
        make(row.id, values, dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Follow {label} up", label=row.label),
        row.text,
        [
            field("text", say("What is to be done"), Entry.LONG_TEXT, ""),
            [
                field("owner_person_id", say("Who"), Entry.CHOICE, options=choices.people),
                field("owner_partner_id", say("For partner"), Entry.CHOICE,
                      options=choices.partners),
            ],
            field("due_on", say("Due"), Entry.DATE),
        ],
        say("Make the action"),
        run,
        required=["text"],
    )  # fmt: skip
    dialog.open()
    return dialog


def ask_replacement(
    parent: QWidget,
    row: RegisterRow,
    later: Sequence[RegisterRow],
    replace: Callable[[RegisterRow, str, Done, Failed], None],
    replace_by: Callable[[RegisterRow, UUID, Done, Failed], None],
) -> FormDialog:
    """Ask which decision takes the place of another: a new one, or one that was taken since."""
    known = [Option(None, say("A new decision, with this text"))]
    known += [Option(each.id, f"{each.label}  {each.text}") for each in later]

    def run(dialog: FormDialog, values: Values) -> None:
        if values["by"] is not None:
            replace_by(row, values["by"], dialog.close_done, dialog.refuse)
            return
        text = (values["text"] or "").strip()
        if not text or text == row.text:
            dialog.form.show_problem("text", say("Write what is decided instead."))
            dialog.action.setEnabled(True)
            return
        replace(row, text, dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Replace {label}", label=row.label),
        say(
            "The text that was circulated stays in the register. The later decision says what "
            "holds now, and each names the other."
        ),
        [
            field("by", say("It is replaced by"), Entry.CHOICE, None, options=lambda: known),
            field("text", say("What is decided instead"), Entry.LONG_TEXT, row.text),
        ],
        say("Replace"),
        run,
    )
    dialog.open()
    return dialog


def ask_veto(
    parent: QWidget,
    row: RegisterRow,
    choices: Choices,
    now: datetime,
    zone: str,
    note: Callable[..., None],
) -> FormDialog:
    """Ask for a veto that came another way than by the member's link.

    Args:
        parent: the window it belongs to.
        row: the decision.
        choices: partners and people of its project.
        now: the present.
        zone: the reader's.
        note: writes it down (`RegisterPresenter.raise_veto`).
    """
    here = to_local(now, zone)

    def run(dialog: FormDialog, values: Values) -> None:
        day: date | None = values["day"]
        at = None
        if day is not None and (day, values["time"]) != (here.date(), _minute(here)):
            at = to_utc(datetime.combine(day, values["time"] or _END_OF_DAY), zone)
        note(
            row.id,
            values["partner_id"],
            values["reason"] or "",
            dialog.close_done,
            lambda error: dialog.refuse(_beside(error, "raised_at", "day")),
            person=values["person_id"],
            raised_at=at,
        )

    dialog = FormDialog(
        parent,
        say("Note a veto against {label}", label=row.label),
        say(
            "A member may veto what would severely affect its own work, time, costs, liabilities, "
            "intellectual property rights or other legitimate interests."
        ),
        [
            [
                field("partner_id", say("Member"), Entry.CHOICE, options=choices.partners),
                field("person_id", say("Raised by"), Entry.CHOICE, options=choices.people),
            ],
            field("reason", say("What the decision would affect"), Entry.LONG_TEXT, ""),
            [
                field("day", say("Received on"), Entry.DATE, here.date()),
                field("time", say("Received at"), Entry.TIME, _minute(here)),
            ],
        ],
        say("Note the veto"),
        run,
        required=["partner_id", "reason"],
    )
    dialog.open()
    return dialog


def ask_veto_answer(
    parent: QWidget,
    veto: VetoRow,
    settle: Callable[[VetoRow, VetoState, str, Done, Failed], None],
) -> FormDialog:
    """Ask what becomes of a veto, and what its member is answered."""

    def run(dialog: FormDialog, values: Values) -> None:
        settle(veto, values["state"], values["answer"] or "", dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Answer the veto of {partner}", partner=veto.partner),
        veto.reason,
        [
            field("state", say("The veto"), Entry.CHOICE, veto.state,
                  options=lambda: [Option(each, decision_words.veto_words(each))
                                   for each in VetoState]),
            field("answer", say("Answer to the member"), Entry.LONG_TEXT, veto.answer),
        ],
        say("Save"),
        run,
    )  # fmt: skip
    dialog.open()
    return dialog


def _minute(local: datetime) -> time:
    return local.time().replace(second=0, microsecond=0)


def _beside(error: Any, field_: str, shown: str) -> Any:
    """Return an error that blames the field which the form shows in the place of another."""
    if error.facts.get("field") == field_:
        error.facts = {**error.facts, "field": shown}
    return error
