"""Commands on a consortium that changes: who joins, leaves, is replaced, coordinates.

Partners are named as people name them; who takes what over goes by the labels that
`projectdesk partner holdings` prints.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from projectdesk.commandline.data import opened, today
from projectdesk.commandline.printing import print_found, print_json
from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.rules import consortium as rules
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.commands.consortium import NEW
from projectdesk.services.consortium_rows import HoldingRow
from projectdesk.services.directory_rows import DirectoryRow
from projectdesk.services.rows import PartnerRow
from projectdesk.services.workspace import Workspace

KEEP: Final = "keep"
NOBODY: Final = "nobody"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Handed:
    """One thing held, and who takes it: a partner's name, nobody, keep, or "" for who comes."""

    kind: str
    label: str
    title: str
    to: str


def join(options: argparse.Namespace) -> int:
    """`projectdesk partner join NAME --project ACRONYM`."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project).id
        everyone = queries.partners(workspace, project)
        parent = named(everyone, options.belongs_to).id if options.belongs_to else None
        new = _new_partner(workspace, options, PartnerRole(options.role), parent)
        partner, changes = commands.join_consortium(workspace, project, new, options.first_day)
        row = named(queries.partners(workspace, project), str(partner))
    _tell(options, changes.label, {"partner": row})
    return 0


def leave(options: argparse.Namespace) -> int:
    """`projectdesk partner leave PARTNER --project ACRONYM --last-day DAY`."""
    with opened(options) as workspace:
        everyone, partner = _of_project(workspace, options)
        held = queries.holdings(workspace, partner.id, options.last_day)
        takers = _takers(held, everyone, options, KEEP)
        label = ""
        if not options.dry_run:
            label = commands.leave_consortium(
                workspace, partner.id, partner.version, options.last_day, _chosen(takers)
            ).label
    _tell_succession(options, label, held, takers, everyone, {"partner": partner.id})
    return 0


def replace(options: argparse.Namespace) -> int:
    """`projectdesk partner replace PARTNER NAME --project ACRONYM --from DAY`."""
    with opened(options) as workspace:
        everyone, partner = _of_project(workspace, options)
        new = _new_partner(workspace, options, partner.role, None)
        held = queries.holdings(workspace, partner.id, options.first_day - _DAY)
        takers = _takers(held, everyone, options, NEW)
        going = _people(workspace, partner, options.people)
        label, made = "", None
        if not options.dry_run:
            succession = commands.Succession(_chosen(takers), going)
            made, changes = commands.replace_partner(
                workspace, partner.id, partner.version, new, options.first_day, succession
            )
            label = changes.label
    told = {"partner": made, "replaces": partner.id, "people": len(going)}
    _tell_succession(options, label, held, takers, everyone, told)
    return 0


def holdings(options: argparse.Namespace) -> int:
    """`projectdesk partner holdings PARTNER --project ACRONYM [--on DAY]`."""
    with opened(options) as workspace:
        _, partner = _of_project(workspace, options)
        held = queries.holdings(workspace, partner.id, options.last_day or today())
    if options.json:
        print_json(held)
    else:
        print_found(
            [(each.kind, each.label, each.title, each.holder) for each in held],
            ("Kind", "Label", "Title", "Partner"),
        )
    return 0


def renumber(options: argparse.Namespace) -> int:
    """`projectdesk partner renumber --project ACRONYM [PARTNER...]`."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project).id
        before = queries.partners(workspace, project)
        order = [named(before, each).id for each in options.order]
        after = rules.renumbered(rules.in_order_asked(before, order))
        if not options.dry_run:
            commands.renumber_partners(workspace, project, order or None)
    rows = [
        {"id": row.id, "partner": row.short_name, "before": row.number, "after": after[row.id][0]}
        for row in before
        if row.number != after[row.id][0]
    ]
    if options.json:
        print_json({"done": not options.dry_run, "rows": rows})
    elif rows:
        print_found([tuple(row.values())[1:] for row in rows], ("Partner", "Before", "After"))
    else:
        print("Nothing changes.")
    return 0


def change_coordinator(options: argparse.Namespace) -> int:
    """`projectdesk coordinator change PARTNER --project ACRONYM --from DAY`."""
    with opened(options) as workspace:
        everyone, partner = _of_project(workspace, options)
        before = rules.coordinator_on(everyone, options.first_day)
        changes = commands.change_coordinator(
            workspace,
            partner.id,
            partner.version,
            options.first_day,
            swap_numbers=options.swap_numbers,
        )
        row = named(queries.partners(workspace, partner.project_id), str(partner.id))
    _tell(options, changes.label, {"partner": row, "before": before.id if before else None})
    return 0


# --- what is named --------------------------------------------------------------------------------


def named(partners: Sequence[PartnerRow], wanted: str) -> PartnerRow:
    """Return the partner that is called so: by number, short or legal name, PIC or id.

    Raises:
        NotFound: `no_such_partner`; DomainError: `ambiguous_partner`.
    """
    words = " ".join(wanted.split()).casefold()

    def is_it(row: PartnerRow) -> bool:
        known = (row.short_name, row.legal_name, row.pic, str(row.id), row.id.hex)
        number = "" if row.number is None else str(row.number)
        return bool(words) and words in {each.casefold() for each in (*known, number)}

    found = [row for row in partners if is_it(row)]
    if not found:
        raise NotFound(
            "no_such_partner",
            "The project has no partner “{name}”: expected one of {known}.",
            name=wanted,
            known=", ".join(row.short_name or row.legal_name for row in partners) or "none",
        )
    if len(found) > 1:
        raise DomainError(
            "ambiguous_partner",
            "Several partners are called “{name}”: give the number or the id. {partners}",
            name=wanted,
            partners="; ".join(f"{row.number or '–'} {row.legal_name}, {row.id}" for row in found),
        )
    return found[0]


def _of_project(
    workspace: Workspace, options: argparse.Namespace
) -> tuple[list[PartnerRow], PartnerRow]:
    project = queries.project_by_acronym(workspace, options.project).id
    everyone = queries.partners(workspace, project)
    return everyone, named(everyone, options.partner)


def _new_partner(
    workspace: Workspace, options: argparse.Namespace, role: PartnerRole, parent: UUID | None
) -> commands.NewPartner:
    short_name = options.short_name or ""
    organisation: UUID | Mapping[str, Any] = {
        "legal_name": options.name or "",
        "pic": options.pic or "",
        "country": options.country or "",
        "short_name": short_name,
    }
    if not options.name:
        found = _found_by_pic(workspace, options.pic)
        known = found.organisation_id
        organisation = known or commands.directory_fields(workspace, found.pic)
        short_name = short_name or found.short_name
    return commands.NewPartner(
        organisation,
        role,
        short_name,
        options.number,
        parent,
        options.contribution,
        options.total_cost,
    )


def _found_by_pic(workspace: Workspace, pic: str | None) -> DirectoryRow:
    """Return an organisation of ours or of the directory."""
    if not pic:
        raise DomainError(
            "organisation_needed",
            "Say which organisation: its legal NAME, or --pic of one that is here or in the "
            "directory.",
        )
    found = queries.choosable_organisations(workspace, pic, limit=1)
    if not found or found[0].pic != pic:
        raise NotFound(
            "no_such_organisation",
            "No organisation here or in the directory has PIC {pic}: give its NAME too.",
            pic=pic,
        )
    return found[0]


def _people(workspace: Workspace, partner: PartnerRow, wanted: Sequence[str]) -> list[UUID]:
    """Return the memberships of the people who go with who comes."""
    people = [
        row
        for row in queries.people(workspace, partner.project_id)
        if row.partner_id == partner.id and row.membership_id is not None
    ]
    if "all" in (each.casefold() for each in wanted):
        return [row.membership_id for row in people if row.membership_id]
    going = []
    for each in wanted:
        words = each.casefold()
        found = [row for row in people if words in (row.name.casefold(), row.email.casefold())]
        if len(found) != 1:
            raise NotFound(
                "no_such_person",
                "“{name}” is not one of the people of {partner}: {known}.",
                name=each,
                partner=partner.short_name,
                known=", ".join(row.name for row in people) or "nobody",
            )
        going += [row.membership_id for row in found if row.membership_id]
    return going


# --- who takes what -------------------------------------------------------------------------------

_Takers = dict[UUID, UUID | str]
"""Id of what is held -> a partner (NEW: who comes), NOBODY or KEEP."""


def _takers(
    held: Sequence[HoldingRow],
    everyone: Sequence[PartnerRow],
    options: argparse.Namespace,
    otherwise: UUID | str,
) -> _Takers:
    rest = _taker(options.rest_to, everyone) if options.rest_to else otherwise
    takers: _Takers = {each.id: rest for each in held}
    for pair in options.give:
        what, sign, whom = pair.rpartition("=")
        words = " ".join(what.split()).casefold()
        found = [row for row in held if words and words in _called(row)]
        if not sign or len(found) != 1:
            raise DomainError(
                "not_held_so",
                "“{given}”: expected WHAT=PARTNER with one of what it holds: {known}.",
                given=pair,
                known=", ".join(row.label or row.title for row in held) or "nothing",
            )
        takers[found[0].id] = _taker(whom, everyone)
    return takers


def _called(row: HoldingRow) -> tuple[str, str]:
    return row.label.casefold(), row.title.casefold()


def _taker(whom: str, everyone: Sequence[PartnerRow]) -> UUID | str:
    word = whom.strip().casefold()
    return word if word in (KEEP, NOBODY) else named(everyone, whom).id


def _chosen(takers: _Takers) -> dict[UUID, UUID | None]:
    """Return who takes what as the services want it: what is kept is left out."""
    return {
        record: taker if isinstance(taker, UUID) else None
        for record, taker in takers.items()
        if taker != KEEP
    }


# --- what is printed ------------------------------------------------------------------------------


def _tell(options: argparse.Namespace, label: str, told: Mapping[str, Any]) -> None:
    if options.json:
        print_json({"label": label, **told})
    else:
        print(label)


def _tell_succession(
    options: argparse.Namespace,
    label: str,
    held: Sequence[HoldingRow],
    takers: _Takers,
    everyone: Sequence[PartnerRow],
    told: Mapping[str, Any],
) -> None:
    names: dict[UUID | str, str] = {row.id: row.short_name or row.legal_name for row in everyone}
    names[NEW] = "the new partner"
    handed = [
        _Handed(each.kind.value, each.label, each.title, names.get(taker, str(taker)))
        for each in held
        for taker in (takers[each.id],)
    ]
    if options.json:
        print_json({"done": not options.dry_run, "label": label, **told, "held": handed})
        return
    if label:
        print(label)
    if handed:
        print_found(
            [(each.kind, each.label, each.title, each.to) for each in handed],
            ("Kind", "Label", "Title", "Goes to"),
        )
    else:
        print("It holds nothing that is open on that day.")
