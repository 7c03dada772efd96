"""Takes consortia of CORDIS into the database, batch by batch, inside one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from projectdesk.domain.consortium import Organisation, Partner, Project
from projectdesk.domain.identity import new_id
from projectdesk.exchange.cordis import (
    ConsortiumRecord,
    OrganisationRecord,
    ParticipationRecord,
)
from projectdesk.services.importing.fast_lane import FastLane
from projectdesk.services.importing.fields import (
    Fields,
    in_words,
    moved_fields,
    organisation_fields,
    partner_fields,
    project_fields,
)
from projectdesk.services.importing.matching import (
    OrganisationIndex,
    ProjectIndex,
    Row,
    partners_by_project,
    rows_by_id,
    take_partner,
)
from projectdesk.services.importing.own_edits import own_edits
from projectdesk.services.importing.tally import Tally
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store import schema
from projectdesk.worded import worded

_Pending = tuple[type[Any], Kind, str, Row, Fields]
"""A record of ours that a file differs from: class, kind, title, our row, what moved."""


class ConsortiumImport:
    """One import in the making; in a bulk unit new records go by the fast lane."""

    def __init__(self, unit: Unit, tally: Tally) -> None:
        self.unit = unit
        self.tally = tally
        self._lane = FastLane(unit)
        self._projects = ProjectIndex(unit.session)
        self._index = OrganisationIndex(unit.session)
        self._organisations: dict[OrganisationRecord, UUID] = {}
        self._fresh: set[UUID] = set()
        self._new: dict[type[Any], list[Fields]] = {Project: [], Organisation: [], Partner: []}
        self._differing: list[_Pending] = []

    def take(self, batch: Sequence[ConsortiumRecord]) -> None:
        """Add or update the consortia of one batch."""
        session = self.unit.session
        projects = self._projects.find(batch)
        present = partners_by_project(session, [row["id"] for row in projects.values()])
        self._take_organisations(batch)
        for record in batch:
            project_id = self._take_project(record, projects.get(record.number))
            if project_id is not None:
                self._take_partners(record, project_id, present.get(project_id, []))
        self._settle()

    # --- one kind after the other -----------------------------------------------------------------

    def _take_organisations(self, batch: Sequence[ConsortiumRecord]) -> None:
        matched: dict[UUID, OrganisationRecord] = {}
        for consortium in batch:
            for part in consortium.participations:
                record = part.organisation
                if record in self._organisations:
                    continue
                known = self._index.find(record)
                if known is None:
                    known = self._add(
                        Organisation,
                        Kind.ORGANISATION,
                        partial(getattr, record, "legal_name"),
                        organisation_fields(record),
                    )
                elif known not in self._fresh:
                    matched[known] = record
                self._organisations[record] = known
                self._fresh.add(known)
        rows = rows_by_id(self.unit.session, schema.organisation, matched)
        for record_id, record in matched.items():
            self._compare(
                Organisation,
                Kind.ORGANISATION,
                record.legal_name,
                rows[record_id],
                organisation_fields(record),
            )

    def _take_project(self, record: ConsortiumRecord, present: Row | None) -> UUID | None:
        if record.project is None:
            if present is None:
                if record.number:
                    self._note_missing(record)
                return None
            project_id: UUID = present["id"]
        elif present is None:
            fields = project_fields(record.project)
            project_id = self._add(Project, Kind.PROJECT, lambda: record.acronym, fields)
        else:
            project_id = present["id"]
            fields = project_fields(record.project)
            self._compare(Project, Kind.PROJECT, record.acronym, present, fields)
        self.tally.project_ids.append(project_id)
        return project_id

    def _note_missing(self, record: ConsortiumRecord) -> None:
        text = worded(
            "Project {acronym} is not known here and not in these files: only its "
            "organisations were taken.",
            acronym=record.acronym or record.number,
        )
        self.tally.findings.add(record.file, record.row, "projectID", "project_missing", text)

    def _take_partners(
        self, record: ConsortiumRecord, project_id: UUID, present: list[Row]
    ) -> None:
        had_partners = bool(record.participations)
        beneficiaries: dict[int, UUID] = {}
        belonging: list[tuple[ParticipationRecord, Fields]] = []
        here: list[tuple[str, Row, Fields]] = []
        for part in record.participations:
            organisation_id = self._organisations[part.organisation]
            fields = partner_fields(part, project_id, organisation_id)
            known = take_partner(present, part, organisation_id) if present else None
            title = partial(_partner_title, record, part)
            if known is None:
                partner_id = self._add(Partner, Kind.PARTNER, title, fields)
            else:
                partner_id = known["id"]
                here.append((title(), known, fields))
            if part.number is not None:
                beneficiaries.setdefault(part.number, partner_id)
            else:
                belonging.append((part, fields))
        for part, fields in belonging:
            # A beneficiary may come after what belongs to it, so its id is known only now.
            fields["parent_id"] = beneficiaries.get(part.parent_number or 0)
        for words, row, fields in here:
            self._compare(Partner, Kind.PARTNER, words, row, fields)
        if had_partners and present:
            text = worded(
                "{acronym} has {count} partner(s) here that are not in the file; they were kept.",
                acronym=record.acronym or record.number,
                count=len(present),
            )
            self.tally.findings.add(record.file, record.row, "", "partner_not_in_file", text)

    # --- adding and comparing ---------------------------------------------------------------------

    def _add(self, entity: type[Any], kind: Kind, title: Callable[[], str], fields: Fields) -> UUID:
        record_id = new_id()
        fields["id"] = record_id
        self._new[entity].append(fields)
        self.tally.count_added(kind, title)
        return record_id

    def _compare(
        self,
        entity: type[Any],
        kind: Kind,
        title: str,
        present: Row,
        found: Mapping[str, Any],
    ) -> None:
        moved = moved_fields(present, found)
        if moved:
            self._differing.append((entity, kind, title, present, moved))
        else:
            self.tally.count_kept(kind, title, ())

    def _settle(self) -> None:
        """Write what the batch adds and changes."""
        mine = own_edits(self.unit.session, [present["id"] for *_, present, _ in self._differing])
        for entity, kind, title, present, moved in self._differing:
            self._update(entity, kind, title, present, moved, mine.get(present["id"], set()))
        self._differing.clear()
        for entity, rows in self._new.items():
            if self.unit.bulk:
                self._lane.insert(entity, rows)
            else:
                self.unit.add(*(entity(**row) for row in rows))
            rows.clear()

    def _update(
        self,
        entity: type[Any],
        kind: Kind,
        title: str,
        present: Row,
        moved: Fields,
        mine: set[str],
    ) -> None:
        for name in sorted(moved.keys() & mine):
            value = moved.pop(name)
            text = worded(
                "{title}: {field} stays “{kept}”, as edited here; the file says “{value}”.",
                title=title,
                field=name.replace("_", " "),
                kept=in_words(present[name]),
                value=in_words(value),
            )
            self.tally.findings.add("", 0, name, "kept_own_edit", text)
        words = [(name, in_words(present[name]), in_words(value)) for name, value in moved.items()]
        self.tally.count_kept(kind, title, words)
        if moved:
            ours = self.unit.get(entity, present["id"])
            for name, value in moved.items():
                setattr(ours, name, value)


def _partner_title(record: ConsortiumRecord, part: ParticipationRecord) -> str:
    name = part.short_name or part.organisation.short_name or part.organisation.legal_name
    return f"{name} in {record.acronym or record.number}"
