"""What the life of minutes says: where they stand, why something cannot be done, steps, marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.minutes import Acceptance, ObjectionState
from projectdesk.domain.rules.audit_chain import AuditStep, Break, Fault
from projectdesk.domain.rules.minutes_life import Bar, Standing, Why
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.circulation_rows import MinutesLife, ReaderRow, RevisionRow, Untold

_SOON_DAYS: Final = 3
"""So many days before it is due a draft is marked."""


def standing_words(where: Standing) -> str:
    """Return where minutes stand, in a word or two."""
    return {
        Standing.DRAFT: say("Draft"),
        Standing.WINDOW: say("Circulated"),
        Standing.WAITING: say("Waiting for the host"),
        Standing.OBJECTED: say("Objections to answer"),
        Standing.UPHELD: say("New revision due"),
        Standing.ANSWERED: say("Objections answered"),
        Standing.UNOPPOSED: say("Nobody objected"),
        Standing.ACCEPTED: say("Accepted"),
        Standing.SUPERSEDED: say("Superseded"),
    }[where]


def standing_tone(where: Standing) -> Tone:
    """Return the tone of a standing."""
    if where is Standing.ACCEPTED:
        return Tone.SUCCESS
    if where in {Standing.OBJECTED, Standing.UPHELD, Standing.WAITING}:
        return Tone.WARNING
    return Tone.MUTED if where in {Standing.DRAFT, Standing.SUPERSEDED} else Tone.INFO


def explained(life: MinutesLife, now: datetime) -> str:
    """Return where minutes stand in a sentence, with the date that matters next."""
    newest = life.newest
    match life.standing:
        case Standing.DRAFT:
            return _draft(life, now)
        case Standing.WINDOW:
            until = _moment(life.until, life.zone)
            return say("Objections are taken until {until}: {left}.", until=until,
                       left=left(life.until, now, life.zone))  # fmt: skip
        case Standing.WAITING:
            until = _moment(life.until, life.zone)
            return say(
                "The time for objections ended on {until}. What the host got in time is not "
                "collected yet, so nothing is decided.",
                until=until,
            )
        case Standing.OBJECTED:
            return say("The time for objections is over. Answer what was objected.")
        case Standing.UPHELD:
            return say("An objection was upheld: change the text in a new revision.")
        case Standing.ANSWERED:
            return say("All objections are declined. The chair may accept the minutes.")
        case Standing.UNOPPOSED:
            return say("The time for objections is over, and nobody objected.")
        case Standing.ACCEPTED:
            return _accepted(newest, life.zone) if newest is not None else ""
        case Standing.SUPERSEDED:
            return say("A newer revision took their place.")


def urgent(life: MinutesLife, now: datetime) -> str:
    """Return in a word or two what minutes wait for: "3 days late", "2 to answer", "today"."""
    if life.open_objections:
        count = life.open_objections
        return say_count(count, "{count} objection to answer", "{count} objections to answer")
    if life.standing is Standing.DRAFT and life.days_late > 0:
        return say_count(life.days_late, "{count} day late", "{count} days late")
    if life.standing is Standing.DRAFT:
        return left(life.draft_due, now, life.zone)
    if life.standing is Standing.WINDOW:
        return left(life.until, now, life.zone)
    return standing_words(life.standing)


def urgency(life: MinutesLife, now: datetime) -> Tone:
    """Return the tone of what minutes wait for."""
    if life.days_late > 0:
        return Tone.DANGER
    if life.open_objections or life.standing is Standing.UPHELD:
        return Tone.WARNING
    due = life.draft_due if life.standing is Standing.DRAFT else None
    if due is not None and (due - now).days <= _SOON_DAYS:
        return Tone.WARNING
    return Tone.NEUTRAL if life.standing is Standing.WINDOW else standing_tone(life.standing)


def _draft(life: MinutesLife, now: datetime) -> str:
    if life.draft_due is None:
        return say("The meeting is not over yet.")
    day = formats.day(to_local(life.draft_due, life.zone).date())
    if life.days_late > 0:
        late = say_count(life.days_late, "{count} day late", "{count} days late")
        return say("The draft was due on {day}: {late}.", day=day, late=late)
    return say("The draft is to be circulated by {day}: {left}.", day=day,
               left=left(life.draft_due, now, life.zone))  # fmt: skip


def _accepted(newest: RevisionRow, zone: str) -> str:
    when = _moment(newest.accepted_at, zone)
    if newest.acceptance is Acceptance.APPROVED:
        return say("Approved by the body, noted on {when}.", when=when)
    return say("Accepted on {when}.", when=when)


def left(until: datetime | None, now: datetime, zone: str) -> str:
    """Return how long there is left, by days of the calendar: "today", "3 days left"."""
    if until is None:
        return ""
    days = (to_local(until, zone).date() - to_local(now, zone).date()).days
    if days < 0:
        return say("over")
    return say("today") if days == 0 else say_count(days, "{count} day left", "{count} days left")


def bar_words(why: Bar | None) -> str:
    """Return why something cannot be done now; "" = it can."""
    if why is None:
        return ""
    return {
        Bar.NOT_HELD: say("The meeting is not over yet."),
        Bar.EMPTY: say("The minutes hold nothing yet: no text, no decision, no action."),
        Bar.NOT_CIRCULATED: say("The minutes are a draft: circulate them first."),
        Bar.CIRCULATED: say("The minutes are circulated. Begin a new revision to change them."),
        Bar.WINDOW: say("Objections are still taken."),
        Bar.WAITING: say("The host was not heard since the time for objections ended."),
        Bar.OBJECTED: say("An objection waits for an answer."),
        Bar.UPHELD: say("An objection was upheld: its change goes into a new revision."),
        Bar.ACCEPTED: say("The minutes are accepted."),
        Bar.SUPERSEDED: say("A newer revision took the place of these minutes."),
    }[why]


def why_words(why: Why) -> str:
    """Return why somebody gets the minutes."""
    return {
        Why.REPRESENTATIVE: say("Represents a member"),
        Why.DEPUTY: say("Deputy of a member"),
        Why.VETO: say("Party that may veto"),
        Why.ATTENDED: say("Was there"),
        Why.INVITED: say("Was invited"),
        Why.ADDED: say("Added"),
    }[why]


def objection_words(state: ObjectionState) -> str:
    """Return what became of an objection."""
    return {
        ObjectionState.OPEN: say("To be answered"),
        ObjectionState.UPHELD: say("Upheld"),
        ObjectionState.DECLINED: say("Declined"),
        ObjectionState.WITHDRAWN: say("Withdrawn"),
    }[state]


def objection_tone(state: ObjectionState) -> Tone:
    """Return the tone of an objection."""
    if state is ObjectionState.OPEN:
        return Tone.WARNING
    return Tone.SUCCESS if state is ObjectionState.UPHELD else Tone.MUTED


def sent_words(row: ReaderRow, zone: str) -> str:
    """Return whether a reader was written to."""
    if row.revoked:
        return say("Link revoked")
    if row.sent_at is not None:
        return _moment(row.sent_at, zone)
    if not row.mail and row.written_at is not None:
        return say("Written to a file")
    return {
        "queued": say("In the outbox"),
        "sending": say("Being sent"),
        "sent": say("Sent"),
        "refused": say("Refused"),
        "uncertain": say("Perhaps sent"),
        "cancelled": say("Taken back"),
    }.get(row.mail, "" if row.email else say("No address"))


def step_words(step: AuditStep | str) -> str:
    """Return what a step of the audit trail is called; one of a newer program by its word."""
    if not isinstance(step, AuditStep):
        return step
    return {
        AuditStep.BEGUN: say("Begun"),
        AuditStep.CIRCULATED: say("Circulated"),
        AuditStep.READER_ADDED: say("Reader added"),
        AuditStep.READER_REVOKED: say("Link revoked"),
        AuditStep.LINK_RENEWED: say("Link issued anew"),
        AuditStep.SENT: say("Sent"),
        AuditStep.WRITTEN: say("Mail written to a file"),
        AuditStep.RECEIVED: say("Received"),
        AuditStep.OBJECTED: say("Objection"),
        AuditStep.OBJECTION_CHANGED: say("Objection changed"),
        AuditStep.OBJECTION_WITHDRAWN: say("Objection taken back"),
        AuditStep.OBJECTION_LATE: say("Objection, too late"),
        AuditStep.OBJECTION_ANSWERED: say("Objection answered"),
        AuditStep.NOTIFIED: say("Readers told"),
        AuditStep.VETOED: say("Veto"),
        AuditStep.VETO_WITHDRAWN: say("Veto taken back"),
        AuditStep.VETO_NOT_ADMITTED: say("Veto not admitted"),
        AuditStep.REVISED: say("New revision begun"),
        AuditStep.SUPERSEDED: say("Superseded"),
        AuditStep.ACCEPTED: say("Accepted"),
        AuditStep.DECISION_BINDS: say("Decision binds"),
        AuditStep.ATTENDANCE_CORRECTED: say("Attendance corrected"),
        AuditStep.TIMES_CORRECTED: say("Times corrected"),
        AuditStep.OPENED: say("Opened|trail"),
        AuditStep.DOCUMENT_FIXED: say("Document fixed"),
        AuditStep.ASKED: say("Asked to vote"),
        AuditStep.REMINDED: say("Reminded"),
        AuditStep.VOTED: say("Vote received"),
        AuditStep.VOTE_WITHDRAWN: say("Vote taken back"),
        AuditStep.VOTER_CHANGED: say("Another person votes"),
        AuditStep.COUNTED: say("Closed and counted"),
        AuditStep.CANCELLED: say("Called off"),
        AuditStep.RESULT_TOLD: say("Result told"),
    }[step]


def untold_words(untold: Sequence[Untold]) -> str:
    """Return what readers were not told, and who they are."""
    said = []
    for each in untold:
        what = (
            say("The minutes are accepted")
            if each.objection is None
            else say("Answer to objection {number}", number=each.objection)
        )
        said.append(f"{what}: {', '.join(each.names)}")
    return say("Not told yet:") + "\n" + "\n".join(said) if said else ""


def trail_words(broken: Break | None, steps: int) -> str:
    """Return whether a trail holds."""
    if broken is None:
        return say_count(steps, "{count} step, none was changed", "{count} steps, none was changed")
    fault = {
        Fault.MISSING: say("a step before it is missing"),
        Fault.PREVIOUS: say("it does not follow the step before it"),
        Fault.CHANGED: say("it was changed after it was written"),
        Fault.TEXT: say("what it says is not what was written"),
        Fault.HEAD: say("the check value that was printed is that of no step"),
        Fault.CUT: say("it is missing, and all after it"),
        Fault.END: say("the step that was the last one is another"),
        Fault.UNTOLD: say("the records say that it happened, the trail does not"),
        Fault.DIFFERS: say("the records say something else now"),
    }[broken.fault]
    return say("The trail does not hold at step {seq}: {fault}.", seq=broken.seq, fault=fault)


def _moment(value: datetime | None, zone: str) -> str:
    return formats.moment(value, zone) if value is not None else ""
