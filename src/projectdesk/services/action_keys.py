"""Beside actions: settings (where their links lead, what is mailed) and purposes of mail."""

from __future__ import annotations

from typing import Final
from uuid import UUID

GIVEN_PURPOSE: Final = "action"
"""Purpose of a mail of the outbox that gives somebody actions, with the personal links."""
REMINDER_PURPOSE: Final = "action-reminder"
DIGEST_PURPOSE: Final = "action-digest"
ESCALATION_PURPOSE: Final = "action-escalation"
ASKING: Final = (GIVEN_PURPOSE, REMINDER_PURPOSE, DIGEST_PURPOSE)
"""Those that an answer can come to."""
ACTIONS_HEADER: Final = "X-ProjectDesk-Actions"
"""Header of our mail: the ids of the actions it asks of, in hex. An answer refers to the mail."""
FOLLOW_UP_KEY: Final = "actions.follow-up"
"""Setting: when mail of open actions goes out (`action_settings`)."""


DIGEST_KEYS: Final = "actions.digest."
"""How the keys of `digest_key` begin."""


def digest_key(person_id: UUID) -> str:
    """Return the key of the setting that says on which day somebody's last digest was made."""
    return f"{DIGEST_KEYS}{person_id.hex}"


def action_host_key(project_id: UUID) -> str:
    """Return the key of the setting that says where the links of a project's actions lead."""
    return f"actions.{project_id.hex}.host"
