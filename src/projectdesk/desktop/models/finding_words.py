"""What `doctor` found, in the reader's language: what each thing is, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. needed: the product does not work without it."""

    name: str
    ok: bool
    text: str
    needed: bool = True


def title(finding: Finding) -> str:
    """Return what was looked at; what we have no word for is called as `doctor` calls it."""
    return {
        "program": say("Program"),
        "resources": say("Files of the program"),
        "data folder": say("Data folder"),
        "SQLite": say("Database"),
        "time zones": say("Time zones"),
        "keyring": say("Key store"),
        "Qt": say("Window system"),
        "QtWebEngine": say("Call window"),
        "media": say("Sound and picture"),
        "documents": say("Documents as PDF"),
        "network": say("Network"),
        "policy": say("Rules of your organisation"),
        "proxy": say("Proxy|network"),
        "mail": say("Mail"),
        "browser": say("Browser"),
        "coturn": say("Relay"),
    }.get(finding.name, finding.name)


def remedy(finding: Finding) -> str:
    """Return what to do where something is not right, "" where nothing is to do."""
    if finding.ok:
        return ""
    return {
        "program": say("Install the newest version."),
        "resources": say("Install ProjectDesk again."),
        "data folder": say("Make room on the disk, or ask who looks after this computer."),
        "SQLite": say("Install ProjectDesk again."),
        "time zones": say("Install ProjectDesk again."),
        "keyring": say("You are asked for a passphrase at each start; nothing else is missing."),
        "Qt": say("Install ProjectDesk again."),
        "QtWebEngine": say("Calls open in your browser instead."),
        "media": say("Hold meetings on a server; this computer cannot host them."),
        "documents": say("Save documents as Word or as a web page."),
        "network": say("Allow ProjectDesk in the firewall of this computer."),
        "policy": say("Tell who looks after this computer."),
        "mail": say("Open Settings and try the mail account."),
        "browser": say("Nothing to do: guests use their own."),
        "coturn": say("Only needed where this computer is a server for others."),
    }.get(finding.name, say("Save the file for who helps, and send it."))


def tone(finding: Finding) -> Tone:
    """Return how a finding is coloured."""
    if finding.ok:
        return Tone.SUCCESS
    return Tone.DANGER if finding.needed else Tone.WARNING


def icon(finding: Finding) -> str:
    """Return the drawing of a finding; it differs by shape, not by colour alone."""
    if finding.ok:
        return "circle-check"
    return "circle-x" if finding.needed else "triangle-alert"


def state(finding: Finding) -> str:
    """Return a finding's state for who does not see it."""
    if finding.ok:
        return say("All right")
    return say("Does not work") if finding.needed else say("Missing, and not needed")


def summary(findings: tuple[Finding, ...]) -> str:
    """Return the sentence above the list."""
    bad = [each for each in findings if not each.ok and each.needed]
    if not bad:
        return say("ProjectDesk has all that it needs here.")
    return say("Something that ProjectDesk needs does not work: {what}.", what=_names(bad))


def _names(findings: list[Finding]) -> str:
    return ", ".join(title(each) for each in findings)
