"""The command line: `projectdesk COMMAND`.

Everything that the application does with data is also a command, so that it can be scripted and
checked. Commands print for people, or with `--json` one JSON document on standard output. A refusal
goes to standard error and exits with 2; nothing was changed then. Each command imports what it
needs when it runs: `projectdesk list` does not pay for Qt.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from projectdesk import __version__
from projectdesk.commandline.grammar import Commands, Handler, command, run
from projectdesk.commandline.guiding_options import add_guide
from projectdesk.commandline.network_options import add_network
from projectdesk.commandline.personal_options import add_personal
from projectdesk.commandline.policy_options import add_policies
from projectdesk.commandline.retention_options import add_retention
from projectdesk.commandline.serving_options import add_serve
from projectdesk.errors import ProjectDeskError

LISTS = (
    "projects",
    "organisations",
    "partners",
    "world",
    "mailing-lists",
    "people",
    "bodies",
    "workpackages",
    "tasks",
    "deliverables",
    "milestones",
    "dependencies",
    "risks",
    "late",
    "effort",
    "reporting",
    "meetings",
    "documents",
    "actions",
    "decisions",
    "votes",
    "backlog",
    "templates",
    "questions",
    "busy",
    "calendar",
    "directory",
    "duplicates",
)
EXPORTS = (
    "actions",
    "agenda",
    "application-tables",
    "attendance",
    "calendar",
    "decisions",
    "document",
    "gantt",
    "mailing-list",
    "minutes",
    "people",
    "periodic-report",
    "plan",
    "project",
    "questions",
    "review-pack",
    "review-report",
)
PLAN_TABLES = (
    "work_packages",
    "tasks",
    "deliverables",
    "milestones",
    "risks",
    "effort",
    "dependencies",
)
PLAN_FORMATS = ("mspdi", "gan", "xlsx", "csv", "cordis-deliverables")
REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0 done, 1 failed, 2 refused)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in _INTERNAL:
        return _INTERNAL[words[0]](words[1:])
    options = _parser().parse_args(words)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Windows' consoles are not UTF-8
            stream.reconfigure(encoding="utf-8", errors="replace")
    handler: Handler = options.handler
    try:
        return handler(options)
    except ProjectDeskError as error:
        from projectdesk.commandline.printing import print_error

        print_error(error, as_json=getattr(options, "json", False))
        return REFUSED
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130


def desktop_main() -> int:
    """Start the desktop: what the icon does."""
    return main(["app", *sys.argv[1:]])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="projectdesk", description="Run an international consortium and its meetings."
    )
    parser.add_argument("--version", action="version", version=f"ProjectDesk {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_app(commands)
    _add_data_commands(commands)
    _add_plan_commands(commands)
    _add_meeting_commands(commands)
    _add_busy(commands)
    _add_preparing(commands)
    _add_series(commands)
    _add_feeds(commands)
    _add_agendas(commands)
    _add_documents(commands)
    _add_export(commands)
    _add_reporting(commands)
    _add_polls(commands)
    _add_minutes(commands)
    _add_votes(commands)
    _add_recording_commands(commands)
    add_serve(commands)
    _add_checks(commands)
    _add_databases(commands)
    _add_mail(commands)
    add_guide(commands)
    add_policies(commands)
    add_network(commands)
    add_personal(commands)
    add_retention(commands)
    return parser


def _add_app(commands: Commands[argparse.ArgumentParser]) -> None:
    app = command(commands, "app", _app, "Open the desktop application.", json=False)
    app.add_argument("--sample", action="store_true", help="open the sample project")
    app.add_argument(
        "open", nargs="*", metavar="FILE|LINK", help="a .projectdesk file, or projectdesk://KIND/ID"
    )


def _add_data_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.action_options import add_filters
    from projectdesk.commandline.busy_options import add_import_options

    importing = command(
        commands,
        "import",
        run("data", "import_files"),
        "Import CORDIS files (project XML; CSV, XLSX, JSON or ZIP exports), a project file "
        "(.projectdesk), a work plan with --project (Microsoft Project XML, GanttProject, "
        "ProjectLibre, XLSX, CSV, published deliverables of CORDIS), people (vCard or LDIF, or "
        "CSV or XLSX with --people), or a calendar or an invitation (.ics, .eml, winmail.dat) as "
        "meetings of --project or as busy times of --person. `import directory FILE...` fills "
        "the directory of organisations out of CORDIS organisation files. "
        "`import agenda FILE --meeting ID` takes an agenda out of Markdown or pasted text.",
    )
    importing.add_argument("files", nargs="+", type=Path, metavar="FILE")
    importing.add_argument("--dry-run", action="store_true", help="only say what would change")
    importing.add_argument(
        "--only", action="append", default=[], metavar="ID", help="only this grant or acronym"
    )
    importing.add_argument(
        "--table", choices=PLAN_TABLES, help="a CSV or XLSX of one table of the work plan"
    )
    importing.add_argument(
        "--format",
        choices=PLAN_FORMATS,
        help="of a work plan, with --project; else by what is in the file",
    )
    importing.add_argument(
        "--own-start",
        action="store_true",
        help="work plan: count project months from the file's own start",
    )
    importing.add_argument("--people", action="store_true", help="a CSV of people")
    importing.add_argument("--meeting", metavar="ID", help="`import agenda FILE`: of which meeting")
    importing.add_argument(
        "--replace", action="store_true", help="`import agenda FILE`: in place of what is there"
    )
    importing.add_argument(
        "--prefer",
        choices=("mine", "file"),
        default="mine",
        help="project file: whose value stays where both sides changed a field",
    )
    importing.add_argument(
        "--merge-names", action="store_true", help="people: the same name is the same person"
    )
    importing.add_argument(
        "--project", metavar="ACRONYM", help="the project of a work plan, of people or of meetings"
    )
    add_import_options(importing)
    listing = command(commands, "list", run("data", "list_records"), "List records.")
    listing.add_argument("what", choices=LISTS)
    listing.add_argument(
        "--project", metavar="ACRONYM", help="only of this project (or its grant number or id)"
    )
    listing.add_argument("--on", metavar="DATE", help="partners: who takes part on this day")
    listing.add_argument("--search", metavar="TEXT", help="directory: what it holds")
    listing.add_argument(
        "--country", metavar="CODE", help="directory: only of this one; calendar: its holidays"
    )
    listing.add_argument("--from", dest="first", metavar="DATE", help="calendar: first day")
    listing.add_argument("--to", dest="last", metavar="DATE", help="calendar: last day")
    listing.add_argument("--limit", type=int, metavar="N", help="at most (directory: 50)")
    add_filters(listing)
    searching = command(
        commands, "search", run("finding", "search"), "Search everything, as the search box does."
    )
    searching.add_argument("text", nargs="+", metavar="TEXT", help="words, or WP3, D3.2, A12, R3")
    searching.add_argument("--project", metavar="ACRONYM", help="only in this project")
    searching.add_argument("--kind", metavar="KIND", help="only person, meeting, action, ...")
    searching.add_argument("--limit", type=int, default=30, metavar="N", help="at most")
    merging = command(
        commands, "merge", run("finding", "merge"), "Make one of two people or organisations."
    )
    merging.add_argument("kind", choices=("person", "organisation"))
    merging.add_argument("kept", metavar="KEPT", help="id of the one that stays")
    merging.add_argument("gone", metavar="GONE", help="id of the one that is merged into it")
    merging.add_argument(
        "--take", action="append", default=[], metavar="FIELD", help="the other one's value wins"
    )
    command(commands, "sample", run("data", "sample"), "Add the sample project.")
    command(commands, "backup", run("data", "backup"), "Back the data up now.")
    restoring = command(commands, "restore", run("data", "restore"), "Restore a backup.")
    restoring.add_argument("backup", type=Path, metavar="FILE")


def _add_plan_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.consortium_options import add_consortium
    from projectdesk.commandline.plan_options import add_plan_commands

    add_consortium(commands)
    add_plan_commands(commands)


def _add_databases(commands: Commands[argparse.ArgumentParser]) -> None:
    database = commands.add_parser("database", help="Where the data is: here or a team's server.")
    parts = database.add_subparsers(metavar="COMMAND", required=True)

    def one(name: str, function: str, help_text: str) -> argparse.ArgumentParser:
        return command(parts, name, run("databases", function), help_text)

    one("show", "show", "Say which database is used.")
    tried = one("test", "test", "Try a team's database and say what is wrong with it.")
    tried.add_argument("url", nargs="?", metavar="URL", help="default: the one that is chosen")
    used = one("use", "use", "Use a team's database, or `local`, from the next start on.")
    used.add_argument("url", metavar="URL|local", help="postgresql://USER@HOST/NAME?sslmode=...")
    copied = one("copy-to", "copy_to", "Copy all data to a team's empty database, or to a file.")
    copied.add_argument("target", metavar="URL|FILE")
    key = one("key", "key", "Print the team's link key for a colleague, or take theirs.")
    key.add_argument("--take", action="store_true", help="read it from standard input")
    key.add_argument(
        "--server",
        action="store_true",
        help="fetch it from the team's server, or put it there; say where it is",
    )
    key.add_argument(
        "--renew", action="store_true", help="make a new one: every link that was sent ends"
    )
    key.add_argument("--forget", metavar="URL", help="take it back from this server")


def _add_mail(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.mail_options import add_mail_commands

    mail = commands.add_parser("mail", help="The outbox, the inbox and the account for mail.")
    parts = mail.add_subparsers(metavar="COMMAND", required=True)

    def add(name: str, module: str, function: str, help_text: str) -> argparse.ArgumentParser:
        return command(parts, name, run(module, function), help_text)

    add_mail_commands(add)


def _add_meeting_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    plan = command(
        commands,
        "plan",
        run("meetings", "plan"),
        "Plan a meeting of a TYPE from our template of it: the short form. `meeting create` takes "
        "any template, and a body, place and length.",
    )
    plan.add_argument("type", metavar="TYPE", help="kick_off, general_assembly, ...")
    plan.add_argument("--project", required=True, metavar="ACRONYM")
    plan.add_argument("--start", required=True, metavar="YYYY-MM-DDTHH:MM", help="local time")
    plan.add_argument("--zone", required=True, help="IANA zone, e.g. Europe/Copenhagen")
    plan.add_argument("--title", default="")
    links = command(commands, "links", run("meetings", "links"), "Print the personal links.")
    links.add_argument("--meeting", required=True, metavar="ID")
    links.add_argument("--public-url", required=True, metavar="URL", help="of the host")


def _add_agendas(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline import agenda_options

    for name, words, add_all in (
        (
            "meeting",
            "Meetings from a template; when one was held; a report.",
            agenda_options.add_meeting_create,
        ),
        ("agenda", "Order, carry over, send agendas.", agenda_options.add_agenda_commands),
        ("template", "Agenda templates, ours and own ones.", agenda_options.add_template_commands),
    ):
        kinds = commands.add_parser(name, help=words).add_subparsers(required=True, metavar="WHAT")

        def add(
            what: str, function: str, help_text: str, kinds: Any = kinds
        ) -> argparse.ArgumentParser:
            return command(kinds, what, run("agendas", function), help_text)

        add_all(add)


def _add_busy(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.busy_options import add_busy_commands

    busy = commands.add_parser("busy", help="Calendars that say when people are taken.")
    kinds = busy.add_subparsers(required=True, metavar="times|add|refresh|remove")

    def add(name: str, function: str, help_text: str) -> argparse.ArgumentParser:
        return command(kinds, name, run("busy", function), help_text)

    add_busy_commands(add)


def _add_preparing(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.inviting_options import add_inviting_commands
    from projectdesk.commandline.notice_options import add_notice_commands
    from projectdesk.commandline.slots_options import add_slot_commands

    def add(name: str, module: str, function: str, help_text: str) -> argparse.ArgumentParser:
        return command(commands, name, run(module, function), help_text)

    add_notice_commands(add)
    add_slot_commands(add)
    add_inviting_commands(add)


def _add_series(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.series_options import add_series_commands

    series = commands.add_parser("series", help="Series of meetings.")
    parts = series.add_subparsers(metavar="COMMAND", required=True)

    def add(name: str, function: str, help_text: str) -> argparse.ArgumentParser:
        return command(parts, name, run("series", function), help_text)

    add_series_commands(add)


def _add_feeds(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.feed_options import add_feed_commands

    feed = commands.add_parser("feed", help="Addresses by which calendars follow the meetings.")
    kinds = feed.add_subparsers(required=True, metavar="create|list|renew|revoke")

    def add(name: str, function: str, help_text: str) -> argparse.ArgumentParser:
        return command(kinds, name, run("feeds", function), help_text)

    add_feed_commands(add)


def _add_documents(commands: Commands[argparse.ArgumentParser]) -> None:
    attach = command(
        commands,
        "attach",
        run("attaching", "attach"),
        "Attach files to a project or to something in it; their content is kept once.",
    )
    attach.add_argument("files", nargs="+", type=Path, metavar="FILE")
    attach.add_argument("--project", required=True, metavar="ACRONYM")
    attach.add_argument(
        "--to",
        metavar="LABEL",
        help="WP3, D3.2, a partner's short name, V4 of a written procedure, a meeting's id",
    )
    attach.add_argument(
        "--existing", action="store_true", help="FILE names a document that the project has already"
    )


def _add_export(commands: Commands[argparse.ArgumentParser]) -> None:
    export = command(
        commands,
        "export",
        run("exporting", "export"),
        "Write something of a project or a meeting to a file; its format goes by the file's name.",
    )
    export.add_argument("what", choices=EXPORTS)
    export.add_argument(
        "name",
        nargs="?",
        metavar="ACRONYM",
        help="of the project; mailing-list: the list's name; minutes, agenda, attendance, "
        "review-report, review-pack, questions: the id of the meeting; decisions, actions: either",
    )
    export.add_argument("--project", metavar="ACRONYM", help="the same")
    export.add_argument(
        "--meeting", metavar="ID", help="the same; calendar, decisions, actions: only this meeting"
    )
    export.add_argument("--document", metavar="NAME", help="name or id of a document")
    export.add_argument("--format", metavar="FORMAT", help="where the file's name does not say")
    export.add_argument(
        "--language",
        default="",
        metavar="TAG",
        help="en, de, ...: of minutes, agenda, attendance, decisions, actions, review-report, "
        "review-pack, questions, periodic-report, gantt",
    )
    export.add_argument(
        "--from", dest="first", metavar="DATE", help="decisions, actions: first day"
    )
    export.add_argument("--to", dest="last", metavar="DATE", help="decisions, actions: last day")
    export.add_argument(
        "--period", type=int, metavar="N", help="periodic-report, review-pack: RP number"
    )
    export.add_argument(
        "--with-trail", action="store_true", help="minutes: end with their audit trail"
    )
    export.add_argument(
        "--with-actions", action="store_true", help="agenda: end with the open actions"
    )
    export.add_argument("--table", choices=PLAN_TABLES, help="plan: only this table, as CSV")
    export.add_argument("--paper", choices=("a4", "a3"), default="a4", help="gantt: of a PDF")
    export.add_argument("--out", required=True, type=Path, metavar="FILE")


def _add_reporting(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.reporting_options import add_reporting

    add_reporting(commands, command, run)


def _add_polls(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.action_options import add_actions
    from projectdesk.commandline.poll_options import add_polls

    add_polls(commands, command, run)
    add_actions(commands, command, run)


def _add_minutes(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.attendance_options import add_attendance
    from projectdesk.commandline.minutes_options import add_minutes

    add_minutes(commands, command, run)
    add_attendance(commands, command, run)


def _add_votes(commands: Commands[argparse.ArgumentParser]) -> None:
    from projectdesk.commandline.decision_options import add_decisions
    from projectdesk.commandline.vote_options import add_votes

    add_votes(commands, command, run)
    add_decisions(commands, command, run)


def _add_recording_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    recording = commands.add_parser("recording", help="Recordings of meetings.")
    kinds = recording.add_subparsers(required=True, metavar="list|fetch|combine|erase")

    def one(name: str, function: str, help_text: str) -> argparse.ArgumentParser:
        parser = command(kinds, name, run("recordings", function), help_text)
        if name != "combine":
            parser.add_argument("--meeting", required=True, metavar="ID")
        return parser

    one("list", "list_recordings", "List what is on the host, and what is here.")
    fetching = one("fetch", "fetch", "Fetch a recording; the host erases its copy then.")
    fetching.add_argument("recording", metavar="RECORDING")
    fetching.add_argument("--out", type=Path, metavar="DIR", help="default: the data folder")
    combining = one("combine", "combine", "Make one film of a fetched recording.")
    combining.add_argument("folder", type=Path, metavar="FOLDER")
    combining.add_argument("--out", type=Path, metavar="FILE", help=".mp4 or .webm")
    erasing = one("erase", "erase", "Erase a recording, on the host and here.")
    erasing.add_argument("recording", metavar="RECORDING")


def _add_checks(commands: Commands[argparse.ArgumentParser]) -> None:
    demo = command(commands, "demo", run("checks", "demo"), "Play the main job on real components.")
    demo.add_argument("--cordis", type=Path, metavar="FILE", help="on this project instead")
    demo.add_argument("--out", type=Path, metavar="DIR", help="where results go")
    demo.add_argument(
        "--guests", type=int, choices=(2, 3), default=2, help="beside the chair (default 2)"
    )
    screens = command(
        commands, "screens", run("checks", "screens"), "Render every page to pictures."
    )
    shown = screens.add_mutually_exclusive_group(required=True)
    shown.add_argument("--out", type=Path, metavar="DIR", help="take pictures into DIR")
    shown.add_argument(
        "--check-access",
        action="store_true",
        help="check names, roles, states and the keyboard instead; exit 1 on findings",
    )
    screens.add_argument("--only", metavar="TEXT", help="only scenes whose name has TEXT")
    screens.add_argument(
        "--language", default="", metavar="TAG", help="the typical project in one language"
    )
    doctor = command(
        commands, "doctor", run("checks", "doctor"), "Say what is missing, here or at a server."
    )
    doctor.add_argument(
        "--server", metavar="URL|LINK", help="a server, or better a personal link, from outside"
    )
    doctor.add_argument("--language", default="en", metavar="TAG", help="of what is said")
    doctor.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE",
        help="write a ZIP for who helps, without secrets",
    )
    bench = command(commands, "bench", run("checks", "bench"), "Measure.")
    bench.add_argument("name", metavar="NAME", help="sfu, import, start, recover, ...")
    bench.add_argument("options", nargs=argparse.REMAINDER, help="options of the measurement")


def _app(options: argparse.Namespace) -> int:
    from projectdesk.bootstrap import data_folder, start_logging
    from projectdesk.desktop import application

    data = data_folder(options.data)
    start_logging(data)
    return application.run([sys.argv[0]], data, sample=options.sample, words=options.open)


def _recorder(arguments: Sequence[str]) -> int:
    from projectdesk.media.recording import process

    return process.main(arguments)


def _sfu(arguments: Sequence[str]) -> int:
    from projectdesk.media.embedded import process

    return process.main(arguments)


def _pac(arguments: Sequence[str]) -> int:
    from projectdesk.desktop.runtime import pac_engine

    return pac_engine.main(arguments)


def _probe(arguments: Sequence[str]) -> int:
    from projectdesk import doctor

    print(doctor.probe(arguments[0]))
    return 0


def _first_paint(arguments: Sequence[str]) -> int:
    from projectdesk.bench import start

    return start.main(arguments)


def _player(_arguments: Sequence[str]) -> int:
    from projectdesk.demo import robots

    return robots.main()


_INTERNAL: Final[dict[str, Callable[[Sequence[str]], int]]] = {
    "recorder": _recorder,
    "sfu": _sfu,
    "player": _player,
    "probe": _probe,
    "first-paint": _first_paint,
    "pac": _pac,
}
"""What we start ourselves: in no list of commands."""


if __name__ == "__main__":
    sys.exit(main())
