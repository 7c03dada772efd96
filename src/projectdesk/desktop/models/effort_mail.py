"""What a partner is written with its personal link: the request, and the reminder."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.services.reporting_rows import EffortLink, ReportingPeriodRow


@dataclass(frozen=True)
class Letter:
    """A message to one person."""

    to: str
    subject: str
    text: str

    @property
    def address(self) -> str:
        """Return it as a mailto address, for the system's mail program."""
        subject, body = quote(self.subject), quote(self.text.replace("\n", "\r\n"))
        return f"mailto:{quote(self.to, safe='@')}?subject={subject}&body={body}"


def letter(
    link: EffortLink, project: str, period: ReportingPeriodRow, sender: str, *, reminder: bool
) -> Letter:
    """Return the request for figures, or the reminder.

    Args:
        link: whom, and where they answer.
        project: its acronym.
        period: which is asked about.
        sender: who writes; "" leaves the line out.
        reminder: they were asked before.
    """
    facts = {"project": project, "period": period.label, "partner": link.partner}
    subject = say("{project}: person-months of {partner} in {period}", **facts)
    if reminder:
        subject = say("Reminder: {subject}", subject=subject)
    days = f"M{period.start_month} – M{period.end_month}"
    if period.starts_on is not None:
        days = f"{formats.day(period.starts_on)} – {formats.day(period.ends_on)}"
    greeting = say("Dear {name},", name=link.person) if link.person else say("Hello,")
    ask = (
        say("we have not yet received the person-months of {partner} in {period} ({days}).",
            **facts, days=days)
        if reminder
        else say("please enter the person-months that {partner} worked in {period} ({days}).",
                 **facts, days=days)
    )  # fmt: skip
    lines = [
        greeting,
        "",
        ask,
        say("Your personal link, no account is needed:"),
        link.url,
        "",
        say("You can change your figures until {day}.", day=formats.day(link.deadline)),
        *(["", sender] if sender else []),
    ]
    return Letter(link.email, subject, "\n".join(lines))
