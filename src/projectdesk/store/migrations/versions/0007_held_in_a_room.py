"""When a meeting without a call was held, and documents of what is voted on."""

from __future__ import annotations

from projectdesk.store.migrations.steps import INSTANT, column, more

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give meetings the times that people say, and documents the vote that they belong to."""
    times = ("held_from", "held_until")
    more("meeting", {}, *(column(name, INSTANT, nullable=True) for name in times))
    more("document", {"vote_id": "vote"})
