"""Commands on the life of minutes: from `minutes show` to `minutes accept`, and `verify-audit`."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from projectdesk.commandline import minutes_words
from projectdesk.commandline.data import opened
from projectdesk.commandline.meetings import check_durable
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.minutes import ObjectionState
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import audit, audit_files, minutes_versions, queries
from projectdesk.services.audit_anchor import Kept
from projectdesk.services.circulation_rows import (
    CirculationOrder,
    CirculationPlan,
    MinutesLife,
    ObjectionRow,
    ReaderRow,
)
from projectdesk.services.minutes_steps import WHY_NOT
from projectdesk.services.minutes_versions import (
    ItemChange,
    LineChange,
    Mark,
    Piece,
    VersionContent,
    VersionRow,
)
from projectdesk.services.workspace import Workspace

_SIGNS: Final = {Mark.REMOVED: "- ", Mark.ADDED: "+ ", Mark.SAME: "  "}
_STATES: Final = {
    "upheld": ObjectionState.UPHELD,
    "declined": ObjectionState.DECLINED,
    "withdrawn": ObjectionState.WITHDRAWN,
    "open": ObjectionState.OPEN,
}


def show(options: argparse.Namespace) -> int:
    """`projectdesk minutes show MEETING`: what they say now, or said in a revision."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        life = queries.minutes_life(workspace, meeting)
        content = _content(workspace, meeting, options.revision)
    if options.json:
        print_json({"life": _plain(life), "content": dataclasses.asdict(_Held(content))["content"]})
        return 0
    _print_content(content)
    return 0


def status(options: argparse.Namespace) -> int:
    """`projectdesk minutes status [MEETING]`: where they stand, who has them, what is objected."""
    with opened(options) as workspace:
        if options.meeting is not None:
            lives = [queries.minutes_life(workspace, meeting_id(workspace, options.meeting))]
        else:
            lives = queries.accepting_meetings(workspace)
    if options.json:
        print_json([_plain(life) for life in lives])
        return 0
    if options.meeting is not None:
        _print_life(lives[0])
        return 0
    print_table(
        ((life.meeting_id, life.project, life.meeting, minutes_words.STANDINGS[life.standing],
          minutes_words.moment_there(life.until, life.zone),
          f"{life.received}/{len(life.readers)}", life.open_objections, life.days_late or "")
         for life in lives),
        ("Meeting", "Project", "Title", "Stands", "Until", "Received", "Open", "Days late"),
    )  # fmt: skip
    return 0


def circulate(options: argparse.Namespace) -> int:
    """`projectdesk minutes circulate MEETING`: to all, by mail or as files; or only say to whom."""
    from projectdesk.host.settings import checked_public_url
    from projectdesk.services import commands
    from projectdesk.services.meeting_hosts import server_address

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        plan = queries.circulation_plan(workspace, meeting)
        if options.dry_run:
            return _print_plan(plan, queries.meeting(workspace, meeting).zone, options)
        if not options.public_url:
            raise DomainError(
                "public_url_needed", "Say where the links lead: --public-url https://..."
            )
        check_durable(workspace)
        order = CirculationOrder(
            public_url=checked_public_url(options.public_url),
            host="" if options.host is None else server_address(options.host),
            leave_out=frozenset(_planned(plan, options.leave_out)),
            send=options.out is None,
            anyway=options.anyway,
            held=options.held,
            message=options.message,
        )
        zone, files = queries.meeting(workspace, meeting).zone, list[Path]()
        if options.out is None:
            done, _ = commands.circulate_minutes(workspace, meeting, order)
        else:
            done, files = commands.circulate_to_files(workspace, meeting, order, Path(options.out))
    if options.json:
        print_json({"circulated": done, "files": [str(path) for path in files]})
        return 0
    until = minutes_words.moment_there(done.until, zone)
    print(f"Revision {done.revision}: {done.readers} readers, objections until {until}.")
    for path in files:
        print(path)
    if not files:
        print(f"{done.queued} mails are in the outbox.")
    for name in done.unmailed:
        print(f"{name} has no address.")
    return 0


def send(options: argparse.Namespace) -> int:
    """`projectdesk minutes send MEETING`: to readers again, with the same links."""
    from projectdesk.host.settings import checked_public_url
    from projectdesk.services import commands

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        check_durable(workspace)
        order = CirculationOrder(
            checked_public_url(options.public_url), anyway=options.anyway, message=options.message
        )
        rows = _readers(queries.minutes_life(workspace, meeting), options.reader)
        wanted = [row.id for row in rows]
        if options.out is not None:
            files = _write(workspace, meeting, order, options.out, wanted)
            if options.json:
                print_json([str(path) for path in files])
            else:
                for path in files:
                    print(path)
            return 0
        count, _ = commands.send_minutes_again(workspace, meeting, wanted, order)
    if options.json:
        print_json({"queued": count})
    else:
        print(f"{count} mails are in the outbox.")
    return 0


def links(options: argparse.Namespace) -> int:
    """`projectdesk minutes links MEETING`: print the personal links of the readers."""
    from projectdesk.host.settings import checked_public_url
    from projectdesk.services.minutes_desks import minutes_links

    public_url = checked_public_url(options.public_url)
    with opened(options) as workspace:
        check_durable(workspace)
        life = queries.minutes_life(workspace, meeting_id(workspace, options.meeting))
        newest = life.newest
        made = [] if newest is None else minutes_links(workspace, newest.id, public_url)
    if options.json:
        print_json(made)
    else:
        print_table(((each.name, each.email, each.url) for each in made), ("Name", "Mail", "Link"))
    return 0


def object_(options: argparse.Namespace) -> int:
    """`projectdesk minutes object MEETING TEXT --reader NAME`: what came another way."""
    from projectdesk.services import commands

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        (row,) = _readers(queries.minutes_life(workspace, meeting), [options.reader])
        item = None
        if options.item is not None:
            item = _item(workspace, meeting, options.item)
        commands.enter_objection(workspace, row.id, options.text, item)
        life = queries.minutes_life(workspace, meeting)
    return _say_life(life, options)


def answer(options: argparse.Namespace) -> int:
    """`projectdesk minutes answer MEETING N --upheld|--declined|--withdrawn [--text WORDS]`."""
    from projectdesk.services import commands

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        found = _objection(queries.minutes_life(workspace, meeting), options.number)
        commands.answer_objection(workspace, found.id, _STATES[options.state], options.text)
        life = queries.minutes_life(workspace, meeting)
    return _say_life(life, options)


def revise(options: argparse.Namespace) -> int:
    """`projectdesk minutes revise MEETING [--reason WORDS]`."""
    from projectdesk.services import commands

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        commands.revise_minutes(workspace, meeting, options.reason)
        life = queries.minutes_life(workspace, meeting)
    return _say_life(life, options)


def accept(options: argparse.Namespace) -> int:
    """`projectdesk minutes accept MEETING [--approved-by MEETING]`."""
    from projectdesk.services import commands

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        if options.approved_by is not None:
            commands.approve_minutes(workspace, meeting, meeting_id(workspace, options.approved_by))
        else:
            commands.accept_minutes(workspace, meeting)
        life = queries.minutes_life(workspace, meeting)
    return _say_life(life, options)


def settle(options: argparse.Namespace) -> int:
    """`projectdesk minutes settle`: accept what nobody objected to, as the desktop does."""
    from projectdesk.services import commands

    with opened(options) as workspace:
        done = commands.settle_minutes(workspace)
    if options.json:
        print_json(done)
    else:
        print_table(((each.meeting_id, each.meeting, each.revision) for each in done),
                    ("Meeting", "Title", "Revision"))  # fmt: skip
    return 0


def compare(options: argparse.Namespace) -> int:
    """`projectdesk minutes compare MEETING [--from N --to N]`: two kept versions, by item."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        rows = minutes_versions.versions(workspace, meeting)
        old = _version(rows, options.first, -2)
        new = _version(rows, options.last, -1)
        changes = minutes_versions.compare(
            minutes_versions.version_content(workspace, old.minutes_id, old.number),
            minutes_versions.version_content(workspace, new.minutes_id, new.number),
        )
    if options.json:
        print_json({"from": old, "to": new, "items": [each for each in changes if each.changed]})
        return 0
    changed = [each for each in changes if each.changed]
    if not changed:
        print("They say the same.")
    for item in changed:
        _print_change(item)
    return 0


def trail(options: argparse.Namespace) -> int:
    """`projectdesk minutes trail MEETING [--out FILE]`: every step, the first one first."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        if options.out is not None:
            count = audit_files.export_trail(workspace, meeting, Path(options.out))
            print_json({"file": options.out, "steps": count}) if options.json else print(
                f"{options.out} ({count} steps)"
            )
            return 0
        life = queries.minutes_life(workspace, meeting)
        steps = [
            (each.revision, step)
            for each in life.revisions
            for step in audit.trail(workspace, each.id)
        ]
    if options.json:
        print_json([{"revision": revision, "step": step} for revision, step in steps])
        return 0
    print_table(
        ((revision, step.seq, minutes_words.moment(step.at, life.zone),
          minutes_words.step(step.step), step.text, step.hash[: audit.SHOWN])
         for revision, step in steps),
        ("Rev.", "No.", f"When ({life.zone})", "Step", "Says", "Check value"),
    )  # fmt: skip
    return 0


def verify_audit(options: argparse.Namespace) -> int:
    """`projectdesk verify-audit [--project ACRONYM]`: exit code 1 if a chain does not hold."""
    with opened(options) as workspace:
        project = None
        if options.project is not None:
            project = queries.project_by_acronym(workspace, options.project).id
        chains = audit.verify(workspace, project)
    broken = [chain for chain in chains if chain.broken is not None]
    if options.json:
        print_json({"chains": chains, "whole": not broken})
        return 1 if broken else 0
    for chain in broken:
        found = chain.broken
        if found is not None:
            step = f" ({minutes_words.step(found.step)})" if found.step else ""
            print(
                f"{_whose(chain)}: step {found.seq}{step}: "
                f"{_FAULTS[found.fault.value]} [{found.fault}]"
            )
    steps = sum(chain.steps for chain in chains)
    if not broken:
        print(f"{len(chains)} trails with {steps} steps are whole.")
    open_ended = [chain for chain in chains if chain.steps and chain.end is not Kept.SIGNED]
    if open_ended:
        print(
            f"{len(open_ended)} of the trails have no end that this computer signed: whether the "
            "last steps were cut off is told by the records only."
        )
    return 1 if broken else 0


def _whose(chain: audit.ChainRow) -> str:
    """Return of what a trail is."""
    if chain.procedure:
        return f"written procedure {chain.procedure}"
    return f"{chain.meeting}, revision {chain.revision}"


_FAULTS: Final = {
    "missing": "a step before it is missing",
    "previous": "it does not follow the step before it",
    "changed": "it was changed after it was written",
    "text": "what it says is not what was written",
    "head": "the check value that was printed is that of no step: the end was rewritten",
    "cut": "it is missing, and all after it: the trail was longer once",
    "end": "the step that was kept as the last one is another: the end was rewritten",
    "untold": "the records say that it happened, the trail does not: it was cut off",
    "differs": "the records say something else now: they were changed, past the application",
}


# --- what was typed -------------------------------------------------------------------------------


def _content(workspace: Workspace, meeting: UUID, revision: int | None) -> VersionContent:
    if revision is None:
        return minutes_versions.content_now(workspace, meeting)
    rows = [
        row for row in minutes_versions.versions(workspace, meeting) if row.revision == revision
    ]
    if not rows:
        raise NotFound("no_such_revision", "Revision {number} was not circulated.", number=revision)
    return minutes_versions.version_content(workspace, rows[-1].minutes_id, rows[-1].number)


def _version(rows: Sequence[VersionRow], revision: int | None, usual: int) -> VersionRow:
    """Return the last kept version of a revision; without one, of those there are."""
    if revision is not None:
        found = [row for row in rows if row.revision == revision]
        if found:
            return found[-1]
    elif len(rows) >= -usual:
        return rows[usual]
    raise NotFound("no_such_version", "There are no two versions of these minutes to compare.")


def _planned(plan: CirculationPlan, names: Sequence[str]) -> list[UUID]:
    found = []
    for name in names:
        wanted = name.casefold()
        same = [
            row.person_id
            for row in plan.readers
            if wanted in {row.name.casefold(), row.email.casefold()}
        ]
        if not same:
            raise NotFound("no_such_reader", "“{name}” would not get the minutes.", name=name)
        found += same
    return found


def _readers(life: MinutesLife, names: Sequence[str]) -> list[ReaderRow]:
    """Return the named readers; without names all whose link works."""
    if not names:
        return [row for row in life.readers if not row.revoked]
    found = []
    for name in names:
        wanted = name.casefold()
        same = [
            row for row in life.readers if wanted in {row.name.casefold(), row.email.casefold()}
        ]
        if not same:
            raise NotFound("no_such_reader", "“{name}” is no reader of these minutes.", name=name)
        found += same
    return found


def _objection(life: MinutesLife, number: int) -> ObjectionRow:
    for row in life.objections:
        if row.number == number:
            return row
    raise NotFound("no_such_objection", "There is no objection {number}.", number=number)


def _item(workspace: Workspace, meeting: UUID, label: str) -> UUID:
    for row in queries.agenda(workspace, meeting):
        if row.label == label:
            return row.id
    raise NotFound("no_such_item", "The agenda has no item {label}.", label=label)


def _write(
    workspace: Workspace,
    meeting: UUID,
    order: CirculationOrder,
    folder: str,
    reader_ids: Sequence[UUID] | None = None,
) -> list[Path]:
    from projectdesk.services.commands import save_minutes_mails

    return save_minutes_mails(workspace, meeting, order, Path(folder), reader_ids)


# --- what is printed ------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class _Held:
    content: Any

    def __init__(self, content: VersionContent) -> None:
        import msgspec

        object.__setattr__(self, "content", msgspec.to_builtins(content))


def _plain(life: MinutesLife) -> dict[str, Any]:
    shown = {field.name: getattr(life, field.name) for field in dataclasses.fields(life)}
    return shown | {"bars": {step.value: WHY_NOT[why] for step, why in life.bars.items()}}


def _say_life(life: MinutesLife, options: argparse.Namespace) -> int:
    if options.json:
        print_json(_plain(life))
    else:
        _print_life(life)
    return 0


def _print_life(life: MinutesLife) -> None:
    revision = life.newest.revision if life.newest is not None else 1
    stands = minutes_words.STANDINGS[life.standing]
    print(f"{life.meeting} ({life.project}), revision {revision}: {stands}")
    if life.draft_due is not None and life.newest is not None and life.until is None:
        late = f", {life.days_late} days late" if life.days_late else ""
        print(f"The draft is due {minutes_words.moment_there(life.draft_due, life.zone)}{late}.")
    if life.until is not None:
        print(f"Objections until {minutes_words.moment_there(life.until, life.zone)}.")
    if life.readers:
        print_table(
            ((row.name, row.partner, minutes_words.sent(row, life.zone),
              minutes_words.moment(row.received_at, life.zone), row.objections or "",
              "revoked" if row.revoked else "")
             for row in life.readers),
            ("Reader", "Partner", f"Sent ({life.zone})", "Received", "Objections", ""),
        )  # fmt: skip
    if life.objections:
        print_table(
            ((row.number, row.name, row.item or "the whole", row.text,
              minutes_words.OBJECTIONS[row.state], row.answer)
             for row in life.objections),
            ("No.", "By", "To", "Objection", "State", "Answer"),
        )  # fmt: skip


def _print_plan(plan: CirculationPlan, zone: str, options: argparse.Namespace) -> int:
    if options.json:
        print_json(plan)
        return 0
    if plan.bar is not None:
        print(WHY_NOT[plan.bar])
    until = minutes_words.moment_there(plan.until, zone)
    print(f"Revision {plan.revision}; objections would be taken until {until}.")
    print_table(
        ((row.name, row.partner, row.email or "no address", minutes_words.REASONS[row.why],
          "" if row.may_object else "reads only")
         for row in plan.readers),
        ("Reader", "Partner", "Mail", "Because", ""),
    )  # fmt: skip
    return 0


def _print_content(content: VersionContent) -> None:
    print(f"{content.title}, {content.date}")
    for name, partners in (
        ("Present", content.present),
        ("By proxy", content.represented),
        ("Not present", content.absent),
    ):
        if partners:
            print(f"{name}: {', '.join(partners)}")
    for item in content.items:
        print(f"\n{item.label} {item.title}".rstrip() if item.id else "\nBeside the agenda")
        if item.reading.strip():
            print(item.reading.rstrip())
        for decision in item.decisions:
            print(f"  {decision.label} {decision.text}")
        for action in item.actions:
            print(f"  {action.label} {action.line}")


def _print_change(item: ItemChange) -> None:
    mark = {Mark.ADDED: " (new)", Mark.REMOVED: " (gone)", Mark.SAME: ""}[item.mark]
    print(f"{item.label} {item.title}{mark}".strip())
    if any(piece.mark is not Mark.SAME for piece in item.pieces):
        print(f"  {_marked(item.pieces)}")
    for line in (*item.decisions, *item.actions):
        if line.changed:
            print(_line(line))


def _line(line: LineChange) -> str:
    return f"{_SIGNS[line.mark]}{line.label} {_marked(line.pieces)}"


def _marked(pieces: Sequence[Piece]) -> str:
    """Return a text with what went in [-...-] and what came in {+...+}, as `git diff` marks it."""
    marks = {Mark.REMOVED: ("[-", "-]"), Mark.ADDED: ("{+", "+}"), Mark.SAME: ("", "")}
    words = "".join(f"{marks[p.mark][0]}{p.text}{marks[p.mark][1]}" for p in pieces)
    return words.replace("\n", "\n  ")
