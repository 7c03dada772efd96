"""What an invitee's connection check says, in words."""

from __future__ import annotations

from collections.abc import Sequence

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.services.rows import InvitationRow

_TONES = {"good": Tone.SUCCESS, "limited": Tone.WARNING, "bad": Tone.DANGER}


def verdict(row: InvitationRow) -> str:
    """Return the last check's verdict in a word or two, a dash without one."""
    words = {"good": say("Ready"), "limited": say("With limits"), "bad": say("Not ready")}
    return words.get(row.check, "–")


def verdict_tone(row: InvitationRow) -> Tone:
    """Return the tone of the verdict."""
    return _TONES.get(row.check, Tone.NEUTRAL)


def findings(row: InvitationRow, zone: str) -> str:
    """Return when it was checked, as in `zone`, and what was found; how to get a check without."""
    if row.checked_at is None:
        return say("Not checked yet. The menu of this row has the link of the check.")
    when = say("Checked {when}.", when=formats.moment(row.checked_at, zone))
    known = _problems()
    return "\n".join([when, *(known[code] for code in row.check_problems if code in known)])


def problem_words(codes: Sequence[str]) -> str:
    """Return what a check found, in a line; "" for nothing that is known."""
    known = _problems()
    return " ".join(known[code] for code in codes if code in known)


def _problems() -> dict[str, str]:
    """Return words for each `signalling.check.CheckProblem`."""
    return {
        "browserOld": say("The browser is too old."),
        "noSocket": say("The host is not reached."),
        "noMedia": say("Sound and picture do not get through."),
        "noMicrophone": say("There is no microphone."),
        "silentMicrophone": say("The microphone stayed silent."),
        "noCamera": say("There is no camera."),
        "noSpeaker": say("The test sound is not heard."),
        "relayOnly": say("The network lets no UDP through; the call goes by a relay."),
        "slowUp": say("Little goes out."),
        "slowDown": say("Little comes in."),
        "lossy": say("Packets are lost."),
        "far": say("The host is slow to answer."),
    }
