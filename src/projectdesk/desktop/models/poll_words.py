"""What a date poll says: its state, what it comes to, choices, dates in two zones, letters."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.preparation import DateChoice, PollRule, PollState
from projectdesk.domain.rules.date_polls import Verdict
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.poll_rows import DateOptionRow, DatePollDetail, DatePollRow, DateVoterRow

_MARKS: Final = {
    DateChoice.YES: "\N{CHECK MARK}",
    DateChoice.IF_NEED_BE: "(\N{CHECK MARK})",
    DateChoice.NO: "\N{MULTIPLICATION SIGN}",
}
_TONES: Final = {
    DateChoice.YES: Tone.SUCCESS,
    DateChoice.IF_NEED_BE: Tone.WARNING,
    DateChoice.NO: Tone.DANGER,
}


def choice_words(choice: DateChoice) -> str:
    """Return what a voter says, in a word."""
    return {
        DateChoice.YES: say("Yes"),
        DateChoice.IF_NEED_BE: say("If need be"),
        DateChoice.NO: say("No"),
    }[choice]


def choice_options() -> list[Option]:
    """Return what can be entered for a voter; None = nothing was said."""
    return [
        Option(None, say("Not answered")),
        *(Option(each, choice_words(each)) for each in DateChoice),
    ]


def marked(choice: DateChoice | None) -> str:
    """Return a choice as the matrix shows it: a sign and its word, so that colour is not needed."""
    return "" if choice is None else f"{_MARKS[choice]} {choice_words(choice)}"


def choice_tone(choice: DateChoice | None) -> Tone | None:
    """Return the tone of a choice."""
    return None if choice is None else _TONES[choice]


def rule_options() -> list[Option]:
    """Return when a poll can close itself."""
    return [
        Option(PollRule.BY_HAND, say("By hand")),
        Option(PollRule.AT_DEADLINE, say("At the deadline")),
        Option(PollRule.ALL_ANSWERED, say("Once all have answered")),
    ]


def state_words(poll: DatePollRow) -> str:
    """Return where a poll stands, in a word or two."""
    if poll.state is PollState.OPEN:
        return {
            Verdict.COLLECTING: say("Open"),
            Verdict.WAITING: say("Waiting for the host"),
            Verdict.CLEAR: say("To be closed"),
            Verdict.TIE: say("Tie"),
            Verdict.NO_DATE: say("No date suits"),
        }[poll.verdict]
    return {
        PollState.DRAFT: say("Draft"),
        PollState.DECIDED: say("Decided"),
        PollState.CANCELLED: say("Cancelled|poll"),
    }[poll.state]


def state_tone(poll: DatePollRow) -> Tone:
    """Return the tone of where a poll stands."""
    if poll.state is PollState.OPEN:
        quiet = poll.verdict in {Verdict.COLLECTING, Verdict.WAITING}
        return Tone.INFO if quiet else Tone.WARNING
    return {
        PollState.DRAFT: Tone.NEUTRAL,
        PollState.DECIDED: Tone.SUCCESS,
        PollState.CANCELLED: Tone.MUTED,
    }[poll.state]


def date_words(start: datetime, zone: str) -> str:
    """Return a date in a zone: "Tue, 24 Mar 2026, 10:00"."""
    local = to_local(start, zone)
    return f"{formats.weekday(local.date())}, {formats.clock(local)}"


def date_in_zones(start: datetime, zone: str, own: str) -> str:
    """Return a date in two zones: "Tue, 24 Mar 2026, 10:00 Lisbon, 11:00 Berlin"."""
    day = formats.weekday(to_local(start, zone).date())
    return f"{day}, {formats.in_zones(start, zone, own)}"


def column_words(start: datetime, zone: str) -> str:
    """Return a date as a title of a narrow column: "Tue 24 Mar 10:00"; no year."""
    local = to_local(start, zone)
    day = formats.weekday(local.date()).rpartition(" ")[0].replace(",", "")
    return f"{day} {formats.clock(local)}"


def standing_words(option: DateOptionRow) -> str:
    """Return how a date stands: "3 yes, 1 if need be, 0 no"."""
    standing = option.standing
    return say(
        "{yes} yes, {maybe} if need be, {no} no",
        yes=standing.yes,
        maybe=standing.if_need_be,
        no=standing.no,
    )


def place_words(option: DateOptionRow, poll: DatePollRow) -> str:
    """Return what a date is among the others: chosen, best, tied, refused."""
    if option.chosen:
        return say("Chosen")
    if option.is_best and option.standing.is_possible:
        return say("Best") if poll.verdict is not Verdict.TIE else say("Tied for best")
    if option.standing.required_no:
        return say("{count} needed cannot", count=option.standing.required_no)
    return ""


def place_tone(option: DateOptionRow) -> Tone | None:
    """Return the tone of what a date is among the others."""
    if option.chosen or (option.is_best and option.standing.is_possible):
        return Tone.SUCCESS
    return Tone.WARNING if option.standing.required_no else None


def progress_words(found: DatePollDetail, own_zone: str) -> str:
    """Return in a sentence how far a poll is, and what the organiser is to do."""
    poll = found.poll
    if poll.state is PollState.DECIDED and poll.starts_at is not None:
        return say(
            "Decided for {date}: the meeting “{title}”.",
            date=date_words(poll.starts_at, own_zone),
            title=poll.meeting or poll.title,
        )
    if poll.state is PollState.CANCELLED:
        return say("Called off; the links only say so.")
    if poll.state is PollState.DRAFT:
        return say("Nobody was asked yet: add dates and voters, then open the poll.")
    if poll.verdict is Verdict.WAITING:
        return say("The deadline is over. Answers from before it may still be at the host.")
    if poll.verdict is Verdict.TIE:
        return say("Several dates are equally good: choose one.")
    if poll.verdict is Verdict.NO_DATE:
        return say("No date suits everybody who is needed: choose one anyway, or add dates.")
    if poll.verdict is Verdict.CLEAR:
        return say("One date is best: choose it.")
    until = "" if poll.deadline is None else formats.moment(poll.deadline, own_zone)
    if until:
        return say("Answers count until {moment}.", moment=until)
    return say("Answers count until you choose a date.")


def needs_attention(poll: DatePollRow) -> bool:
    """Return whether the organiser has to do something, or has to know why nothing happens."""
    return poll.state is PollState.OPEN and poll.verdict is not Verdict.COLLECTING


def missing_words(found: DatePollDetail) -> str:
    """Return who has not answered: "Missing: Ana, Rui (2 of 5)"; "" when nobody is."""
    names = [voter.name for voter in found.missing]
    if not names or found.poll.state is not PollState.OPEN:
        return ""
    shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
    return say(
        "Missing: {names} ({count} of {all})",
        names=shown,
        count=len(names),
        all=found.poll.voters,
    )


def presence_words(voter: DateVoterRow) -> str:
    """Return whether somebody is needed, in a word."""
    return say("Needed") if voter.required else say("Optional")
