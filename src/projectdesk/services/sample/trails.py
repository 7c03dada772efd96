"""The trails of the sample: of its circulated minutes, and of its written procedures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from projectdesk.domain.rules.audit_chain import AuditStep, Link, Text, append
from projectdesk.domain.voting import Vote, VoteSeat
from projectdesk.services.procedure_records import choice_told, vote_told
from projectdesk.services.procedure_trail import BY_LINK, seat_name
from projectdesk.services.session import Unit
from projectdesk.store import schema


class SampleTrail:
    """A trail in the making: its steps, written at once and in the order of time."""

    def __init__(self, chain_id: UUID) -> None:
        self._chain = chain_id
        self._steps: list[tuple[datetime, AuditStep, UUID | None, str]] = []

    def step(
        self, at: datetime, step: AuditStep, subject: UUID | None = None, text: str = ""
    ) -> None:
        """Add a step."""
        self._steps.append((at, step, subject, text))

    def write(self, unit: Unit) -> dict[str, str]:
        """Write all of it; return the hash of the last link of each step."""
        last: Link | None = None
        heads: dict[str, str] = {}
        entries: list[dict[str, Any]] = []
        texts: list[dict[str, Any]] = []
        for at, step, subject, words in sorted(self._steps, key=lambda each: each[0]):
            seed = f"{self._chain.hex}{len(entries)}".encode()
            text = Text(hashlib.sha256(seed).hexdigest()[:32], words)
            last = append(last, self._chain, at, step, subject, text)
            heads[step] = last.hash
            entries.append(_entry(last))
            texts.append(
                {"minutes_id": last.chain, "seq": last.seq, "salt": text.salt, "text": text.text}
            )
        unit.session.execute(insert(schema.audit_entry), entries)
        unit.session.execute(insert(schema.audit_text), texts)
        return heads


def trace_procedure(unit: Unit, vote: Vote, seats: Iterable[VoteSeat]) -> None:
    """Write the trail of a written procedure whose members were asked when it was opened.

    Args:
        unit: the change that makes the sample.
        vote: as it is by now, opened.
        seats: of its members.
    """
    told = SampleTrail(vote.id)
    if vote.opened_at is None:
        return
    told.step(vote.opened_at, AuditStep.OPENED, text=vote_told(vote))
    for seat in seats:
        name = seat_name(unit, seat)
        if seat.sent_at is not None:
            told.step(seat.sent_at, AuditStep.ASKED, seat.id, name)
        if seat.voted_at is not None:
            said = f"{choice_told(seat.choice)}{name}, {BY_LINK}"
            said = f"{said}: {seat.comment}" if seat.comment else said
            told.step(seat.voted_at, AuditStep.VOTED, seat.id, said)
    if vote.closed_at is not None:
        told.step(vote.closed_at, AuditStep.COUNTED, text=vote.words)
    if vote.notice_at is not None and vote.veto_until is not None:
        until = f"veto until {vote.veto_until:%Y-%m-%dT%H:%MZ}"
        told.step(vote.notice_at, AuditStep.RESULT_TOLD, text=until)
    told.write(unit)


def _entry(link: Link) -> dict[str, Any]:
    return {
        "minutes_id": link.chain,
        "seq": link.seq,
        "at": link.at,
        "step": link.step,
        "subject_id": link.subject,
        "commitment": link.commitment,
        "previous": link.previous,
        "hash": link.hash,
    }
