"""What the outbox says, in words."""

from __future__ import annotations

from urllib.parse import urlsplit

from projectdesk.desktop.language import say
from projectdesk.desktop.models.mail_sentences import in_language
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.services.mail_rows import MailRow, ReceivedRow
from projectdesk.services.outbox import MailState

_ASKED = frozenset({"date-poll-reminder", "written-procedure-reminder", "action-reminder"})
"""Purposes of mails to who has not answered by a link; the server sees who has."""


def state_word(state: MailState) -> str:
    """Return what a state is called."""
    return {
        MailState.QUEUED: say("Waits"),
        MailState.HANDED: say("Handed over"),
        MailState.SENDING: say("Being sent"),
        MailState.SENT: say("Sent"),
        MailState.REFUSED: say("Refused"),
        MailState.UNCERTAIN: say("May be sent"),
        MailState.CANCELLED: say("Taken back"),
    }[state]


def state_tone(state: MailState) -> Tone:
    """Return the tone of a state."""
    return {
        MailState.QUEUED: Tone.NEUTRAL,
        MailState.HANDED: Tone.NEUTRAL,
        MailState.SENDING: Tone.ACCENT,
        MailState.SENT: Tone.SUCCESS,
        MailState.REFUSED: Tone.DANGER,
        MailState.UNCERTAIN: Tone.WARNING,
        MailState.CANCELLED: Tone.MUTED,
    }[state]


def purpose_word(purpose: str) -> str:
    """Return what a mail is for; what is not known is shown as it is."""
    known = {
        "invitation": say("Invitation"),
        "update": say("Update"),
        "cancellation": say("Cancellation"),
        "reminder": say("Reminder"),
        "reminder-state": say("State of the checks"),
        "date-poll": say("Date poll"),
        "date-poll-reminder": say("Reminder of a date poll"),
        "date-poll-result": say("Result of a date poll"),
        "action": say("Actions"),
        "action-reminder": say("Reminder of actions"),
        "action-digest": say("Digest of actions"),
        "action-escalation": say("Late actions, to the partner's lead"),
        "plan-reminder": say("Reminder of the work plan"),
        "agenda": say("Agenda"),
        "minutes": say("Minutes"),
        "minutes-accepted": say("Minutes accepted"),
        "objection-answered": say("Answer to an objection"),
        "minutes-veto-reply": say("Answer to a veto by mail"),
        "written-procedure": say("Written procedure"),
        "written-procedure-reminder": say("Reminder of a written procedure"),
        "written-procedure-result": say("Result of a written procedure"),
        "written-procedure-reply": say("Answer to a vote by mail"),
    }
    return known.get(purpose) or purpose.replace("-", " ").replace("_", " ").capitalize()


def answer(row: MailRow) -> str:
    """Return what was said of a mail: the server's words, or ours where it was not sent at all."""
    if not row.private_links:
        return in_language(row.reply)
    links = row.reply.partition("(")[2].partition(")")[0]
    return say(
        "Not sent: its links open on this computer or in its network only ({links}). Hold the "
        "meeting on a team server, or send it all the same.",
        links=links,
    )


def outcome(row: ReceivedRow) -> str:
    """Return what became of a mail that was read in."""
    return in_language(row.detail)


def explained(row: MailRow) -> str:
    """Return what a person has to know of where a mail stands."""
    match row.state:
        case MailState.UNCERTAIN:
            return say(
                "The connection or the program ended while this was sent: it may have arrived. "
                "Ask the recipient, or send it again; mail programs show the same mail once."
            )
        case MailState.HANDED if row.late:
            return say(
                "Its time is over, and {server} was not heard since: what came of it is not known "
                "yet.",
                server=urlsplit(row.sender).netloc or row.sender,
            )
        case MailState.HANDED if row.purpose in _ASKED:
            return say(
                "{server} sends this at its time, also while this computer is off, unless it was "
                "answered by then.",
                server=urlsplit(row.sender).netloc or row.sender,
            )
        case MailState.HANDED:
            return say(
                "{server} sends this at its time, also while this computer is off. It is taken "
                "back by itself when the meeting moves or is called off, or its reminder is "
                "removed.",
                server=urlsplit(row.sender).netloc or row.sender,
            )
        case MailState.QUEUED if not row.mine:
            return say(
                "This is the mail of {author}: it goes out from the computer with that account.",
                author=row.author,
            )
        case MailState.QUEUED if row.attempts:
            return say("The server asked to try later; it is tried again by itself.")
        case _:
            return ""
