"""Organisers and attendees of calendar objects (RFC 5545, sections 3.8.4.1 and 3.8.4.3)."""

from __future__ import annotations

import re

from projectdesk.exchange.calendar.event import Attendee, PartStat, Party, Role
from projectdesk.exchange.calendar.lines import Line
from projectdesk.exchange.calendar.values import read_name

_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")
_ROLES = {role.value: role for role in Role}
_ANSWERS = {answer.value: answer for answer in PartStat}
_PARTLY = {"NEEDS_ACTION": PartStat.NEEDS_ACTION, "NEEDSACTION": PartStat.NEEDS_ACTION}
_PARTLY |= {"CONFIRMED": PartStat.ACCEPTED, "COMPLETED": PartStat.ACCEPTED}
_LOOKED_AT = 1_000


def read_party(line: Line) -> Party | None:
    """Return the organiser of a line, None when it names nobody."""
    address, name = _who(line)
    if not address and not name:
        return None
    return Party(address, name, _address(line.parameters.get("SENT-BY", "")))


def read_attendee(line: Line) -> Attendee | None:
    """Return the attendee of a line, None when it names nobody."""
    address, name = _who(line)
    if not address and not name:
        return None
    parameters = line.parameters
    answer = parameters.get("PARTSTAT", "").strip().upper()
    return Attendee(
        address,
        name,
        _address(parameters.get("SENT-BY", "")),
        role=_ROLES.get(parameters.get("ROLE", "").strip().upper(), Role.REQUIRED),
        partstat=_ANSWERS.get(answer) or _PARTLY.get(answer, PartStat.NEEDS_ACTION),
        rsvp=parameters.get("RSVP", "").strip().upper() in ("TRUE", "YES", "1"),
        kind=parameters.get("CUTYPE", "").strip().upper() or "INDIVIDUAL",
        delegated_from=_address(parameters.get("DELEGATED-FROM", "")),
        delegated_to=_address(parameters.get("DELEGATED-TO", "")),
    )


def _who(line: Line) -> tuple[str, str]:
    # Servers put their own identifier as the value, and the address beside it (RFC 7986, EMAIL).
    address = _address(line.value) or _address(line.parameters.get("EMAIL", ""))
    name = read_name(line.parameters.get("CN", "")).strip("'\" ")
    return address, "" if name.lower() == address.lower() else name


def _address(text: str) -> str:
    """Return the first e-mail address of a value, "" without one."""
    found = _ADDRESS.search(_MAILTO.split(text[:_LOOKED_AT], 1)[-1])
    return found[0].strip("'") if found else ""
