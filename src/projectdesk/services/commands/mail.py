"""What a person does with mails of the outbox."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.services import outbox
from projectdesk.services.workspace import Workspace


def cancel_mail(workspace: Workspace, mail_ids: Collection[UUID]) -> int:
    """Take back mails that wait; return how many.

    Raises:
        DomainError: `mail_not_waiting`; none of them waits any more.
    """
    with workspace.change("Take mail back", undoable=False) as unit:
        count = outbox.cancel(unit, mail_ids=mail_ids)
        if not count:
            raise DomainError(
                "mail_not_waiting", "Only mail that waits is taken back; this does not any more."
            )
    return count
