"""Commands that find: search over everything, the directory, and what is here twice."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from uuid import UUID

from projectdesk.commandline.data import opened
from projectdesk.commandline.printing import print_found, print_json
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.duplicate_rows import DuplicateRow
from projectdesk.services.rows import Kind

DIRECTORY_COLUMNS = ("pic", "short_name", "legal_name", "country", "city", "type")


def _kind(text: str | None) -> Kind | None:
    if not text:
        return None
    try:
        return Kind(text.strip().lower().replace(" ", "_"))
    except ValueError:
        raise DomainError(
            "unknown_kind",
            "“{kind}” is no kind of record: expected one of {kinds}.",
            kind=text,
            kinds=", ".join(Kind),
        ) from None


def search(options: argparse.Namespace) -> int:
    """`projectdesk search TEXT [--project ACRONYM] [--kind KIND] [--limit N]`."""
    with opened(options) as workspace:
        acronyms = {row.id: row.acronym for row in queries.projects(workspace)}
        project = None
        if options.project:
            project = queries.project_by_acronym(workspace, options.project).id
        hits = queries.search(
            workspace,
            " ".join(options.text),
            options.limit,
            project_id=project,
            kind=_kind(options.kind),
        )
    found = [
        {
            "kind": hit.kind.value,
            "id": hit.id,
            "project": acronyms.get(hit.project_id, "") if hit.project_id else "",
            "title": hit.title,
            "context": hit.context,
        }
        for hit in hits
    ]
    if options.json:
        print_json(found)
    else:
        columns = ("kind", "project", "title", "context")
        print_found(
            [[str(hit[name]) for name in columns] for hit in found],
            [name.capitalize() for name in columns],
        )
    return 0


def list_directory(options: argparse.Namespace) -> int:
    """`projectdesk list directory [--search TEXT] [--country CODE] [--limit N]`."""
    with opened(options) as workspace:
        rows = queries.search_directory(
            workspace, options.search or "", options.country, options.limit or 50
        )
    if options.json:
        print_json(rows)
    else:
        headers = [name.replace("_", " ").capitalize() for name in DIRECTORY_COLUMNS]
        print_found([[getattr(row, name) for name in DIRECTORY_COLUMNS] for row in rows], headers)
    return 0


def list_duplicates(options: argparse.Namespace) -> int:
    """`projectdesk list duplicates`: people and organisations that may be here twice."""
    limit = options.limit or 200
    with opened(options) as workspace:
        rows = [
            *queries.duplicate_people(workspace, limit),
            *queries.duplicate_organisations(workspace, limit),
        ]
    if options.json:
        print_json(rows)
    else:
        columns = ("kind", "likeness", "first", "first_detail", "second", "second_detail")
        headers = [name.replace("_", " ").capitalize() for name in columns]
        print_found([[getattr(row, name) for name in columns] for row in rows], headers)
    return 0


def merge(options: argparse.Namespace) -> int:
    """`projectdesk merge person|organisation KEPT GONE [--take FIELD]...`.

    Raises:
        DomainError: `no_such_pair`: the two are not listed as duplicates, or have no such field.
    """
    people = options.kind == "person"
    find = queries.duplicate_people if people else queries.duplicate_organisations
    run = commands.merge_people if people else commands.merge_organisations
    with opened(options) as workspace:
        kept, gone = _id(options.kept), _id(options.gone)
        values: dict[str, object] = {}
        if options.take:
            values = _taken(find(workspace, sys.maxsize), kept, gone, options.take)
        changes = run(workspace, kept, gone, values)
    if options.json:
        print_json({"kept": kept, "label": changes.label})
    else:
        print(changes.label)
    return 0


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise DomainError("no_id", "“{text}” is no id of a record.", text=text) from None


def _taken(
    rows: Sequence[DuplicateRow], kept: UUID, gone: UUID, names: Sequence[str]
) -> dict[str, object]:
    """Return the values of the one that goes, for the fields that are named."""
    for row in rows:
        if {row.first_id, row.second_id} == {kept, gone}:
            theirs = {
                pair.name: pair.second if row.first_id == kept else pair.first
                for pair in row.fields
            }
            unknown = [name for name in names if name not in theirs]
            if not unknown:
                return {name: theirs[name] for name in names}
    raise DomainError(
        "no_such_pair",
        "These two are no duplicates that differ in {fields}: see projectdesk list duplicates.",
        fields=", ".join(names),
    )


LISTS = {"directory": list_directory, "duplicates": list_duplicates}
