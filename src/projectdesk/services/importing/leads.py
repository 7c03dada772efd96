"""Which partner a work plan's file means by "UGent", "3" or a legal name."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.exchange.values import fold
from projectdesk.store import schema
from projectdesk.worded import worded

_NUMBER = re.compile(r"(?:partner|participant|p|no\.?|#)?\s*([0-9]{1,4})(?:\.0)?", re.IGNORECASE)
_NUMBERED_NAME = re.compile(r"([0-9]{1,4})\s*[-–:.)]\s*(.+)")


class Leads:
    """The partners of one project by everything that a file may call them."""

    def __init__(self, session: Session, project_id: UUID) -> None:
        partner, organisation = schema.partner.c, schema.organisation.c
        rows = session.connection().execute(
            select(
                partner.id,
                partner.number,
                partner.short_name,
                organisation.short_name,
                organisation.legal_name,
            )
            .join_from(schema.partner, schema.organisation)
            .where(partner.project_id == project_id)
            .order_by(partner.position, partner.id)
        )
        self._session = session
        self._project_id = project_id
        self._people: dict[str, UUID] | None = None
        self._by_number: dict[int, UUID] = {}
        self._by_name: dict[str, UUID] = {}
        self._names: dict[UUID, str] = {}
        later: list[tuple[str, UUID]] = []
        for partner_id, number, short, organisation_short, legal in rows:
            if number is not None:
                self._by_number.setdefault(number, partner_id)
            self._names[partner_id] = short or organisation_short or legal
            if short:
                self._by_name.setdefault(fold(short), partner_id)
            later += [(organisation_short, partner_id), (legal, partner_id)]
        for name, partner_id in later:
            if name:
                self._by_name.setdefault(fold(name), partner_id)

    def find(self, text: str) -> UUID | None:
        """Return the partner that a file calls `text`, None if nobody is called so."""
        if known := self._by_name.get(fold(text)):
            return known
        if found := _NUMBER.fullmatch(text.strip()):
            return self._by_number.get(int(found[1]))
        if found := _NUMBERED_NAME.fullmatch(text.strip()):
            return self._by_name.get(fold(found[2])) or self._by_number.get(int(found[1]))
        return None

    def of_person(self, text: str) -> UUID | None:
        """Return the partner that somebody called `text` is of, None if nobody here is."""
        if self._people is None:
            person, membership = schema.person.c, schema.membership.c
            rows = self._session.connection().execute(
                select(person.given_name, person.family_name, membership.partner_id)
                .join_from(schema.membership, schema.person)
                .where(
                    membership.project_id == self._project_id, membership.partner_id.is_not(None)
                )
                .order_by(membership.id)
            )
            self._people = {}
            for given, family, partner_id in rows:
                for called in (f"{given} {family}", f"{family} {given}"):
                    self._people.setdefault(fold(called), partner_id)
        return self._people.get(fold(text)) if fold(text) else None

    def ids(self) -> tuple[UUID, ...]:
        """Return the partners in their order."""
        return tuple(self._names)

    def numbers(self) -> dict[UUID, int]:
        """Return the participant numbers of those that have one."""
        return {partner_id: number for number, partner_id in self._by_number.items()}

    def name(self, partner_id: UUID | None) -> str:
        """Return what a partner is called, "" for none."""
        return "" if partner_id is None else self._names.get(partner_id, "")

    def names(self) -> str:
        """Return what partners are called, as an error says it."""
        return ", ".join(self._names.values())[:300] or worded("no partners yet")
