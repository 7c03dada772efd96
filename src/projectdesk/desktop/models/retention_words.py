"""How long things are kept, and what was erased, in words."""

from __future__ import annotations

from collections.abc import Sequence

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models.fields import Option
from projectdesk.domain.rules.retention import OF_HOSTS, Kept
from projectdesk.services.erasing import DOCUMENTS, Erased
from projectdesk.services.retention import Period

_DAYS = (7, 14, 30, 90, 180, 365, 730, 1825, 3650)


def kept_words(kept: str) -> str:
    """Return what has a period."""
    return {
        Kept.RECORDINGS.value: say("Recordings"),
        Kept.CALL_FILES.value: say("Files of chats"),
        Kept.CAPTIONS.value: say("Captions"),
        Kept.MAIL.value: say("Mail sent and received"),
        Kept.BUSY_TIMES.value: say("Busy times in the past"),
        Kept.CONNECTION_CHECKS.value: say("Connection tests"),
        Kept.HISTORY.value: say("History of changes"),
        Kept.BACKUPS.value: say("Backups"),
        Kept.LOGS.value: say("Logs"),
        Kept.JOURNAL.value: say("Journals of meetings"),
        Kept.WAITING_RECORDINGS.value: say("Recordings not fetched"),
        DOCUMENTS: say("Files of deleted documents"),
    }[kept]


def kept_hint(kept: Kept) -> str:
    """Return what is erased of it."""
    return {
        Kept.RECORDINGS: say("Films and sound that were fetched."),
        Kept.CALL_FILES: say("What was put into the chat, unless it belongs to the work plan."),
        Kept.CAPTIONS: say("What was said, as text."),
        Kept.MAIL: say("Texts and addresses; that it was sent stays."),
        Kept.BUSY_TIMES: say("Out of people's calendars."),
        Kept.CONNECTION_CHECKS: say("What the computer of an invitee could do."),
        Kept.HISTORY: say("Who changed what from what; that there was a change stays."),
        Kept.BACKUPS: say("The newest always stays, and never more than ten."),
        Kept.LOGS: say("What the program noted of itself."),
        Kept.JOURNAL: say("At hosts of this computer, once collected; with chats and rooms."),
        Kept.WAITING_RECORDINGS: say("At hosts of this computer."),
    }[kept]


def days_words(days: int | None) -> str:
    """Return a period."""
    if days is None:
        return say("Until deleted")
    years = {365: say("1 year"), 730: say("2 years"), 1825: say("5 years"), 3650: say("10 years")}
    return years.get(days) or say_count(days, "{count} day", "{count} days")


def choices(period: Period) -> list[Option]:
    """Return what may be chosen: nothing shorter than the rules of the consortium need."""
    days = {each for each in _DAYS if each >= period.least} | {period.least}
    if period.days is not None:
        days.add(period.days)
    endless = [] if period.kept in OF_HOSTS else [Option(None, days_words(None))]
    return [*(Option(each, days_words(each)) for each in sorted(days)), *endless]


def erased_words(done: Sequence[Erased]) -> str:
    """Return how many of what are erased, or would be; "" = nothing."""
    return "; ".join(f"{kept_words(each.kept)}: {each.count}" for each in done if each.count)


def waiting_words(done: Sequence[Erased]) -> str:
    """Return how many of what are past their period and still needed; "" = nothing."""
    return "; ".join(f"{kept_words(each.kept)}: {each.waiting}" for each in done if each.waiting)
