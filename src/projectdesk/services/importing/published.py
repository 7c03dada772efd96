"""Takes published deliverables of CORDIS onto the plan of a project, inside one unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projectdesk.domain.consortium import Project
from projectdesk.domain.workplan import Deliverable, DeliverableStatus
from projectdesk.exchange.cordis.deliverables import PublishedDeliverable
from projectdesk.exchange.values import fold
from projectdesk.services.importing.fields import in_words
from projectdesk.services.importing.own_edits import own_edits
from projectdesk.services.importing.plan_records import PlanRecords
from projectdesk.services.importing.tally import Tally
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.worded import Worded, worded

_NOT_YET = frozenset(
    {
        DeliverableStatus.PLANNED,
        DeliverableStatus.IN_PREPARATION,
        DeliverableStatus.INTERNAL_REVIEW,
    }
)
"""What is published was submitted; what came of it later is not undone."""


class PublishedImport:
    """One import. What a person wrote by hand stays (docs/adr/0051), but for how far it is."""

    def __init__(self, unit: Unit, tally: Tally, project: Project, file: str) -> None:
        self.unit = unit
        self.tally = tally
        self.file = file
        self.records = PlanRecords(unit.session, project.id)
        self.by_number: dict[tuple[int, int], Deliverable] = {}
        self.by_title: dict[str, list[Deliverable]] = {}
        for package in self.records.packages.values():
            for each in self.records.deliverables_of(package.id):
                self.by_number[package.number, each.number] = each
                self.by_title.setdefault(fold(each.title), []).append(each)
        self.own = own_edits(unit.session, [each.id for each in self.by_number.values()])
        self.taken: dict[Any, int] = {}

    def take(self, rows: Sequence[PublishedDeliverable]) -> None:
        """Update the deliverables that the rows are about."""
        undated = 0
        for row in rows:
            found = self._match(row)
            if found is None:
                continue
            if found.id in self.taken:
                text = worded(
                    "{title}: row {taken} is about the same one.",
                    title=row.title[:80],
                    taken=self.taken[found.id],
                )
                self._say(row, "published_twice", text)
                continue
            self.taken[found.id] = row.row
            undated += found.submitted_on is None
            self._update(found, row)
        if undated:
            text = worded(
                "CORDIS does not say when deliverables were submitted: the date of {count} stays "
                "open.",
                count=undated,
            )
            self.tally.findings.add(self.file, 0, "", "no_submission_date", text)

    def _match(self, row: PublishedDeliverable) -> Deliverable | None:
        if row.number and (found := self.by_number.get((row.work_package, row.number))):
            return found
        same = self.by_title.get(fold(row.title), [])
        if len(same) == 1:
            return same[0]
        label = f"D{row.work_package}.{row.number} " if row.number else ""
        why = (
            worded("several are called so")
            if same
            else worded("the plan has none of that number or title")
        )
        text = worded(
            "{label}{title} was left out: {why}.", label=label, title=row.title[:120], why=why
        )
        self._say(row, "not_in_plan", text)
        return None

    def _update(self, present: Deliverable, row: PublishedDeliverable) -> None:
        package = next(
            each for each in self.records.packages.values() if each.id == present.work_package_id
        )
        label = f"D{package.number}.{present.number} {present.title}"
        wanted: dict[str, Any] = {"title": row.title}
        if description := _description(present, row):
            wanted["description"] = description
        if present.status in _NOT_YET:
            wanted["status"] = DeliverableStatus.SUBMITTED
        words: list[tuple[str, str, str]] = []
        for name, value in wanted.items():
            before = getattr(present, name)
            if value == before:
                continue
            if before and name != "status" and name in self.own.get(present.id, ()):
                text = worded(
                    "{label}: {field} was written by hand and stays; CORDIS says {value}",
                    label=label[:80],
                    field=name.replace("_", " "),
                    value=in_words(value),
                )
                self._say(row, "kept_own_edit", text)
                continue
            words.append((name, in_words(before), in_words(value)))
            setattr(present, name, value)
        self.tally.count_kept(Kind.DELIVERABLE, label, words)

    def _say(self, row: PublishedDeliverable, code: str, text: Worded) -> None:
        self.tally.findings.add(self.file, row.row, "title", code, text)


def _description(present: Deliverable, row: PublishedDeliverable) -> str:
    """Return the description with the link under it."""
    told = row.description if fold(row.description) != fold(row.title) else ""
    text = told or present.description
    if not row.url or row.url in text:
        return text
    kept = present.description if row.url in present.description and not told else ""
    return kept or (f"{text}\n\n{row.url}" if text else row.url)
