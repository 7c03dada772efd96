"""What the chair may do to somebody from the console: words, icon and message; pure."""

from __future__ import annotations

from dataclasses import dataclass

from projectdesk.desktop.language import say
from projectdesk.signalling import call, floor, leading

Order = (
    floor.LowerHands
    | floor.StopFeed
    | floor.AskToUnmute
    | floor.Remove
    | floor.LetBackIn
    | floor.LockRoom
    | floor.Appoint
    | floor.Dismiss
    | leading.Spotlight
)


@dataclass(frozen=True)
class Choice:
    """One entry of a person's menu. question: asked before it is sent, "" = at once."""

    words: str
    icon: str
    order: Order
    question: str = ""
    consequence: str = ""


def choices(person: call.Participant, focus: leading.Focus) -> tuple[Choice, ...]:
    """Return what makes sense for a person now; the host decides in any case.

    Args:
        person: in the call.
        focus: who is in focus for everybody.
    """
    return (*_media(person), _focus(person, focus), *_roles(person), *_removal(person))


def _focus(person: call.Participant, focus: leading.Focus) -> Choice:
    if focus.chosen and focus.participant == person.id:
        out = leading.Spotlight(follows=focus.follows)
        return Choice(say("Take out of focus"), "focus", out)
    into = leading.Spotlight(participant=person.id, follows=focus.follows)
    return Choice(say("Put in focus for all"), "focus", into)


def _media(person: call.Participant) -> list[Choice]:
    who = person.id
    found = []
    if person.hand is not None:
        found.append(Choice(say("Lower hand"), "hand", floor.LowerHands(participant=who)))
    if person.audio:
        stop = floor.StopFeed(source="audio", participant=who)
        found.append(Choice(say("Mute microphone"), "mic-off", stop))
    elif person.role != "observer":
        found.append(Choice(say("Ask to unmute"), "mic", floor.AskToUnmute(participant=who)))
    if person.video:
        stop = floor.StopFeed(source="video", participant=who)
        found.append(Choice(say("Stop video"), "video-off", stop))
    if person.screen:
        stop = floor.StopFeed(source="screen", participant=who)
        found.append(Choice(say("Stop screen share"), "screen-share-off", stop))
    return found


def _roles(person: call.Participant) -> list[Choice]:
    who = person.id
    if person.role == "chair":
        return []
    if person.role == "cohost":
        first = Choice(say("Take co-host role away"), "shield", floor.Dismiss(participant=who))
    else:
        appoint = floor.Appoint(participant=who, role="cohost")
        first = Choice(say("Make co-host"), "shield", appoint)
    hand_over = Choice(
        say("Hand over the chair"),
        "arrow-right",
        floor.Appoint(participant=who, role="chair"),
        say("Hand the chair over to {name}?", name=person.name),
        say("{name} leads the meeting then. From here you can take it back.", name=person.name),
    )
    return [first, hand_over]


def _removal(person: call.Participant) -> list[Choice]:
    if person.role == "chair":
        return []
    remove = Choice(
        say("Remove"),
        "x",
        floor.Remove(participant=person.id),
        say("Remove {name}?", name=person.name),
        say(
            "They leave the call at once, and their link opens nothing until you let them back in."
        ),
    )
    return [remove]
