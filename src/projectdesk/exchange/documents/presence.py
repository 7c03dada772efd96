"""How documents say who was at a meeting: by partner and person, proxies, quorum."""

from __future__ import annotations

from collections.abc import Sequence

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.documents.content import (
    Attendance,
    AttendanceFacts,
    QuorumFacts,
    QuorumStretchFacts,
)
from projectdesk.exchange.documents.outline import Element, Grid, Remark
from projectdesk.exchange.documents.words import Words, clock, percent, place


def quorum_line(quorum: QuorumFacts | None, zone: str, words: Words) -> str:
    """Return how the quorum stood: reached throughout, or when it was not."""
    if quorum is None or not quorum.stretches:
        return ""
    least = min(quorum.stretches, key=lambda each: each.present + each.represented)
    facts = {
        "there": least.present + least.represented,
        "seats": least.seats,
        "needed": least.needed,
        "rule": quorum.rule,
    }
    broken = [each for each in quorum.stretches if not each.met]
    if not broken:
        return words("quorum_reached", **facts)
    times = "; ".join(_from_to(each, zone) for each in broken)
    if len(broken) == len(quorum.stretches):
        return words("quorum_missed", **facts)
    return words("quorum_broken", times=times, **facts)


def quorum_grid(quorum: QuorumFacts, zone: str, words: Words) -> Grid:
    """Return how the body stood over time."""
    return Grid(
        words("quorum_caption", place=place(zone)),
        (words("time"), words("present"), words("represented"), words("needed"), words("quorum")),
        tuple(
            (
                _from_to(each, zone),
                str(each.present),
                str(each.represented),
                words("needed_of", needed=each.needed, seats=each.seats),
                words("reached") if each.met else words("missed"),
            )
            for each in quorum.stretches
        ),
        (8, 6, 6, 6, 8),
    )


def _from_to(stretch: QuorumStretchFacts, zone: str) -> str:
    info = zone_of(zone)
    return f"{clock(stretch.start.astimezone(info))}–{clock(stretch.end.astimezone(info))}"


def count_line(there: Attendance, words: Words) -> str:
    """Return how many were there: of the body's members, else of the partners."""
    members = [partner for partner in there.partners if partner.member]
    counted = members or there.partners
    present = sum(partner.present for partner in counted)
    if not members:
        return words("partners_present", count=present, of=len(counted))
    proxies = sum(not each.present and bool(each.represented_by) for each in members)
    if proxies:
        return words("members_or_proxies", count=present, proxies=proxies, of=len(members))
    return words("members_present", count=present, of=len(members))


def attendance_in_short(there: Attendance, zone: str, words: Words) -> list[Element]:
    """Return who was there for minutes: a row for each partner with its people and times."""
    elements: list[Element] = []
    if there.partners:
        elements.append(Remark(count_line(there, words)))
    here = [person for person in there.people if person.first_in is not None]
    if not here:
        elements.append(Remark(words("nobody_present")))
    else:
        elements.append(_by_partner(there, here, zone, words))
    elements += _apart(there, words)
    return elements


def _by_partner(
    there: Attendance, here: Sequence[AttendanceFacts], zone: str, words: Words
) -> Grid:
    """Return those present, partner by partner in the order of the consortium."""
    rows: list[tuple[str, str, str, str]] = []
    known = {partner.partner: partner for partner in there.partners}
    for name in dict.fromkeys([*known, *(person.partner for person in here)]):
        people = [person for person in here if person.partner == name]
        if not people:
            continue
        partner = known.get(name)
        share = partner.share if partner is not None else max(person.share for person in people)
        said = "; ".join(_with_times(person, zone, words) for person in people)
        country = partner.country if partner is not None else ""
        rows.append((name or words("others"), country, said, percent(share)))
    return Grid(
        words("present_caption", place=place(zone)),
        (words("partner"), words("country"), words("people"), words("share")),
        tuple(rows),
        (8, 4, 22, 4),
    )


def _with_times(person: AttendanceFacts, zone: str, words: Words) -> str:
    info = zone_of(zone)
    first, last = person.first_in, person.last_out
    parts = []
    if first is not None and last is not None:
        parts.append(f"{clock(first.astimezone(info))}–{clock(last.astimezone(info))}")
    if person.beside:
        parts.append(words("with_other", name=person.beside))
    return f"{person.name} ({', '.join(parts)})" if parts else person.name


def _apart(there: Attendance, words: Words) -> list[Element]:
    """Return proxies, and who was not there: excused or not."""
    lines = []
    if there.proxies:
        said = "; ".join(
            words("proxy", partner=each.from_partner, proxy=each.to_partner)
            for each in there.proxies
        )
        lines.append(words("proxies", proxies=said))
    gone = [person for person in there.people if person.first_in is None]
    for key, people in (
        ("excused_people", [person for person in gone if person.excused]),
        ("absent_people", [person for person in gone if not person.excused]),
    ):
        if people:
            lines.append(words(key, people=", ".join(_named(person) for person in people)))
    return [Remark(line) for line in lines]


def _named(person: AttendanceFacts) -> str:
    return f"{person.name} ({person.partner})" if person.partner else person.name


def by_person(there: Attendance, zone: str, words: Words) -> Grid:
    """Return everybody with their times, for the attendance list."""
    headers = [words(key) for key in ("name", "partner", "from", "to", "length", "share")]
    rows = [person_row(person, zone, words) for person in there.people]
    noted = [_note(person, words) for person in there.people]
    weights = [11, 7, 4, 4, 6, 4]
    if any(noted):
        headers.append(words("note"))
        weights.append(8)
        rows = [(*row, note) for row, note in zip(rows, noted, strict=True)]
    caption = words("times_caption", place=place(zone))
    return Grid(caption, tuple(headers), tuple(rows), tuple(weights))


def _note(person: AttendanceFacts, words: Words) -> str:
    """Return what is said beside the times: with whom, and that a person corrected them."""
    parts = [words("with_other", name=person.beside)] if person.beside else []
    if person.corrected:
        parts.append(words("corrected"))
        parts += [person.note] if person.note else []
    return "; ".join(parts)


def person_row(person: AttendanceFacts, zone: str, words: Words) -> tuple[str, ...]:
    """Return one person's line: name, partner, from, to, time, share."""
    if person.first_in is None or person.last_out is None:
        gone = words("excused") if person.excused else words("absent")
        return (person.name, person.partner, "–", "–", gone, "–")
    info = zone_of(zone)
    return (
        person.name,
        person.partner,
        clock(person.first_in.astimezone(info)),
        clock(person.last_out.astimezone(info)),
        words.length(person.minutes),
        percent(person.share),
    )


def partners_grid(there: Attendance, words: Words) -> Grid:
    """Return every partner: present or not, its share of the meeting, its people."""
    rows = []
    for partner in there.partners:
        if partner.present:
            state = words("present")
        elif partner.represented_by:
            state = words("represented_by", proxy=partner.represented_by)
        else:
            state = words("excused") if partner.excused else words("absent")
        rows.append(
            (
                partner.partner,
                partner.country,
                state,
                percent(partner.share) if partner.present else "–",
                ", ".join(partner.people) or "–",
            )
        )
    return Grid(
        words("by_partner"),
        (words("partner"), words("country"), words("presence"), words("share"), words("people")),
        tuple(rows),
        (8, 4, 7, 4, 14),
    )
