"""Dialogs of written procedures: make and change one, another voter, close, tell, call off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import decision_words, formats
from projectdesk.desktop.models.fields import Entry, Option
from projectdesk.desktop.pages.decisions.dialogs import field
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.presenters.asking import Done, Failed
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import column, plain, text
from projectdesk.domain.rules.written_procedure import earliest_deadline
from projectdesk.domain.rules.zoned_time import to_local, to_utc, zone_of
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services.procedure_keys import Manner
from projectdesk.services.procedure_rows import DecidingBody, SeatRow, VotingDetail, VotingRow

_END_OF_DAY: Final = time(23, 59)
Keep = Callable[[UUID, Mapping[str, Any], Manner, Done, Failed], None]


def secret_words() -> str:
    """Return why a written procedure is not secret."""
    return say(
        "A written procedure is not secret: the host keeps each answer under the name of the "
        "member whose link it came by. Hold a secret vote in a meeting."
    )


def ask_procedure(
    parent: QWidget,
    bodies: Sequence[DecidingBody],
    now: datetime,
    zone: str,
    create: Callable[[UUID, Mapping[str, Any], Done, Failed], None],
) -> FormDialog:
    """Ask for a new written procedure: who decides what until when.

    Args:
        parent: the window it belongs to.
        bodies: that can decide.
        now: the present.
        zone: the reader's, in which the days end.
        create: makes it.
    """
    known = {body.id: body for body in bodies}
    first = bodies[0]

    def run(dialog: FormDialog, values: Values) -> None:
        kept = _kept(dialog, values, zone)
        if kept is not None:
            create(values["body_id"], kept, dialog.close_done, _at_day(dialog))

    dialog = FormDialog(
        parent,
        say("New written procedure"),
        secret_words(),
        [
            field("body_id", say("Who decides"), Entry.CHOICE, first.id,
                  options=lambda: [Option(key, _name(body)) for key, body in known.items()]),
            *_lines(None, _earliest(first, now, zone), zone),
        ],
        say("Make the procedure"),
        run,
        required=["body_id", "question", "until_day"],
    )  # fmt: skip
    rule = text(_rule(first, now, zone), "caption", wrap=True)
    dialog.add(rule)

    def follow(name: str, value: object) -> None:
        if name == "body_id" and value in known:
            rule.setText(_rule(known[value], now, zone))  # type: ignore[index]

    dialog.form.entered.connect(follow)
    dialog.open()
    return dialog


def ask_changes(parent: QWidget, vote: VotingRow, save: Keep) -> FormDialog:
    """Ask what is changed of a draft."""
    zone = vote.zone

    def run(dialog: FormDialog, values: Values) -> None:
        kept = _kept(dialog, values, zone)
        if kept is not None:
            manner = kept.pop("manner")
            save(vote.id, kept, manner, dialog.close_done, _at_day(dialog))

    dialog = FormDialog(
        parent,
        say("Change the procedure"),
        say("Days end by the clock of {city}.", city=formats.city(zone)),
        _lines(vote, None, zone),
        say("Save"),
        run,
        required=["question", "until_day"],
    )
    dialog.open()
    return dialog


def ask_voter(
    parent: QWidget,
    seat: SeatRow,
    choices: Choices,
    save: Callable[[UUID, Done, Failed], None],
) -> FormDialog:
    """Ask who votes for a member from now on."""

    def run(dialog: FormDialog, values: Values) -> None:
        save(values["voter_id"], dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Who votes for {partner}?", partner=seat.partner),
        say("They get a link of their own; the link that was sent before opens nothing any more."),
        [field("voter_id", say("Person"), Entry.CHOICE, seat.voter_id,
               options=lambda: choices.people_first_of(seat.partner_id))],
        say("Let them vote"),
        run,
        required=["voter_id"],
    )  # fmt: skip
    dialog.open()
    return dialog


def ask_opening(
    parent: QWidget, found: VotingDetail, body: DecidingBody, zone: str, run: Callable[[], None]
) -> Dialog:
    """Ask before members are asked: what is kept from then on, and who has nobody to ask."""
    vote = found.vote
    dialog = Dialog(
        parent,
        say("Open the procedure?"),
        say(
            "The members and rules of {body} are kept as they are now. {count} members get a "
            "personal link each; then you choose how they are told. It cannot be changed any more.",
            body=body.name,
            count=body.seats - body.unrepresented,
        ),
    )
    lines = [
        say("Carried with {needed} of {seats} votes ({share} of all).",
            needed=body.needed, seats=body.seats, share=body.share),
        say("Votes count until {when}.", when=formats.moment(vote.deadline, zone)),
    ]  # fmt: skip
    if body.unrepresented:
        lines.append(
            say(
                "{count} members have neither representative nor deputy: name who votes for them "
                "after opening, or enter their votes by hand.",
                count=body.unrepresented,
            )
        )
    for line in lines:
        dialog.add(text(f"•  {line}", wrap=True))

    def go(_failed: Failed, done: Done) -> None:
        done()
        run()

    _add_action(dialog, say("Open the procedure"), go)
    return dialog


def ask_closing(
    parent: QWidget,
    found: VotingDetail,
    *,
    can_send: bool,
    close: Callable[[bool, Failed, Done], None],
) -> Dialog:
    """Ask before votes are counted."""
    vote = found.vote
    dialog = Dialog(
        parent,
        say("Close the procedure?"),
        say("The votes are counted, and what is carried becomes a decision. Nothing can be changed "
            "any more."),
    )  # fmt: skip
    votes = [seat.choice for seat in found.seats if seat.choice]
    tally = formats.joined(
        f"{decision_words.choice_words(each)} {votes.count(each)}" for each in vote.options
    )
    tell = _tell_box(can_send)
    missing = ", ".join(seat.partner for seat in found.missing)
    lines = column(text(tally, "strong"), spacing=SPACE_S)
    if missing:
        lines.addWidget(text(say("Not voted: {names}", names=missing), wrap=True))
    lines.addWidget(tell)
    dialog.add(plain(lines))
    _add_action(
        dialog, say("Close|vote"), lambda failed, done: close(tell.isChecked(), failed, done)
    )
    return dialog


def ask_telling(
    parent: QWidget,
    found: VotingDetail,
    days: int,
    *,
    can_send: bool,
    tell: Callable[[bool, Failed, Done], None],
) -> Dialog:
    """Ask before the result is told: the time for a veto runs from then."""
    carried = found.vote.carried
    window = say("A veto is taken for {count} days from now on.", count=days) if carried else ""
    dialog = Dialog(parent, say("Tell the members the result?"), window)
    box = _tell_box(can_send)
    box.setText(say("By mail, with their links; else you tell them another way"))
    dialog.add(text(decision_words.how_words(found.vote), "strong", wrap=True), box)
    _add_action(dialog, say("It is told"), lambda failed, done: tell(box.isChecked(), failed, done))
    return dialog


def ask_calling_off(
    parent: QWidget, vote: VotingRow, *, can_send: bool, cancel: Callable[[bool], None]
) -> Dialog:
    """Ask before a procedure is called off."""
    asked = vote.opened_at is not None
    sentence = (
        say("Its links say so and take no votes. This cannot be undone.")
        if asked
        else say("Nobody was asked yet. You can undo it.")
    )
    dialog = Dialog(parent, say("Call {label} off?", label=vote.label), sentence)
    tell = _tell_box(can_send)
    if asked:
        dialog.add(tell)

    def go(_failed: Failed, done: Done) -> None:
        done()
        cancel(asked and tell.isChecked())

    _add_action(dialog, say("Call off"), go)
    return dialog


# --- inside ---------------------------------------------------------------------------------------


def _name(body: DecidingBody) -> str:
    return f"{body.project}: {body.name}"


def _rule(body: DecidingBody, now: datetime, zone: str) -> str:
    return say(
        "{body} has at least {days} days to answer, so until {earliest} or later. It is carried "
        "with {share} of all votes; silence is no consent.",
        body=body.name,
        days=body.days,
        earliest=formats.day(_earliest(body, now, zone)),
        share=body.share,
    )


def _earliest(body: DecidingBody, now: datetime, zone: str) -> date:
    return to_local(earliest_deadline(now, body.days, zone_of(zone)), zone).date()


def _lines(vote: VotingRow | None, first_day: date | None, zone: str) -> list[Any]:
    until = None if vote is None or vote.deadline is None else to_local(vote.deadline, zone)
    days = "3" if vote is None else " ".join(map(str, vote.reminder_days))
    early = vote is not None and vote.closes_early
    own = "; ".join(vote.options) if vote is not None and vote.has_own_choices else ""
    closing = [
        Option(False, say("At the deadline")),
        Option(True, say("When all have voted, at the deadline at the latest")),
    ]
    return [
        field("question", say("What is to be decided, as the decision will say it"),
              Entry.LONG_TEXT, "" if vote is None else vote.question),
        field("description", say("Why, and what belongs to it"), Entry.LONG_TEXT,
              "" if vote is None else vote.description),
        field("choices", say("Choices, with ; between them (none: for, against, abstention)"),
              Entry.TEXT, own),
        [
            field("until_day", say("Votes count until"), Entry.DATE,
                  first_day if until is None else until.date()),
            field("until_time", say("Until (time)"), Entry.TIME,
                  _END_OF_DAY if until is None else until.time().replace(second=0)),
            field("days", say("Remind days before"), Entry.TEXT, days, hint="7 2"),
        ],
        field("closes_early", say("It closes"), Entry.CHOICE, early, options=lambda: closing),
    ]  # fmt: skip


def _kept(dialog: FormDialog, values: Values, zone: str) -> dict[str, Any] | None:
    """Return values as a procedure has them; None, said beside the field, if one is none."""
    try:
        days = tuple(int(each) for each in (values["days"] or "").replace(",", " ").split())
    except ValueError:
        dialog.form.show_problem("days", say("Give numbers of days, as in 7 2."))
        dialog.action.setEnabled(True)
        return None
    choices = (values["choices"] or "").split(";")
    clock = values["until_time"] or _END_OF_DAY
    seconds = 59 if clock == _END_OF_DAY else 0
    try:
        deadline = to_utc(
            datetime.combine(values["until_day"], clock.replace(second=seconds)), zone
        )
    except DomainError as error:
        dialog.refuse(error)
        return None
    return {
        "question": values["question"] or "",
        "description": values["description"] or "",
        "choices": [line.strip() for line in choices if line.strip()],
        "deadline": deadline,
        "manner": Manner(zone=zone, closes_early=values["closes_early"], reminder_days=days),
    }


def _at_day(dialog: FormDialog) -> Failed:
    """Return what says a refusal beside the field that stands for what was refused."""
    shown = {"deadline": "until_day", "reminder_days": "days"}

    def failed(error: ProjectDeskError) -> None:
        name = error.facts.get("field")
        if isinstance(name, str) and name in shown:
            error.facts = {**error.facts, "field": shown[name]}
        dialog.refuse(error)

    return failed


def _tell_box(can_send: bool) -> QCheckBox:
    tell = QCheckBox(say("Tell the members by mail"))
    tell.setChecked(can_send)
    tell.setEnabled(can_send)
    if not can_send:
        tell.setToolTip(say("No mail account is set up on this computer."))
    return tell


def _add_action(dialog: Dialog, words: str, run: Callable[[Failed, Done], object]) -> None:
    """Add Cancel and the action; it waits for an answer, and says a refusal."""
    dialog.add_button(say("Cancel"), "", dialog.reject)

    def refuse(error: ProjectDeskError) -> None:
        action.setEnabled(True)
        dialog.show_problem(say_error(error))

    def go() -> None:
        action.setEnabled(False)
        run(refuse, dialog.accept)

    action = dialog.add_button(words, "primary", go, default=True)
    dialog.open()
