"""Dialogs of a vote that was held in a room: which meeting and what, then who voted how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import decision_words, formats
from projectdesk.desktop.models.fields import Entry, Option
from projectdesk.desktop.pages.decisions.dialogs import field
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.presenters.decisions import Done, Failed
from projectdesk.desktop.widgets.layout import column, plain, scrolled
from projectdesk.domain.rules.voting import STANCES
from projectdesk.services.commands.votes import HeldByHand
from projectdesk.services.rows import BodyMemberRow, MeetingRow

_TALL = 420
_ABSENT = "absent"
_OTHERS = "others"
Record = Callable[[UUID, HeldByHand, Done, Failed], None]


def ask_held_vote(
    parent: QWidget,
    meetings: Sequence[MeetingRow],
    members_of: Callable[[UUID, Callable[[Sequence[BodyMemberRow]], None]], None],
    record: Record,
) -> FormDialog:
    """Ask in which meeting what was voted on; then how.

    Args:
        parent: the window it belongs to.
        meetings: of bodies, the newest first.
        members_of: finds the members of a body.
        record: writes the vote down.
    """
    known = {row.id: row for row in meetings}

    def run(dialog: FormDialog, values: Values) -> None:
        meeting = known[values["meeting_id"]]
        choices = tuple(
            each.strip() for each in (values["choices"] or "").split(";") if each.strip()
        )
        held = HeldByHand(
            question=values["question"] or "",
            description=values["description"] or "",
            choices=choices,
        )
        secret = bool(values["secret"])

        def then(members: Sequence[BodyMemberRow]) -> None:
            dialog.close_done()
            if secret:
                _ask_counts(parent, meeting, held, record)
            else:
                _ask_ballots(parent, meeting, held, members, record)

        if meeting.body_id is not None:
            members_of(meeting.body_id, then)

    secrecy = [Option(False, say("Open: each member’s vote")), Option(True, say("Secret: counts"))]
    dialog = FormDialog(
        parent,
        say("Record a vote"),
        say("For a vote that was held in a room, or in a call elsewhere. It is counted by the "
            "rules of the body; what is carried becomes a decision of the meeting."),
        [
            field("meeting_id", say("Meeting"), Entry.CHOICE, next(iter(known), None),
                  options=lambda: [Option(key, _name(row)) for key, row in known.items()]),
            field("question", say("What was voted on, as the decision says it"),
                  Entry.LONG_TEXT, ""),
            field("description", say("Remark"), Entry.TEXT, ""),
            field("choices", say("Choices, with ; between them (none: for, against, abstention)"),
                  Entry.TEXT, ""),
            field("secret", say("The vote was"), Entry.CHOICE, False, options=lambda: secrecy),
        ],
        say("Next"),
        run,
        required=["meeting_id", "question"],
    )  # fmt: skip
    dialog.open()
    return dialog


def _ask_ballots(
    parent: QWidget,
    meeting: MeetingRow,
    held: HeldByHand,
    members: Sequence[BodyMemberRow],
    record: Record,
) -> FormDialog:
    """Ask how each member voted."""
    options = held.choices or STANCES
    fields: list[Any] = [
        field(member.partner_id.hex, member.partner, Entry.CHOICE, "",
              options=lambda: decision_words.choice_options(options))
        for member in members if not member.in_default
    ]  # fmt: skip
    others = field(
        _OTHERS, say("All others who were there"), Entry.CHOICE, "",
        options=lambda: decision_words.choice_options(options),
    )  # fmt: skip
    doubts = [
        Option(False, say("Do not record it: attendance is right")),
        Option(True, say("They were there: count them")),
    ]
    absent = field(
        _ABSENT, say("If attendance has who voted as absent"), Entry.CHOICE, False,
        options=lambda: doubts,
    )  # fmt: skip

    def run(dialog: FormDialog, values: Values) -> None:
        ballots = {
            UUID(key): str(value)
            for key, value in values.items()
            if value and key not in {_ABSENT, _OTHERS}
        }
        made = HeldByHand(
            held.question,
            ballots,
            None,
            held.choices,
            held.description,
            voters_there=bool(values[_ABSENT]),
            others=str(values[_OTHERS] or ""),
        )
        record(meeting.id, made, dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("How the members voted"),
        held.question,
        [others, *(fields[at : at + 2] for at in range(0, len(fields), 2)), absent],
        say("Record the vote"),
        run,
    )
    # A General Assembly may have more members than a screen has room for.
    dialog.body.removeWidget(dialog.form)
    area = scrolled(plain(column(dialog.form)))
    area.setMinimumHeight(min(_TALL, 66 * ((len(fields) + 1) // 2 + 1)))
    dialog.add(area)
    dialog.open()
    return dialog


def _ask_counts(
    parent: QWidget, meeting: MeetingRow, held: HeldByHand, record: Record
) -> FormDialog:
    """Ask how many chose what in a secret vote."""
    options = tuple(held.choices or STANCES)
    fields = [
        field(f"count_{at}", decision_words.choice_words(choice), Entry.NUMBER, 0, maximum=1000)
        for at, choice in enumerate(options)
    ]

    def run(dialog: FormDialog, values: Values) -> None:
        counts = [int(values[f"count_{at}"] or 0) for at in range(len(options))]
        made = HeldByHand(held.question, {}, counts, held.choices, held.description)
        record(meeting.id, made, dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Counts of the secret vote"),
        held.question,
        [fields[at : at + 3] for at in range(0, len(fields), 3)],
        say("Record the vote"),
        run,
    )
    dialog.open()
    return dialog


def _name(row: MeetingRow) -> str:
    return f"{formats.day(row.local_start.date())}  {row.project}: {row.title}"
