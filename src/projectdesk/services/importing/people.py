"""Takes the people of an address book into the data, inside one unit of work.

Somebody is here already when an address is the same, or, where one side has no address, when the
name is and nothing says that they work elsewhere. The same name with another address is told as a
likely double; a person chooses whether such are one. What is here stays: the file fills what is
blank.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Membership, Organisation, Partner, Person
from projectdesk.exchange.contacts import ContactRecord
from projectdesk.exchange.values import fold
from projectdesk.services.importing.fields import in_words
from projectdesk.services.importing.tally import Tally
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store import schema


class PeopleImport:
    """One import of one address book.

    Args:
        unit: what is changed together.
        tally: counts.
        file: the file's name.
        project_id: the project in which the people take part, if any.
        merge_names: take the same name with another address for the same person.
    """

    def __init__(
        self, unit: Unit, tally: Tally, file: str, project_id: UUID | None, *, merge_names: bool
    ) -> None:
        self._unit = unit
        self._tally = tally
        self._file = file
        self._project_id = project_id
        self._merge_names = merge_names
        self._by_email: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = {}
        self._organisations: dict[str, UUID] = {}
        self._partners: dict[UUID, UUID] = {}
        self._members: set[UUID] = set()
        self._load()

    def take(self, contacts: Iterable[ContactRecord]) -> None:
        """Add or complete the people of an address book."""
        for contact in contacts:
            organisation = self._organisation(contact)
            present = self._find(contact, organisation)
            if present is None:
                present = self._add(contact, organisation)
            else:
                self._complete(present, contact, organisation)
            self._enrol(present, contact)

    def _load(self) -> None:
        session = self._unit.session
        for person in session.scalars(select(Person)):
            self._remember(person)
        columns = schema.organisation.c
        named = select(Organisation).order_by(columns.legal_name, columns.id)
        for organisation in session.scalars(named):
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
        if person.name:
            self._by_name.setdefault(fold(person.name), []).append(person)

    # --- who it is ------------------------------------------------------------------------------

    def _find(self, contact: ContactRecord, organisation: UUID | None) -> Person | None:
        for address in contact.emails:
            known = self._by_email.get(address.casefold())
            if known is not None:
                return known
        alike = self._by_name.get(fold(contact.name), []) if contact.name else []
        for person in alike:
            if self._merge_names:
                return person
            elsewhere = (
                organisation is not None
                and person.organisation_id is not None
                and organisation != person.organisation_id
            )
            if not elsewhere and not (contact.emails and person.email):
                return person
        if alike:
            text = (
                f"{contact.name} ({contact.email or 'no address'}) may be "
                f"{alike[0].name} ({alike[0].email or 'no address'}), who is here already."
            )
            self._tally.findings.add(self._file, contact.row, "", "likely_double", text)
        return None

    def _organisation(self, contact: ContactRecord) -> UUID | None:
        if not contact.organisation:
            return None
        found = self._organisations.get(fold(contact.organisation))
        if found is None:
            text = f"{contact.organisation[:80]} is no organisation that is known here."
            self._tally.findings.add(self._file, contact.row, "", "unknown_organisation", text)
        return found

    # --- adding and completing ------------------------------------------------------------------

    def _add(self, contact: ContactRecord, organisation: UUID | None) -> Person:
        person = Person(
            given_name=contact.given_name,
            family_name=contact.family_name,
            email=contact.email,
            phone=contact.phone,
            organisation_id=organisation,
            zone=contact.zone,
            languages=list(contact.languages),
        )
        self._unit.add(person)
        self._remember(person)
        self._tally.count_added(Kind.PERSON, lambda: person.name or person.email)
        return person

    def _complete(self, person: Person, contact: ContactRecord, organisation: UUID | None) -> None:
        found = {
            "given_name": contact.given_name,
            "family_name": contact.family_name,
            "email": contact.email,
            "phone": contact.phone,
            "organisation_id": organisation,
            "zone": contact.zone,
            "languages": list(contact.languages),
        }
        moved = {name: new for name, new in found.items() if new and not getattr(person, name)}
        words = [
            (
                name.removesuffix("_id").replace("_", " "),
                "–",
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
