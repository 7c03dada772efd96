"""Commands on date polls: create, open, list, show, links, ask, remind, answer, close, cancel."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from projectdesk.commandline.clock_notes import tell_clocks
from projectdesk.commandline.data import opened
from projectdesk.commandline.minutes_words import moment, moment_there
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.preparation import DateChoice, PollRule, PollState
from projectdesk.domain.rules.date_polls import Verdict
from projectdesk.domain.rules.reporting import end_of
from projectdesk.domain.rules.zoned_time import to_utc, zone_of
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.commands import NewVoter
from projectdesk.services.meeting_hosts import server_address
from projectdesk.services.poll_rows import DateOptionRow, DatePollDetail, DateVoterRow, PollLink
from projectdesk.services.workspace import Workspace

_VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.COLLECTING: "answers may still come",
    Verdict.WAITING: "deadline over, host not heard since",
    Verdict.CLEAR: "one date is best",
    Verdict.TIE: "several dates are best",
    Verdict.NO_DATE: "no date suits",
}
_CHOICES: Final[Mapping[str, DateChoice]] = {
    "yes": DateChoice.YES,
    "maybe": DateChoice.IF_NEED_BE,
    "if_need_be": DateChoice.IF_NEED_BE,
    "no": DateChoice.NO,
}
_MARKS: Final = {DateChoice.YES: "yes", DateChoice.IF_NEED_BE: "if need be", DateChoice.NO: "no"}
Concerns = Callable[[DateVoterRow], bool]


def create(options: argparse.Namespace) -> int:
    """`projectdesk poll create`: a draft with its dates and voters."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        needed = _people(workspace, project.id, options.to)
        welcome = _people(workspace, project.id, options.optional)
        voters = [NewVoter(each) for each in needed]
        voters += [NewVoter(each, required=False) for each in welcome if each not in needed]
        fields: dict[str, Any] = {
            "description": options.text,
            "duration_minutes": options.minutes,
            "deadline": _deadline(options.deadline, options.zone),
            "rule": PollRule(options.rule),
            "shows_answers": options.shows_answers,
            "reminder_days": options.remind_days,
        }
        if options.type is not None:
            fields["type"] = _type(options.type)
        if options.body is not None:
            fields["body_id"] = _body(workspace, project.id, options.body)
        starts = [_local(each) for each in options.date]
        tell_clocks(starts, options.zone)
        made, _ = commands.create_poll(
            workspace,
            project.id,
            options.title,
            options.zone,
            starts,
            voters,
            meeting_id=_meeting(workspace, options),
            **fields,
        )
        _print(queries.date_poll(workspace, made), options)
    return 0


def open(options: argparse.Namespace) -> int:  # noqa: A001 - the command's name
    """`projectdesk poll open`: the links work; a desktop sends the desks."""
    with opened(options) as workspace:
        poll = queries.date_poll_named(workspace, options.poll).poll
        host = None if options.host is None else server_address(options.host)
        commands.open_poll(workspace, poll.id, host)
        _print(queries.date_poll(workspace, poll.id), options)
    return 0


def list_polls(options: argparse.Namespace) -> int:
    """`projectdesk poll list`."""
    with opened(options) as workspace:
        project = None
        if options.project is not None:
            project = queries.project_by_acronym(workspace, options.project).id
        rows = queries.date_polls(workspace, project)
    if options.json:
        print_json(rows)
        return 0
    print_table(
        ((row.id.hex[:12], row.project, row.title, row.state, row.dates,
          f"{row.answered}/{row.voters}", moment_there(row.deadline, row.zone),
          _VERDICTS[row.verdict], moment_there(row.starts_at, row.zone))
         for row in rows),
        ("Id", "Project", "Title", "State", "Dates", "Answered", "Deadline", "Comes to", "Chosen"),
    )  # fmt: skip
    return 0


def show(options: argparse.Namespace) -> int:
    """`projectdesk poll show`: the dates, how they stand, who says what, who is missing."""
    with opened(options) as workspace:
        _print(queries.date_poll_named(workspace, options.poll), options)
    return 0


def links(options: argparse.Namespace) -> int:
    """`projectdesk poll links`: print the personal links."""
    with opened(options) as workspace:
        found = queries.date_poll_named(workspace, options.poll)
        made = _links(workspace, found, options, lambda voter: voter.asked_at is not None)
    return _print_links(made, options)


def ask(options: argparse.Namespace) -> int:
    """`projectdesk poll ask`: the question by mail, into the outbox or to files."""
    from projectdesk.mail.poll_letter import Occasion

    with opened(options) as workspace:
        found = queries.date_poll_named(workspace, options.poll)
        made = _links(workspace, found, options, lambda voter: voter.asked_at is not None)
        wanted = {link.voter_id for link in made}
        asked = commands.asked_by_mail(workspace, found.poll.id, made)
        asked = frozenset() if options.again else asked & wanted
        if options.out is not None:
            check_reach({link.voter_id: link.url for link in made}, options)
            mails = commands.compose_poll_mails(
                workspace, found.poll.id, made, Occasion.QUESTION, wanted
            )
            left = [mail for mail in mails if mail.voter_id not in asked]
            if mails and not left:
                raise DomainError(
                    "asked_already", "All of them were asked by mail already; nothing was written."
                )
            return write_mails(left, Path(options.out), options)
        count, _ = commands.mail_voters(
            workspace, found.poll.id, made, wanted, again=options.again, anyway=options.anyway
        )
    return _say_queued(count, options, len(asked))


def remind(options: argparse.Namespace) -> int:
    """`projectdesk poll remind`: who is missing, by mail or with the printed links."""
    with opened(options) as workspace:
        found = queries.date_poll_named(workspace, options.poll)
        made = _links(workspace, found, options, lambda voter: voter.is_missing)
        wanted = [link.voter_id for link in made]
        if options.mail:
            count, _ = commands.mail_voters(
                workspace, found.poll.id, made, wanted, reminder=True, anyway=options.anyway
            )
            return _say_queued(count, options)
        commands.remind_voters(workspace, wanted)
    return _print_links(made, options)


def answer(options: argparse.Namespace) -> int:
    """`projectdesk poll answer POLL --voter NAME 1=yes 2=no`: what came another way."""
    with opened(options) as workspace:
        found = queries.date_poll_named(workspace, options.poll)
        (voter,) = _voters(found, [options.voter], lambda _: True)
        numbers = {option.number: option for option in found.options}
        choices = dict(_choice(each, numbers) for each in options.choices)
        commands.enter_votes(workspace, voter.id, choices, options.comment)
        _print(queries.date_poll(workspace, found.poll.id), options)
    return 0


def close(options: argparse.Namespace) -> int:
    """`projectdesk poll close`: the date that was named, or the one that is best."""
    with opened(options) as workspace:
        found = queries.date_poll_named(workspace, options.poll)
        option = _chosen(found, options.date)
        commands.close_poll(workspace, found.poll.id, option.id, tell=options.tell)
        _print(queries.date_poll(workspace, found.poll.id), options)
    return 0


def cancel(options: argparse.Namespace) -> int:
    """`projectdesk poll cancel`."""
    with opened(options) as workspace:
        poll = queries.date_poll_named(workspace, options.poll).poll
        commands.cancel_poll(workspace, poll.id, tell=options.tell)
        _print(queries.date_poll(workspace, poll.id), options)
    return 0


def settle(options: argparse.Namespace) -> int:
    """`projectdesk poll settle`: decide what decides itself, as the desktop does by itself."""
    with opened(options) as workspace:
        decided = commands.settle_polls(workspace)
    if options.json:
        print_json(decided)
    else:
        print_table(((each.title, each.starts_at, each.meeting_id) for each in decided),
                    ("Poll", "Chosen", "Meeting"))  # fmt: skip
    return 0


# --- what was typed -------------------------------------------------------------------------------


def _local(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or len(text) <= len("2026-03-02"):
        raise DomainError(
            "bad_time",
            "“{text}” is no local time: expected one such as 2026-03-02T10:00, without an offset.",
            text=text,
        )
    return found


def _deadline(text: str | None, zone: str) -> datetime | None:
    if text is None:
        return None
    try:
        return end_of(date.fromisoformat(text), zone_of(zone)).astimezone(UTC)
    except ValueError:
        return to_utc(_local(text), zone)


def _type(text: str) -> MeetingType:
    try:
        return MeetingType(text)
    except ValueError as error:
        raise DomainError(
            "bad_type",
            "“{text}” is no type of a meeting: expected one of {types}.",
            text=text,
            types=", ".join(MeetingType),
        ) from error


def _body(workspace: Workspace, project_id: UUID, name: str) -> UUID:
    for body in queries.bodies(workspace, project_id):
        if body.name.casefold() == name.casefold():
            return body.id
    raise NotFound("no_such_body", "The project has no body “{name}”.", name=name)


def _meeting(workspace: Workspace, options: argparse.Namespace) -> UUID | None:
    return None if options.meeting is None else meeting_id(workspace, options.meeting)


def _people(workspace: Workspace, project_id: UUID, names: Sequence[str]) -> list[UUID]:
    """Return whom names mean, each once: a person, their address, or all of a mailing list."""
    known = queries.people(workspace, project_id)
    found: dict[UUID, None] = {}
    for name in names:
        wanted = name.casefold()
        people = [row for row in known if wanted in {row.name.casefold(), row.email.casefold()}]
        found |= dict.fromkeys([row.id for row in people] or _listed(workspace, project_id, name))
    return list(found)


def _listed(workspace: Workspace, project_id: UUID, name: str) -> list[UUID]:
    """Return who is on the mailing list of a name that is no person's."""
    if "@" in name:
        raise NotFound(
            "no_such_address",
            "The address “{name}” belongs to no person of the project: add the person first.",
            name=name,
        )
    try:
        found = queries.mailing_list(workspace, project_id, name)
    except NotFound as error:
        raise NotFound(
            "no_such_list",
            "“{name}” is no mailing list, and no person of the project: `projectdesk list "
            "mailing-lists` and `projectdesk list people` show them.",
            name=name,
        ) from error
    return [row.person_id for row in found.recipients]


def _voters(found: DatePollDetail, names: Sequence[str], concerns: Concerns) -> list[DateVoterRow]:
    """Return the named voters, or without names all that it concerns.

    Raises:
        NotFound: a name is no voter's.
        DomainError: `nobody_concerned`.
    """
    chosen = []
    for name in names:
        wanted = name.casefold()
        same = [
            row for row in found.voters if wanted in {row.name.casefold(), row.email.casefold()}
        ]
        if not same:
            raise NotFound("no_such_voter", "“{name}” is not asked in this poll.", name=name)
        chosen += same
    rows = chosen if names else [row for row in found.voters if concerns(row)]
    if not rows:
        raise DomainError("nobody_concerned", "There is no voter of whom this can be done.")
    return rows


def _choice(text: str, options: Mapping[int, DateOptionRow]) -> tuple[UUID, DateChoice]:
    number, _, word = text.partition("=")
    option = options.get(int(number)) if number.strip().isdecimal() else None
    choice = _CHOICES.get(word.strip().casefold())
    if option is None or choice is None:
        raise DomainError(
            "bad_choice",
            "“{text}” is no answer: expected the number of a date and yes, maybe or no, as in "
            "2=yes.",
            text=text,
        )
    return option.id, choice


def _chosen(found: DatePollDetail, number: int | None) -> DateOptionRow:
    if number is None:
        if len(found.best) == 1:
            return found.best[0]
        raise DomainError(
            "no_best_date",
            "No single date is the best one: choose one with --date N.",
            dates=", ".join(str(option.number) for option in found.best),
        )
    for option in found.options:
        if option.number == number:
            return option
    raise NotFound("no_such_date", "The poll has no date {number}.", number=number)


# --- what is printed ------------------------------------------------------------------------------


def _links(
    workspace: Workspace, found: DatePollDetail, options: argparse.Namespace, concerns: Concerns
) -> list[PollLink]:
    from projectdesk.commandline.meetings import check_durable
    from projectdesk.host.settings import checked_public_url

    public_url = checked_public_url(options.public_url)
    check_durable(workspace)
    if found.poll.state is PollState.DRAFT:
        raise DomainError("not_asked", "Open the poll first: its links do not work yet.")
    wanted = {voter.id for voter in _voters(found, options.voter, concerns)}
    made = commands.poll_links(workspace, found.poll.id, public_url)
    return [link for link in made if link.voter_id in wanted]


def _print_links(made: Sequence[PollLink], options: argparse.Namespace) -> int:
    if options.json:
        print_json(made)
    else:
        print_table(((link.name, link.email, link.url) for link in made), ("Name", "Mail", "Link"))
    return 0


def check_reach(urls: Mapping[UUID, str], options: argparse.Namespace) -> None:
    """Refuse to write links to files that only this network opens, unless --anyway says so.

    Raises:
        DomainError: `link_not_public`.
    """
    from projectdesk.services.inviting.public_links import check_links

    if not options.anyway:
        check_links(urls)


def write_mails(mails: Sequence[Any], folder: Path, options: argparse.Namespace) -> int:
    """Write mails to files for a mail program, one a recipient, and print their names."""
    from projectdesk.mail.message import as_bytes, as_unsent
    from projectdesk.services.mail_files import writing_into

    written = []
    with writing_into(folder):
        for number, mail in enumerate(mails, 1):
            path = folder / f"{number:02} {mail.recipient.replace('/', '_')}.eml"
            path.write_bytes(as_unsent(as_bytes(mail.message)))
            written.append(path)
    if options.json:
        print_json([str(path) for path in written])
    else:
        for path in written:
            print(path)
    return 0


def _say_queued(count: int, options: argparse.Namespace, asked: int | None = None) -> int:
    """Say how many mails are queued, and how many voters were asked already and get none."""
    if options.json:
        print_json({"queued": count} | ({} if asked is None else {"asked_already": asked}))
        return 0
    print(f"{count} mails are in the outbox.")
    if asked:
        print(f"{asked} voters were asked by mail already and get none: --again asks them, too.")
    return 0


def _print(found: DatePollDetail, options: argparse.Namespace) -> None:
    if options.json:
        print_json(_plain(found))
        return
    poll = found.poll
    print(f"{poll.title} ({poll.project}), {poll.duration_minutes} minutes [{poll.id}]")
    until = f", until {moment_there(poll.deadline, poll.zone)}" if poll.deadline else ""
    print(f"{poll.state}{until}; {poll.answered} of {poll.voters} answered; "
          f"{_VERDICTS[poll.verdict]}")  # fmt: skip
    print_table(
        ((option.number, f"{option.local_start:%a %Y-%m-%d %H:%M}", option.standing.yes,
          option.standing.if_need_be, option.standing.no, option.standing.required_no,
          "chosen" if option.chosen else "best" if option.is_best else "")
         for option in found.options),
        ("No.", "Date", "Yes", "If need be", "No", "Needed, no", ""),
    )  # fmt: skip
    print_table(
        ((voter.name, voter.partner, "needed" if voter.required else "welcome",
          _said(voter, found.options), moment(voter.answered_at, poll.zone), voter.comment)
         for voter in found.voters),
        ("Voter", "Partner", "Presence", "Says", f"Answered ({poll.zone})", "Comment"),
    )  # fmt: skip


def _plain(found: DatePollDetail) -> dict[str, Any]:
    """Return a poll as JSON has it: what voters say by the number of the date."""
    numbers = {option.id: option.number for option in found.options}
    dates = [
        {
            "number": option.number,
            "id": option.id,
            "local_start": option.local_start,
            "starts_at": option.starts_at,
            "yes": option.standing.yes,
            "if_need_be": option.standing.if_need_be,
            "no": option.standing.no,
            "required_no": option.standing.required_no,
            "silent": option.standing.silent,
            "best": option.is_best,
            "chosen": option.chosen,
        }
        for option in found.options
    ]
    names = ("id", "name", "email", "partner", "required", "revoked", "asked_at", "reminded_at",
             "answered_at", "zone", "comment")  # fmt: skip
    voters = [
        {name: getattr(voter, name) for name in names}
        | {"missing": voter.is_missing}
        | {"choices": {str(numbers[id_]): said for id_, said in voter.choices.items()}}
        for voter in found.voters
    ]
    return {"poll": found.poll, "dates": dates, "voters": voters}


def _said(voter: DateVoterRow, options: Sequence[DateOptionRow]) -> str:
    if voter.is_missing:
        return "missing"
    said = [
        f"{option.number} {_MARKS[voter.choices[option.id]]}"
        for option in options
        if option.id in voter.choices
    ]
    return ", ".join(said)
