"""Takes the people of an address book into the data, inside one unit of work.

Somebody is here already when an address is the same, or, where one side has no address, when the
name is and nothing says that they work elsewhere. The same name with another address, or the other
way round, is told as a likely double. What is here stays: the file fills what is blank. Each of
these is a `DoubleRow`, and a person may choose otherwise: who is the same, and field by field which
value wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Membership, Organisation, Partner, Person
from projectdesk.exchange.contacts import ContactRecord
from projectdesk.exchange.values import fold
from projectdesk.services import duplicates
from projectdesk.services.duplicate_rows import DoubleChoice, DoubleRow, Likeness
from projectdesk.services.importing.fields import in_words
from projectdesk.services.importing.tally import Tally
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store import schema
from projectdesk.worded import worded


class PeopleImport:
    """One import of one address book.

    Args:
        unit: what is changed together.
        tally: counts.
        file: the file's name.
        project_id: the project in which the people take part, if any.
        merge_names: take the same name with another address for the same person.
        choices: what was chosen about doubles, by the row of the file.
    """

    def __init__(
        self,
        unit: Unit,
        tally: Tally,
        file: str,
        project_id: UUID | None,
        *,
        merge_names: bool,
        choices: Mapping[int, DoubleChoice] | None = None,
    ) -> None:
        self._unit = unit
        self._tally = tally
        self._file = file
        self._project_id = project_id
        self._merge_names = merge_names
        self._choices = choices or {}
        self.doubles: list[DoubleRow] = []
        self._names: dict[UUID, str] = {}
        self._by_email: dict[str, Person] = {}
        self._by_name: dict[tuple[str, ...], list[Person]] = {}
        self._organisations: dict[str, UUID] = {}
        self._partners: dict[UUID, UUID] = {}
        self._members: set[UUID] = set()
        self._load()

    def take(self, contacts: Iterable[ContactRecord]) -> None:
        """Add or complete the people of an address book."""
        for contact in contacts:
            organisation = self._organisation(contact)
            found = Person(**_fields(contact, organisation))
            present, likeness, same = self._find(contact, found)
            take: frozenset[str] = frozenset()
            if present is not None:
                choice = self._choices.get(contact.row)
                same, take = (choice.same, choice.take) if choice else (same, take)
                self._tell(contact, found, present, likeness, same)
            if present is None or not same:
                present = self._add(found)
            else:
                self._complete(present, contact, found, take)
            self._enrol(present, contact)

    def _load(self) -> None:
        session = self._unit.session
        for person in session.scalars(select(Person)):
            self._remember(person)
        columns = schema.organisation.c
        named = select(Organisation).order_by(columns.legal_name, columns.id)
        for organisation in session.scalars(named):
            self._names[organisation.id] = organisation.short_name or organisation.legal_name
            for name in (organisation.short_name, organisation.legal_name):
                if name:
                    self._organisations.setdefault(fold(name), organisation.id)
        if self._project_id is None:
            return
        partners = select(Partner).where(schema.partner.c.project_id == self._project_id)
        for partner in session.scalars(partners.order_by(schema.partner.c.position)):
            self._partners.setdefault(partner.organisation_id, partner.id)
            if partner.short_name:
                self._organisations.setdefault(fold(partner.short_name), partner.organisation_id)
        members = select(Membership).where(schema.membership.c.project_id == self._project_id)
        self._members = {member.person_id for member in session.scalars(members)}

    def _remember(self, person: Person) -> None:
        if person.email:
            self._by_email.setdefault(person.email.casefold(), person)
        if words := duplicates.words_of(person.name):
            self._by_name.setdefault(tuple(sorted(words)), []).append(person)

    # --- who it is ------------------------------------------------------------------------------

    def _find(self, contact: ContactRecord, found: Person) -> tuple[Person | None, Likeness, bool]:
        """Return who it may be, why, and whether they are taken for one."""
        for address in contact.emails:
            known = self._by_email.get(address.casefold())
            if known is not None:
                return known, Likeness.EMAIL, True
        words = duplicates.words_of(found.name)
        alike = self._by_name.get(tuple(sorted(words)), []) if words else []
        for person in alike:
            likeness = duplicates.person_likeness(person, found) or Likeness.NAME
            elsewhere = (
                found.organisation_id is not None
                and person.organisation_id is not None
                and found.organisation_id != person.organisation_id
            )
            if self._merge_names and likeness is not Likeness.SWAPPED:
                return person, likeness, True
            if (
                likeness is not Likeness.SWAPPED
                and not elsewhere
                and not (contact.emails and person.email)
            ):
                return person, likeness, True
        if not alike:
            return None, Likeness.NAME, False
        return alike[0], duplicates.person_likeness(alike[0], found) or Likeness.NAME, False

    def _tell(
        self, contact: ContactRecord, found: Person, person: Person, likeness: Likeness, same: bool
    ) -> None:
        """Note a double that a person may want to choose about."""
        pairs = duplicates.differing(person, found, _COMPARED, self._names)
        pairs = tuple(pair for pair in pairs if pair.second_words)
        if not pairs and same:
            return  # the file says nothing else: nothing to choose
        if not same:
            text = worded(
                "{name} ({email}) may be {known} ({known_email}), who is here already.",
                name=contact.name,
                email=contact.email or worded("no address"),
                known=person.name,
                known_email=person.email or worded("no address"),
            )
            self._tally.findings.add(self._file, contact.row, "", "likely_double", text)
        self.doubles.append(
            DoubleRow(
                row=contact.row,
                likeness=likeness,
                same=same,
                here=person.name or person.email,
                here_detail=self._detail(person),
                there=contact.name or contact.email,
                there_detail=self._detail(found),
                fields=pairs,
            )
        )

    def _detail(self, person: Person) -> str:
        of = self._names.get(person.organisation_id, "") if person.organisation_id else ""
        return ", ".join(part for part in (of, person.email) if part)

    def _organisation(self, contact: ContactRecord) -> UUID | None:
        if not contact.organisation:
            return None
        found = self._organisations.get(fold(contact.organisation))
        if found is None:
            text = worded(
                "{organisation} is no organisation that is known here.",
                organisation=contact.organisation[:80],
            )
            self._tally.findings.add(self._file, contact.row, "", "unknown_organisation", text)
        return found

    # --- adding and completing ------------------------------------------------------------------

    def _add(self, person: Person) -> Person:
        self._unit.add(person)
        self._remember(person)
        self._tally.count_added(Kind.PERSON, lambda: person.name or person.email)
        return person

    def _complete(
        self, person: Person, contact: ContactRecord, found: Person, take: frozenset[str]
    ) -> None:
        """Fill what is blank, and replace what was chosen."""
        moved = {
            name: new
            for name in _COMPARED
            if (new := getattr(found, name))
            and (not getattr(person, name) or (name in take and new != getattr(person, name)))
        }
        words = [
            (
                name.removesuffix("_id").replace("_", " "),
                duplicates.in_words(getattr(person, name), self._names) or "–",
                contact.organisation if name == "organisation_id" else in_words(new),
            )
            for name, new in moved.items()
        ]
        self._tally.count_kept(Kind.PERSON, person.name or person.email, words)
        for name, new in moved.items():
            setattr(person, name, new)
        if person.email:
            self._by_email.setdefault(person.email.casefold(), person)

    def _enrol(self, person: Person, contact: ContactRecord) -> None:
        """Let somebody take part in the project, for the partner where they work."""
        if self._project_id is None or person.id in self._members:
            return
        organisation = person.organisation_id
        membership = Membership(
            project_id=self._project_id,
            person_id=person.id,
            partner_id=self._partners.get(organisation) if organisation else None,
            function=contact.function,
        )
        self._unit.add(membership)
        self._members.add(person.id)
        self._tally.count_added(Kind.MEMBERSHIP, lambda: person.name or person.email)


_COMPARED = (
    *("given_name", "family_name", "email", "phone", "organisation_id", "zone", "languages"),
)
"""What an address book says of a person."""


def _fields(contact: ContactRecord, organisation: UUID | None) -> dict[str, Any]:
    return {
        "given_name": contact.given_name,
        "family_name": contact.family_name,
        "email": contact.email,
        "phone": contact.phone,
        "organisation_id": organisation,
        "zone": contact.zone,
        "languages": list(contact.languages),
    }
