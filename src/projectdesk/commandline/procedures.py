"""Commands on written procedures: create, open, list, status, links, ask, remind, vote, close..."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from projectdesk.commandline import decision_words, minutes_words
from projectdesk.commandline.clock_notes import tell_clocks
from projectdesk.commandline.data import opened
from projectdesk.commandline.decisions import print_seats
from projectdesk.commandline.minutes_words import moment, moment_there
from projectdesk.commandline.polls import check_reach, write_mails
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.commandline.result_words import results_in
from projectdesk.domain.rules.reporting import end_of
from projectdesk.domain.rules.zoned_time import to_utc, zone_of
from projectdesk.domain.voting import VoteState
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import audit, commands, queries
from projectdesk.services.meeting_hosts import server_address
from projectdesk.services.procedure_desks import keep_place
from projectdesk.services.procedure_keys import Manner
from projectdesk.services.procedure_rows import BallotLink, SeatRow, VotingDetail
from projectdesk.services.workspace import Workspace

Concerns = Callable[[SeatRow], bool]


def create(options: argparse.Namespace) -> int:
    """`projectdesk procedure create`: a draft; nobody is asked yet."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        manner = Manner(options.zone, options.closes_early, tuple(options.remind_days))
        made, _ = commands.create_procedure(
            workspace,
            _body(workspace, project.id, options.body),
            options.question,
            description=options.text,
            deadline=_deadline(options.deadline, options.zone),
            choices=options.choice,
            weighted=options.weighted,
            secret=options.secret,
            manner=manner,
        )
        _print(workspace, queries.vote_detail(workspace, made), options)
    return 0


def change(options: argparse.Namespace) -> int:
    """`projectdesk procedure change V3 [--deadline WHEN] [--question TEXT] ...`: of a draft."""
    with opened(options) as workspace:
        vote = queries.procedure_named(workspace, options.procedure).vote
        zone = options.zone or vote.zone
        fields: dict[str, object] = {
            name: value
            for name, value in (("question", options.question), ("description", options.text))
            if value is not None
        }
        if options.deadline is not None:
            fields["deadline"] = _deadline(options.deadline, zone)
        elif options.zone is not None and vote.deadline is not None:
            raise DomainError(
                "deadline_needed", "Say the deadline in that zone too: --deadline and --zone."
            )
        days = vote.reminder_days if options.remind_days is None else tuple(options.remind_days)
        manner = Manner(zone, vote.closes_early, days)
        commands.change_procedure(workspace, vote.id, manner, **fields)
        _print(workspace, queries.vote_detail(workspace, vote.id), options)
    return 0


def open(options: argparse.Namespace) -> int:  # noqa: A001 - the command's name
    """`projectdesk procedure open`: members and rules are kept, the links work."""
    with opened(options) as workspace:
        vote = queries.procedure_named(workspace, options.procedure).vote
        host = None if options.host is None else server_address(options.host)
        commands.open_procedure(workspace, vote.id, host)
        _print(workspace, queries.vote_detail(workspace, vote.id), options)
    return 0


def list_procedures(options: argparse.Namespace) -> int:
    """`projectdesk procedure list`."""
    with opened(options) as workspace:
        project = None
        if options.project is not None:
            project = queries.project_by_acronym(workspace, options.project).id
        rows = queries.procedures(workspace, project)
        tell = results_in(workspace, options)
    if options.json:
        print_json(rows)
        return 0
    print_table(
        ((f"{row.project}-{row.label}", row.question, row.body, decision_words.stage(row),
          f"{row.voted}/{row.seats}" if row.seats else "",
          moment_there(row.deadline, row.zone), tell(row)) for row in rows),
        ("Procedure", "Question", "Body", "Stage", "Voted", "Deadline", "Result"),
    )  # fmt: skip
    return 0


def status(options: argparse.Namespace) -> int:
    """`projectdesk procedure status`: how far it is, who voted what, who is missing."""
    with opened(options) as workspace:
        _print(workspace, queries.procedure_named(workspace, options.procedure), options)
    return 0


def links(options: argparse.Namespace) -> int:
    """`projectdesk procedure links`: print the personal links."""
    with opened(options) as workspace:
        found = queries.procedure_named(workspace, options.procedure)
        made = _links(workspace, found, options, lambda seat: True)
    if options.json:
        print_json(made)
    else:
        print_table(((link.partner, link.name, link.email, link.url) for link in made),
                    ("Member", "Name", "Mail", "Link"))  # fmt: skip
    return 0


def ask(options: argparse.Namespace) -> int:
    """`projectdesk procedure ask`: the vote by mail, into the outbox or to files."""
    return _write_to(options, lambda seat: True, reminder=False)


def remind(options: argparse.Namespace) -> int:
    """`projectdesk procedure remind`: who is missing, by mail or to files."""
    return _write_to(options, lambda seat: seat.is_missing, reminder=True)


def vote(options: argparse.Namespace) -> int:
    """`projectdesk procedure vote V3 --member NAME for`: what came another way."""
    with opened(options) as workspace:
        found = queries.procedure_named(workspace, options.procedure)
        (seat,) = _seats(found, [options.member], lambda _: True)
        choice = "" if options.choice == "-" else options.choice
        commands.enter_ballot(workspace, seat.id, choice, options.comment)
        _print(workspace, queries.vote_detail(workspace, found.vote.id), options)
    return 0


def link(options: argparse.Namespace) -> int:
    """`projectdesk procedure link V3 --member NAME --renew | --revoke | --to PERSON`."""
    with opened(options) as workspace:
        found = queries.procedure_named(workspace, options.procedure)
        (seat,) = _seats(found, [options.member], lambda _: True)
        if options.to is not None:
            person = _person(workspace, found.vote.project_id, options.to)
            commands.set_voter(workspace, seat.id, person)
        elif options.revoke:
            commands.revoke_ballot_link(workspace, seat.id)
        else:
            commands.renew_ballot_link(workspace, seat.id)
        _print(workspace, queries.vote_detail(workspace, found.vote.id), options)
    return 0


def close(options: argparse.Namespace) -> int:
    """`projectdesk procedure close`: count it, once its time is over or all have voted."""
    with opened(options) as workspace:
        found = queries.procedure_named(workspace, options.procedure).vote
        commands.close_procedure(workspace, found.id, tell=options.tell, even_if_early=True)
        _print(workspace, queries.vote_detail(workspace, found.id), options)
    return 0


def notice(options: argparse.Namespace) -> int:
    """`projectdesk procedure notice`: the result to all members; the time for a veto runs."""
    with opened(options) as workspace:
        found = queries.procedure_named(workspace, options.procedure).vote
        if options.public_url is not None:
            _keep(workspace, found.id, options.public_url)
        commands.tell_result(workspace, found.id, by_mail=not options.told)
        _print(workspace, queries.vote_detail(workspace, found.id), options)
    return 0


def cancel(options: argparse.Namespace) -> int:
    """`projectdesk procedure cancel`."""
    with opened(options) as workspace:
        found = queries.procedure_named(workspace, options.procedure).vote
        commands.cancel_procedure(workspace, found.id, tell=options.tell)
        _print(workspace, queries.vote_detail(workspace, found.id), options)
    return 0


def settle(options: argparse.Namespace) -> int:
    """`projectdesk procedure settle`: close what is due, mark what binds, as the desktop does."""
    with opened(options) as workspace:
        settled = commands.settle_procedures(workspace)
        tell = results_in(workspace, options)
    if options.json:
        print_json(settled)
    else:
        print_table(((each.question, tell(each), each.told) for each in settled.closed),
                    ("Closed", "Result", "Told"))  # fmt: skip
        print(f"{len(settled.bound)} decisions bind now.")
    return 0


def trail(options: argparse.Namespace) -> int:
    """`projectdesk procedure trail V3 [--out FILE]`: every step, the first one first."""
    with opened(options) as workspace:
        vote = queries.procedure_named(workspace, options.procedure).vote
        if options.out is not None:
            out = Path(options.out)
            count = commands.export_procedure_trail(workspace, vote.id, out, options.language)
            print_json({"file": options.out, "steps": count}) if options.json else print(
                f"{options.out} ({count} steps)"
            )
            return 0
        steps = audit.trail(workspace, vote.id)
    if options.json:
        print_json(steps)
        return 0
    print_table(
        ((step.seq, moment(step.at, vote.zone), minutes_words.step(step.step), step.text,
          step.hash[: audit.SHOWN]) for step in steps),
        ("No.", f"When ({vote.zone})", "Step", "Says", "Check value"),
    )  # fmt: skip
    return 0


# --- what was typed -------------------------------------------------------------------------------


def _deadline(text: str | None, zone: str) -> datetime | None:
    if text is None:
        return None
    try:
        return end_of(date.fromisoformat(text), zone_of(zone)).astimezone(UTC)
    except ValueError:
        pass
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None:
        raise DomainError(
            "bad_time",
            "“{text}” is no local time: expected 2026-03-02 or 2026-03-02T10:00.",
            text=text,
        )
    tell_clocks([local], zone)
    return to_utc(local, zone)


def _body(workspace: Workspace, project_id: UUID, name: str) -> UUID:
    for body in queries.bodies(workspace, project_id):
        if body.name.casefold() == name.casefold():
            return body.id
    raise NotFound("no_such_body", "The project has no body “{name}”.", name=name)


def _person(workspace: Workspace, project_id: UUID, name: str) -> UUID:
    wanted = name.casefold()
    for row in queries.people(workspace, project_id):
        if wanted in {row.name.casefold(), row.email.casefold()}:
            return row.id
    raise NotFound("no_such_person", "The project has no person “{name}”.", name=name)


def _seats(found: VotingDetail, names: Sequence[str], concerns: Concerns) -> list[SeatRow]:
    chosen = []
    for name in names:
        wanted = name.casefold()
        same = [
            seat
            for seat in found.seats
            if wanted in {seat.partner.casefold(), seat.voter.casefold(), seat.email.casefold()}
        ]
        if not same:
            raise NotFound("no_such_member", "“{name}” is no member that votes.", name=name)
        chosen += same[:1]
    rows = chosen if names else [seat for seat in found.seats if concerns(seat)]
    if not rows:
        raise DomainError("nobody_concerned", "There is no member of whom this can be done.")
    return rows


def _keep(workspace: Workspace, vote_id: UUID, url: str) -> str:
    from projectdesk.commandline.meetings import check_durable
    from projectdesk.host.settings import checked_public_url

    public_url = checked_public_url(url)
    check_durable(workspace)
    keep_place(workspace, vote_id, public_url)
    return public_url


def _links(
    workspace: Workspace, found: VotingDetail, options: argparse.Namespace, concerns: Concerns
) -> list[BallotLink]:
    if found.vote.state is VoteState.DRAFT:
        raise DomainError("not_asked", "Open the procedure first: its links do not work yet.")
    public_url = _keep(workspace, found.vote.id, options.public_url)
    wanted = {seat.id for seat in _seats(found, options.member, concerns)}
    made = commands.ballot_links(workspace, found.vote.id, public_url)
    return [each for each in made if each.seat_id in wanted]


def _write_to(options: argparse.Namespace, concerns: Concerns, *, reminder: bool) -> int:
    occasion = commands.BallotOccasion.REMINDER if reminder else commands.BallotOccasion.QUESTION
    with opened(options) as workspace:
        found = queries.procedure_named(workspace, options.procedure)
        made = _links(workspace, found, options, concerns)
        wanted = {each.seat_id for each in made}
        if options.out is not None:
            check_reach({each.seat_id: each.url for each in made}, options)
            mails = commands.compose_ballot_mails(workspace, found.vote.id, made, occasion, wanted)
            written = write_mails(mails, Path(options.out), options)
            commands.note_asked(workspace, [mail.seat_id for mail in mails], reminder=reminder)
            return written
        count, _ = commands.mail_members(
            workspace,
            found.vote.id,
            made,
            wanted,
            reminder=reminder,
            again=options.again,
            anyway=options.anyway,
        )
    if options.json:
        print_json({"queued": count})
    else:
        print(f"{count} mails are in the outbox.")
    return 0


# --- what is printed ------------------------------------------------------------------------------


def _print(workspace: Workspace, found: VotingDetail, options: argparse.Namespace) -> None:
    if options.json:
        print_json(_plain(found))
        return
    vote = found.vote
    print(f"{vote.project}-{vote.label}, {vote.body} [{vote.id}]\n{vote.question}")
    until = moment_there(vote.deadline, vote.zone)
    if vote.state is VoteState.DRAFT:
        print(f"draft; {f'until {until}' if until else 'no deadline yet'}")
        if not until:
            named = f"{vote.project}-{vote.label}"
            print(f"Before it opens: projectdesk procedure change {named} --deadline DAY")
        _print_rule(workspace, found)
        _print_documents(found)
        return
    print(f"{decision_words.stage(vote)}; until {until}; {vote.voted} of {vote.seats} voted; "
          f"{vote.needed} of {vote.whole} needed ({vote.share})")  # fmt: skip
    if vote.words:
        print(results_in(workspace, options)(vote))
    if vote.veto_until is not None:
        print(f"veto until {moment_there(vote.veto_until, vote.zone)}")
    if vote.decision:
        print(f"decision {vote.project}-{vote.decision}")
    _print_documents(found)
    if found.seats:
        print_seats(found, vote.zone)


def _print_documents(found: VotingDetail) -> None:
    for each in found.documents:
        print(f"voted on: {each.name}, {each.size} bytes, SHA-256 {each.sha256}")


def _print_rule(workspace: Workspace, found: VotingDetail) -> None:
    """Print what the body's rules would ask if it were opened now; they may change until then."""
    for body in queries.deciding_bodies(workspace, found.vote.project_id):
        if body.id == found.vote.body_id:
            print(f"{body.needed} of {body.seats} members would carry it ({body.share})")


def _plain(found: VotingDetail) -> dict[str, Any]:
    """Return a procedure as JSON has it, without what links are made of."""
    names = ("id", "partner", "voter", "email", "weight", "in_default", "voted_at", "choice",
             "comment", "by_hand", "revoked", "sent_at", "reminded_at")  # fmt: skip
    seats = [
        {name: getattr(seat, name) for name in names} | {"missing": seat.is_missing}
        for seat in found.seats
    ]
    return {"procedure": found.vote, "seats": seats, "documents": found.documents}
