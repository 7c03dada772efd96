"""Commands that show and measure: demo, screens, doctor, bench."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from projectdesk.bootstrap import data_folder
from projectdesk.commandline.printing import print_json
from projectdesk.errors import DomainError

BENCHES = {
    "sfu": "projectdesk.bench.sfu",
    "import": "projectdesk.bench.importing",
    "gantt": "projectdesk.bench.gantt",
    "search": "projectdesk.bench.search",
    "ics": "projectdesk.bench.ics",
    "slots": "projectdesk.bench.slots",
    "minutes": "projectdesk.bench.minutes",
    "store": "projectdesk.bench.store",
    "start": "projectdesk.bench.start",
    "bundle": "projectdesk.bench.bundle",
    "recover": "projectdesk.bench.recover",
    "join": "projectdesk.bench.join",
    "sizes": "projectdesk.bench.sizes",
    "minutes_pdf": "projectdesk.bench.minutes_pdf",
    "soak": "projectdesk.bench.soak",
}


def doctor(options: argparse.Namespace) -> int:
    """`projectdesk doctor`: exit 1 when something needed is missing."""
    from projectdesk.doctor import examine

    if options.server:
        from projectdesk.commandline.outside import examine_server

        checks = examine_server(options.server, options.language)
    else:
        checks = examine(data_folder(options.data), options.language)
    if options.bundle:
        from projectdesk.commandline.support import write_bundle

        names = write_bundle(options.bundle, data_folder(options.data), checks)
        print(f"{options.bundle}: {', '.join(names)}", file=sys.stderr)
    good = all(check.ok or not check.needed for check in checks)
    if options.json:
        print_json({"ok": good, "checks": checks})
    else:
        for check in checks:
            mark = "ok  " if check.ok else ("FAIL" if check.needed else "note")
            print(f"{mark}  {check.name:12} {check.text}")
    return 0 if good else 1


def demo(options: argparse.Namespace) -> int:
    """`projectdesk demo`: exit 1 when a participant saw no moving picture of another."""
    from projectdesk.demo import play

    return play.run(
        data=Path(options.data) if options.data else None,
        cordis=options.cordis,
        out=options.out,
        guests=options.guests,
        as_json=options.json,
    )


def screens(options: argparse.Namespace) -> int:
    """`projectdesk screens --out DIR|--check-access`: exit 1 when the check found something."""
    if options.check_access:
        return _check_access(options)
    from projectdesk.catalogues import languages
    from projectdesk.screens import run

    if options.language and options.language not in languages("desktop"):
        raise DomainError(
            "unknown_language",
            "The desktop does not speak “{language}”: expected {known}.",
            language=options.language,
            known=", ".join(languages("desktop")),
        )
    made = run(options.out, options.only, options.language)
    if options.json:
        print_json({"out": options.out, "pictures": made})
    else:
        print(f"{len(made)} pictures in {options.out}")
    return 0


def _check_access(options: argparse.Namespace) -> int:
    from projectdesk.screens import check_access

    seen = check_access(options.only)
    wrong = sum(len(one.findings) for one in seen)
    if options.json:
        print_json({"findings": wrong, "scenes": [asdict(one) for one in seen]})
    else:
        for one in seen:
            for found in one.findings:
                print(f"{one.data}/{one.scene}: {found.rule}: {found.what}")
        print(f"{len(seen)} scenes, {wrong} findings")
    return 1 if wrong else 0


def bench(options: argparse.Namespace) -> int:
    """`projectdesk bench NAME [OPTIONS]`: exit 0 whether or not a goal holds."""
    if options.name not in BENCHES:
        raise DomainError(
            "unknown_bench",
            "“{name}” is no measurement: expected one of {names}.",
            name=options.name,
            names=", ".join(BENCHES),
        )
    rest = list(options.options)
    as_json = options.json or "--json" in rest
    report = import_module(BENCHES[options.name]).run([word for word in rest if word != "--json"])
    if as_json:
        print_json(report)
        return 0
    for row in report["rows"]:
        print("  ".join(f"{name}={value}" for name, value in row.items()))
    for goal in report["goals"]:
        state = {True: "holds", False: "DOES NOT HOLD", None: "not measured"}[goal["holds"]]
        print(f"{goal['name']}: {goal['value']} (goal {goal['limit']}): {state}")
    return 0
