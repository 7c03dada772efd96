"""Commands on the policy of a computer: show it, write the templates of administrators' tools."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from projectdesk.commandline.printing import print_json, print_table
from projectdesk.errors import EnvironmentFailure
from projectdesk.policy import managed
from projectdesk.policy.keys import KEYS


def show(options: argparse.Namespace) -> int:
    """`projectdesk policy show [--json]`; 1 where something of it does not hold."""
    found = managed()
    problems = {each.key: each.text for each in found.problems}
    if options.json:
        print_json(
            {
                "place": found.place,
                "settled": {name: _plain(value) for name, value in found.given.items()},
                "problems": problems,
                "inForce": {
                    key.name: _plain(getattr(found.policy, key.sets)) for key in KEYS.values()
                },
            }
        )
        return int(bool(problems))
    print(f"Policy: {found.place}" if found.place else "No policy is set on this computer.")
    for name, text in problems.items():
        print(f"{name or 'The policy'}: {text}. Until that is mended, it restricts all it can.")
    print_table(
        (
            (
                key.name,
                _words(getattr(found.policy, key.sets)),
                "yes" if found.settles(key.sets) else "",
                key.title,
            )
            for key in KEYS.values()
        ),
        ("Key", "In force", "Settled", "Meaning"),
    )
    return int(bool(problems))


def files(options: argparse.Namespace) -> int:
    """`projectdesk policy files --out DIR`: templates for Windows, macOS and Linux."""
    from projectdesk.policy.templates import templates

    out: Path = options.out
    written = []
    try:
        for name, content in templates().items():
            path = out.joinpath(*name.split("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(str(path))
    except OSError as error:
        raise EnvironmentFailure(
            "not_written",
            "{file} could not be written ({reason}).",
            file=str(out),
            reason=error.strerror or str(error),
        ) from error
    if options.json:
        print_json({"files": written})
    else:
        print("\n".join(written))
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)
