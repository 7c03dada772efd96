"""Dialogs in which attendance is said by hand: a stretch, somebody in the room, a proxy."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.words import options
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.presenters.attendance import AttendancePresenter
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.domain.minutes import CorrectionKind
from projectdesk.services.attendance_rows import AttendanceList

_NOBODY = Option(None, "–")


def _times() -> list[Field[object]]:
    return [
        Field("from_at", say("From"), lambda _: "", hint=say("the begin")),
        Field("to_at", say("To"), lambda _: "", hint=say("the end")),
    ]


def _invitees(found: AttendanceList) -> Sequence[Option]:
    return [
        Option(row.invitation_id, f"{row.name}  –  {row.partner}" if row.partner else row.name)
        for row in found.people
        if row.companion_id is None
    ]


def ask_correction(
    parent: QWidget, presenter: AttendancePresenter, found: AttendanceList, who: UUID | None = None
) -> FormDialog:
    """Ask when somebody was, or was not, there. who: whose invitation is chosen at first."""
    dialog = FormDialog(
        parent,
        say("Correct attendance"),
        say("What was measured stays beside it. Without times it is about the whole meeting."),
        [
            Field(
                "invitation_id",
                say("Who"),
                lambda _: who,
                Entry.CHOICE,
                lambda: _invitees(found),
            ),
            Field(
                "kind",
                say("Presence"),
                lambda _: CorrectionKind.PRESENT,
                Entry.CHOICE,
                lambda: options(CorrectionKind),
            ),
            _times(),
            Field("reason", say("Reason"), lambda _: "", hint=say("by telephone")),
        ],
        say("Correct"),
        lambda made, values: presenter.correct(values, made.close_done, made.refuse),
        required=("invitation_id",),
    )
    dialog.open()
    return dialog


def ask_companion(
    parent: QWidget,
    presenter: AttendancePresenter,
    choices: Choices,
    found: AttendanceList,
    who: UUID | None = None,
) -> FormDialog:
    """Ask who sits in the room behind whose camera."""
    dialog = FormDialog(
        parent,
        say("Somebody in the room"),
        say("They are there while the invitee is, and count for their partner once."),
        [
            Field(
                "invitation_id",
                say("In the room of"),
                lambda _: who,
                Entry.CHOICE,
                lambda: _invitees(found),
            ),
            Field(
                "person_id",
                say("Person"),
                lambda _: None,
                Entry.CHOICE,
                lambda: [
                    _NOBODY,
                    *(Option(row.id, row.name) for row in choices.people_rows),
                ],
            ),
            Field("name", say("Or a name"), lambda _: "", hint=say("who is not in the directory")),
            Field(
                "partner_id",
                say("For the partner"),
                lambda _: None,
                Entry.CHOICE,
                choices.partners,
            ),
            _times(),
        ],
        say("Add"),
        lambda made, values: presenter.add_companion(values, made.close_done, made.refuse),
        required=("invitation_id",),
    )
    dialog.open()
    return dialog


def ask_proxy(parent: QWidget, presenter: AttendancePresenter, found: AttendanceList) -> FormDialog:
    """Ask which member is represented by which."""
    members = [_NOBODY, *(Option(r.partner_id, r.partner) for r in found.partners if r.member)]
    dialog = FormDialog(
        parent,
        say("Announce a proxy"),
        say("One member of the body lets another represent it in this meeting."),
        [
            Field("from_partner_id", say("Member"), lambda _: None, Entry.CHOICE, lambda: members),
            Field(
                "to_partner_id",
                say("Is represented by"),
                lambda _: None,
                Entry.CHOICE,
                lambda: members,
            ),
            Field("note", say("Note"), lambda _: "", hint=say("by mail of 3 March")),
        ],
        say("Announce"),
        lambda made, values: presenter.announce(values, made.close_done, made.refuse),
        required=("from_partner_id", "to_partner_id"),
    )
    dialog.open()
    return dialog
