"""Commands that find: search over everything, and the directory of organisations."""

from __future__ import annotations

import argparse

from projectdesk.commandline.data import opened
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.errors import DomainError
from projectdesk.services import queries
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
        print_table(
            ([str(hit[name]) for name in columns] for hit in found),
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
        print_table(([getattr(row, name) for name in DIRECTORY_COLUMNS] for row in rows), headers)
    return 0


LISTS = {"directory": list_directory}
