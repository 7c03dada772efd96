"""Commands on decisions: show, follow up, replace, withdraw, reinstate, veto, answer a veto."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from projectdesk.commandline import decision_words
from projectdesk.commandline.data import opened
from projectdesk.commandline.minutes_words import moment, moment_there
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.commandline.result_words import results_in
from projectdesk.domain.voting import VetoState
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.decision_rows import DecisionDetail, RegisterRow, VetoRow
from projectdesk.services.procedure_rows import VotingDetail
from projectdesk.services.workspace import Workspace


def show(options: argparse.Namespace) -> int:
    """`projectdesk decision show D7`: whether it binds, its vote, vetoes, what follows it up."""
    with opened(options) as workspace:
        print_decision(workspace, queries.decision_named(workspace, options.decision), options)
    return 0


def find(options: argparse.Namespace) -> int:
    """`projectdesk decision find WORDS`: also by the minutes, the item and the vote."""
    with opened(options) as workspace:
        project = None
        if options.project is not None:
            project = queries.project_by_acronym(workspace, options.project).id
        ids = queries.find_decisions(workspace, " ".join(options.words), project)
        rows = [row for row in queries.decision_register(workspace, project) if row.id in ids]
    if options.json:
        print_json(rows)
    else:
        print_table(((row.label, row.text, decision_words.STANDINGS[row.standing]) for row in rows),
                    ("Decision", "Text", "State"))  # fmt: skip
    return 0


def replace(options: argparse.Namespace) -> int:
    """`projectdesk decision replace D7 --text TEXT | --by D9`."""
    with opened(options) as workspace:
        old = queries.decision_named(workspace, options.decision).decision
        by = None
        if options.by is not None:
            by = queries.decision_named(workspace, options.by).decision.id
        elif not options.text:
            raise DomainError("replacement_needed", "Say what replaces it: --text or --by.")
        later, _ = commands.replace_decision(workspace, old.id, options.text or "", by)
        print_decision(workspace, queries.decision_detail(workspace, later), options)
    return 0


def withdraw(options: argparse.Namespace) -> int:
    """`projectdesk decision withdraw D7`."""
    with opened(options) as workspace:
        found = queries.decision_named(workspace, options.decision).decision
        commands.withdraw_decision(workspace, found.id)
        print_decision(workspace, queries.decision_detail(workspace, found.id), options)
    return 0


def reinstate(options: argparse.Namespace) -> int:
    """`projectdesk decision reinstate D7`."""
    with opened(options) as workspace:
        found = queries.decision_named(workspace, options.decision).decision
        commands.reinstate_decision(workspace, found.id)
        print_decision(workspace, queries.decision_detail(workspace, found.id), options)
    return 0


def veto(options: argparse.Namespace) -> int:
    """`projectdesk decision veto D7 --partner NAME --reason TEXT [--received WHEN]`."""
    with opened(options) as workspace:
        found = queries.decision_named(workspace, options.decision).decision
        partner = _partner(workspace, found.project_id, options.partner)
        commands.raise_veto(
            workspace, found.id, partner, options.reason, raised_at=_instant(options.received)
        )
        print_decision(workspace, queries.decision_detail(workspace, found.id), options)
    return 0


def answer_veto(options: argparse.Namespace) -> int:
    """`projectdesk decision answer-veto D7 --partner NAME --state STATE [--answer TEXT]`."""
    with opened(options) as workspace:
        found = queries.decision_named(workspace, options.decision)
        meant = _veto(found.vetoes, options.partner)
        commands.settle_veto(workspace, meant.id, VetoState(options.state), options.answer)
        print_decision(workspace, queries.decision_detail(workspace, found.decision.id), options)
    return 0


def follow_up(options: argparse.Namespace) -> int:
    """`projectdesk decision follow-up D7 --text TEXT [--owner NAME] [--due DATE]`."""
    with opened(options) as workspace:
        found = queries.decision_named(workspace, options.decision).decision
        values: dict[str, object] = {"text": options.text, "due_on": _day(options.due)}
        if options.owner is not None:
            values["owner_person_id"] = _person(workspace, found.project_id, options.owner)
        if options.partner is not None:
            values["owner_partner_id"] = _partner(workspace, found.project_id, options.partner)
        commands.add_follow_up(workspace, found.id, values)
        print_decision(workspace, queries.decision_detail(workspace, found.id), options)
    return 0


# --- what was typed -------------------------------------------------------------------------------


def _partner(workspace: Workspace, project_id: UUID, name: str) -> UUID:
    wanted = name.casefold()
    for row in queries.partners(workspace, project_id):
        if wanted in {row.short_name.casefold(), row.legal_name.casefold()}:
            return row.id
    raise NotFound("no_such_partner", "The project has no partner “{name}”.", name=name)


def _person(workspace: Workspace, project_id: UUID, name: str) -> UUID:
    wanted = name.casefold()
    for row in queries.people(workspace, project_id):
        if wanted in {row.name.casefold(), row.email.casefold()}:
            return row.id
    raise NotFound("no_such_person", "The project has no person “{name}”.", name=name)


def _veto(vetoes: Sequence[VetoRow], partner: str) -> VetoRow:
    found = [each for each in vetoes if each.partner.casefold() == partner.casefold()]
    if not found:
        raise NotFound("no_such_veto", "“{name}” raised no veto against it.", name=partner)
    return found[-1]


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise DomainError(
            "bad_instant",
            "“{text}” is no instant: expected one with an offset, as 2026-03-02T10:00+01:00.",
            text=text,
        )
    return found


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            "not_a_date", "“{text}” is no date: expected YYYY-MM-DD.", text=text or ""
        ) from error


# --- what is printed ------------------------------------------------------------------------------


def print_decision(
    workspace: Workspace, detail: DecisionDetail, options: argparse.Namespace
) -> None:
    """Print a decision with all that belongs to it."""
    if options.json:
        print_json(detail)
        return
    row = detail.decision
    print(f"{row.label} [{row.id}]\n{row.text}")
    taken = " · ".join(each for each in (row.source, row.body, f"{row.made_at:%Y-%m-%d}") if each)
    zone = decision_words.zone_of(workspace, row)
    bound = decision_words.binding(row.veto_until, row.binding_at, zone)
    print(f"{taken}; {decision_words.STANDINGS[row.standing]}{bound}")
    if row.words:
        print(results_in(workspace, options)(row))
    if row.replaced_by:
        print(f"replaced by {row.replaced_by}")
    if detail.vote is not None:
        print_seats(detail.vote, zone)
    if detail.vetoes:
        print_table(((veto.partner, decision_words.VETOES[veto.state], moment(veto.raised_at, zone),
                      veto.reason, veto.answer)
                     for veto in detail.vetoes),
                    ("Veto of", "State", f"Raised ({zone})", "Reason", "Answer"))  # fmt: skip
        for fact in _veto_facts(detail.vetoes):
            print(fact)
    if detail.actions:
        print_table(((a.label, a.text, a.owner, a.due_on, a.status) for a in detail.actions),
                    ("Action", "What", "Who", "Due", "Status"))  # fmt: skip


def print_register(
    workspace: Workspace, rows: Sequence[RegisterRow], options: argparse.Namespace
) -> int:
    """Print decisions, with the zone of each one's meeting or procedure."""
    tell = results_in(workspace, options)
    zones = {row.id: decision_words.zone_of(workspace, row) for row in rows}
    print_table(
        ((row.label, row.text, row.source, row.body, decision_words.STANDINGS[row.standing],
          moment(row.made_at, zones[row.id])[: len("2026-03-02")],
          moment_there(row.binding_at, zones[row.id]), tell(row)) for row in rows),
        ("Label", "Text", "Source", "Body", "State", "Made", "Binds since", "Result"),
    )  # fmt: skip
    return 0


def _veto_facts(vetoes: Sequence[VetoRow]) -> list[str]:
    """Return what the chair may want to weigh of vetoes."""
    facts = [f"{veto.partner} voted for this decision." for veto in vetoes if veto.voted_for]
    if any(veto.revising for veto in vetoes):
        facts.append("The minutes with this decision are being revised: its text may still change.")
    return facts


def print_seats(found: VotingDetail, zone: str) -> None:
    """Print the record of a vote, in a zone: of a secret one only who voted."""
    print_table(((seat.partner, seat.voter, _said(seat, secret=found.vote.secret), seat.proxy,
                  moment(seat.voted_at, zone), seat.comment) for seat in found.seats),
                ("Member", "Voter", "Vote", "By proxy of", f"Received ({zone})",
                 "Comment"))  # fmt: skip


def _said(seat: Any, *, secret: bool) -> str:
    if seat.in_default:
        return "in default"
    if seat.voted_at is None:
        return "missing"
    return "voted" if secret or not seat.choice else str(seat.choice)
