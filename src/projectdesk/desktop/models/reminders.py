"""The text that reminds a partner of what is late or due, and the link that mails it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, plan_words
from projectdesk.services.plan_rows import LateRow


@dataclass(frozen=True)
class Reminder:
    """A mail to one person. email: "" where it is not known."""

    person: str
    email: str
    subject: str
    body: str

    @property
    def mailto(self) -> str:
        """The link that opens it in the mail program (RFC 6068)."""
        body = quote(self.body.replace("\n", "\r\n"), safe="")
        return f"mailto:{quote(self.email, safe='@')}?subject={quote(self.subject)}&body={body}"

    @property
    def text(self) -> str:
        """The whole of it, to be pasted elsewhere."""
        to = f"{self.person} <{self.email}>" if self.email else self.person
        return f"{to}\n{self.subject}\n\n{self.body}"


def reminders(rows: Sequence[LateRow], sender: str = "") -> list[Reminder]:
    """Return one mail for each person that answers for some of `rows`, in the order of names."""

    def who(row: LateRow) -> tuple[str, str]:
        return row.email, row.person or row.partner

    ordered = sorted(rows, key=who)
    return [_reminder(*key, list(group), sender) for key, group in groupby(ordered, who)]


def _reminder(email: str, person: str, rows: Sequence[LateRow], sender: str) -> Reminder:
    projects = ", ".join(dict.fromkeys(row.project for row in rows))
    lines = [
        say("Dear {name},", name=person) if email else say("Hello,"),
        "",
        say("this is what we still await from you:"),
        "",
        *(_line(row) for row in sorted(rows, key=lambda row: row.due_on)),
        "",
        say("Please tell us when we can expect it, and whether you need anything."),
        "",
        say("Kind regards"),
        sender,
    ]
    labels = ", ".join(row.label for row in rows)
    subject = say("{project}: reminder of {labels}", project=projects, labels=labels)
    return Reminder(person, email, subject, "\n".join(lines).rstrip())


def _line(row: LateRow) -> str:
    return say(
        "- {label} {title}: {what}, due on {day} ({late})",
        label=row.label,
        title=row.title,
        what=plan_words.step_word(row.step),
        day=formats.day(row.due_on),
        late=plan_words.how_late(row.days),
    )


def all_text(mails: Iterable[Reminder]) -> str:
    """Return several reminders as one text."""
    return "\n\n---\n\n".join(mail.text for mail in mails)
