"""Commands on what is kept of a person: `person export`, `person erase`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from uuid import UUID

from projectdesk.bootstrap import data_folder, open_workspace
from projectdesk.commandline.printing import print_json
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.services import personal_data, queries
from projectdesk.services.workspace import Workspace


def export(options: argparse.Namespace) -> int:
    """`projectdesk person export PERSON [--out FILE]`: all that is kept, as JSON."""
    with open_workspace(data_folder(options.data)) as workspace:
        found = personal_data.export_person(workspace, _person(workspace, options.person))
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    if options.out is None:
        print(text, end="")
        return 0
    out: Path = options.out
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EnvironmentFailure(
            "not_written",
            "{file} could not be written ({reason}).",
            file=str(out),
            reason=error.strerror or str(error),
        ) from error
    counts = {name: len(rows) for name, rows in found.items()}
    if options.json:
        print_json({"file": str(out), "rows": counts})
    else:
        print(f"{out}: {sum(counts.values())} rows of {len(counts)} tables")
    return 0


def erase(options: argparse.Namespace) -> int:
    """`projectdesk person erase PERSON --yes`: names, addresses and words go, for good."""
    with open_workspace(data_folder(options.data)) as workspace:
        person = _person(workspace, options.person)
        if not options.yes:
            raise DomainError(
                "not_confirmed",
                "This cannot be undone. Look at `projectdesk person export` first, then add --yes.",
            )
        done = personal_data.erase_person(workspace, person)
    if options.json:
        print_json(done)
        return 0
    print(f"{done.name} is erased: " + ", ".join(f"{n} {t}" for t, n in done.rows.items()))
    if done.mentions:
        titles = "; ".join(done.mentions)
        print(f"Minutes that name the person stay as they were circulated: {titles}")
    if done.named:
        said = ", ".join(f"{count} {kind}" for kind, count in done.named.items())
        print(f"Other records that say the name in their text stay as they are: {said}.")
    if done.recordings:
        print(f"{len(done.recordings)} recordings show or list the person: recording erase.")
    if done.backups:
        print(f"{done.backups} backups hold the person until newer ones take their place.")
    print("What hosts of meetings hold goes 30 days after it was collected.")
    return 0


def _person(workspace: Workspace, text: str) -> UUID:
    """Return the one person that a name, an address or an id means.

    Raises:
        DomainError: `no_such_person`, `several_people`.
    """
    wanted = text.strip().casefold()
    people = queries.people(workspace)
    found = {
        row.id
        for row in people
        if wanted in {row.name.casefold(), row.email.casefold(), str(row.id), row.id.hex}
    }
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise DomainError("no_such_person", "Nobody here is called “{text}”.", text=text)
    named = ", ".join(sorted(str(each) for each in found))
    raise DomainError(
        "several_people", "{text} are several people: say the id. {named}", text=text, named=named
    )
