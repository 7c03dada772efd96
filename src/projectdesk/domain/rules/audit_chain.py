"""A chain of steps that shows when one of them was changed, left out or put in (decisions 15).

Each link holds the hash of the one before and of its own fields, so whoever has the newest hash
(the head, printed in what was circulated) can tell whether what led to it is as it was. What a
step says about people stands beside its link: the link commits to it, H(salt | text), so that text
and salt can be erased together and the chain stays whole. The salt keeps short texts from being
found by trying.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

ROOT: Final = "0" * 64
"""What the first link names as the one before it."""
SALT_BYTES: Final = 16


class AuditStep(StrEnum):
    """What happened to minutes, or to a written procedure.

    WRITTEN: the mail to a reader, to a file. NOTIFIED: who objected was written the answer, or all
    readers that the minutes are accepted. TIMES_CORRECTED: people say that the meeting was held at
    other times. From OPENED on: of procedures. BEGUN, of one: its trail begins when it was opened
    already. DOCUMENT_FIXED: what is voted on, with its SHA-256. VOTED: also another vote instead.
    """

    BEGUN = "begun"
    CIRCULATED = "circulated"
    READER_ADDED = "reader_added"
    READER_REVOKED = "reader_revoked"
    LINK_RENEWED = "link_renewed"
    SENT = "sent"
    WRITTEN = "written"
    RECEIVED = "received"
    OBJECTED = "objected"
    OBJECTION_CHANGED = "objection_changed"
    OBJECTION_WITHDRAWN = "objection_withdrawn"
    OBJECTION_LATE = "objection_late"
    OBJECTION_ANSWERED = "objection_answered"
    NOTIFIED = "notified"
    VETOED = "vetoed"
    VETO_WITHDRAWN = "veto_withdrawn"
    VETO_NOT_ADMITTED = "veto_not_admitted"
    REVISED = "revised"
    SUPERSEDED = "superseded"
    ACCEPTED = "accepted"
    DECISION_BINDS = "decision_binds"
    ATTENDANCE_CORRECTED = "attendance_corrected"
    TIMES_CORRECTED = "times_corrected"
    OPENED = "opened"
    DOCUMENT_FIXED = "document_fixed"
    ASKED = "asked"
    REMINDED = "reminded"
    VOTED = "voted"
    VOTE_WITHDRAWN = "vote_withdrawn"
    VOTER_CHANGED = "voter_changed"
    COUNTED = "counted"
    CANCELLED = "cancelled"
    RESULT_TOLD = "result_told"


@dataclass(frozen=True)
class Link:
    """One link. seq: from 1. at: UTC. subject: id of what it is about. commitment: to its text."""

    chain: UUID
    seq: int
    at: datetime
    step: str
    subject: UUID | None
    commitment: str
    previous: str
    hash: str


@dataclass(frozen=True)
class Text:
    """What a link says. salt: hex."""

    salt: str
    text: str


class Fault(StrEnum):
    """What does not fit.

    MISSING: a link that has to be there is not. PREVIOUS: it does not follow the one before it.
    CHANGED: its fields are not those that its hash was made of. TEXT: its text is not what it
    commits to. HEAD: the hash that was printed is that of no link, so the end was rewritten. CUT:
    there were more links once. END: the last link is not the one whose hash was kept. UNTOLD: the
    records say what no link tells of. DIFFERS: the records say something else than the link does.
    """

    MISSING = "missing"
    PREVIOUS = "previous"
    CHANGED = "changed"
    TEXT = "text"
    HEAD = "head"
    CUT = "cut"
    END = "end"
    UNTOLD = "untold"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Break:
    """The first place where a chain does not hold."""

    seq: int
    step: str
    fault: Fault


def commitment(salt: str, text: str) -> str:
    """Return what a link holds of its text: SHA-256 of salt and text, hex."""
    return _sha(f"{salt}|{text}")


def link_hash(
    chain: UUID,
    seq: int,
    at: datetime,
    step: str,
    subject: UUID | None,
    committed: str,
    previous: str,
) -> str:
    """Return the hash of a link: SHA-256 of its fields as compact JSON, hex."""
    fields = [
        previous,
        chain.hex,
        seq,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        step,
        subject.hex if subject is not None else "",
        committed,
    ]
    return _sha(json.dumps(fields, ensure_ascii=True, separators=(",", ":")))


def append(
    before: Link | None, chain: UUID, at: datetime, step: str, subject: UUID | None, text: Text
) -> Link:
    """Return the link that follows; `before` = None for the first."""
    seq = before.seq + 1 if before is not None else 1
    previous = before.hash if before is not None else ROOT
    committed = commitment(text.salt, text.text)
    hashed = link_hash(chain, seq, at, step, subject, committed, previous)
    return Link(chain, seq, at, step, subject, committed, previous, hashed)


def first_break(
    links: Sequence[Link], texts: Mapping[int, Text], heads: Iterable[str] = ()
) -> Break | None:
    """Return where a chain does not hold first; None = it holds.

    Args:
        links: by `seq`.
        texts: of those links that still have theirs, by `seq`.
        heads: hashes that were printed or kept elsewhere; each has to be one of the chain.
    """
    previous = ROOT
    for expected, link in enumerate(links, 1):
        fault = _fault(link, expected, previous, texts.get(link.seq))
        if fault is not None:
            return Break(expected, link.step, fault)
        previous = link.hash
    known = {link.hash for link in links}
    if any(head and head not in known for head in heads):
        last = links[-1] if links else None
        return Break(last.seq if last else 0, last.step if last else "", Fault.HEAD)
    return None


@dataclass(frozen=True)
class Expected:
    """A step that the records call for.

    steps: any of them tells of it. subject: None = it is about the minutes, or the procedure.
    last: which of them has to be the last one, as the records are now; None = any. begins: how what
    it says has to begin.
    """

    steps: tuple[AuditStep, ...]
    subject: UUID | None = None
    begins: str = ""
    last: AuditStep | None = None


def first_untold(
    links: Sequence[Link], expected: Iterable[Expected], texts: Mapping[int, Text] | None = None
) -> Break | None:
    """Return the first step that the records call for and no link tells of; None = all are told.

    Args:
        links: of the chain.
        expected: in the order in which they have to have happened.
        texts: of those links that still have theirs, by `seq`; what was erased is not compared.
    """
    by_subject = {(link.step, link.subject): link for link in links}
    by_step = {link.step: link for link in links}
    for each in expected:
        found = [
            link
            for step in each.steps
            if (link := by_step.get(step) if each.subject is None
                else by_subject.get((step, each.subject))) is not None
        ]  # fmt: skip
        if not found:
            return Break(len(links) + 1, each.steps[0], Fault.UNTOLD)
        last = max(found, key=lambda link: link.seq)
        said = (texts or {}).get(last.seq)
        other = each.last is not None and last.step != each.last
        if other or (said is not None and not said.text.startswith(each.begins)):
            return Break(last.seq, last.step, Fault.DIFFERS)
    return None


def _fault(link: Link, expected: int, previous: str, text: Text | None) -> Fault | None:
    if link.seq != expected:
        return Fault.MISSING
    if link.previous != previous:
        return Fault.PREVIOUS
    made = link_hash(
        link.chain, link.seq, link.at, link.step, link.subject, link.commitment, link.previous
    )
    if made != link.hash:
        return Fault.CHANGED
    if text is not None and commitment(text.salt, text.text) != link.commitment:
        return Fault.TEXT
    return None


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
