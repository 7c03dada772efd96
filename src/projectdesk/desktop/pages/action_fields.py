"""What is edited of an action, in the list of all actions and in the minutes."""

from __future__ import annotations

from datetime import date

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.models.words import options
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.domain.minutes import ActionStatus
from projectdesk.services.rows import ActionRow


def is_late(row: ActionRow, today: date) -> bool:
    """Return whether an open action was due before `today`."""
    return row.status is ActionStatus.OPEN and row.due_on is not None and row.due_on < today


def owner_fields(choices: Choices) -> list[Field[ActionRow]]:
    """Return the fields of who does it: a person, and the partner it is done for."""
    return [
        Field(
            "owner_person_id",
            say("Who"),
            lambda r: r.owner_person_id,
            Entry.CHOICE,
            choices.people,
        ),
        Field(
            "owner_partner_id",
            say("For partner"),
            lambda r: r.owner_partner_id,
            Entry.CHOICE,
            choices.partners,
        ),
    ]


def due_field() -> Field[ActionRow]:
    """Return the field of when it is due."""
    return Field("due_on", say("Due"), lambda r: r.due_on, Entry.DATE)


def status_field() -> Field[ActionRow]:
    """Return the field of how far it is."""
    return Field(
        "status", say("Status"), lambda r: r.status, Entry.CHOICE, lambda: options(ActionStatus)
    )
