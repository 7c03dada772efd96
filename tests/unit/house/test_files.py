"""What is true of every file of the project."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.unit.house.rooms import PACKAGE, ROOT, rooms

LONGEST_FILE = 600  # lines; a longer one says "Long because" in its first comment or docstring
TEXT = {".py", ".js", ".mjs", ".ts", ".md", ".toml", ".json", ".yml", ".css", ".html", ".typ", ""}
# Folders of a machine, put together here so that this file does not contain them, and the home of
# whoever runs this. Invented homes (of "ana") are welcome in tests.
MACHINE = re.compile(
    "|".join(
        [
            "/wo" + r"rk/(main|shared|\.)",
            "/ro" + r"ot\b",
            re.escape(str(Path.home())) + r"\b",
        ]
    )
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@cache
def tracked() -> list[Path]:
    """Return the files in the index that exist."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [path for path in tracked() if path.suffix in {".py", ".js", ".mjs"}]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_knows_the_machine_it_was_written_on():
    found = [
        f"{relative(path)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        if path.suffix in TEXT
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
        )
        if MACHINE.search(line)
    ]
    assert found == []


def test_a_long_file_says_why():
    long = []
    for path in sources():
        lines = path.read_text(encoding="utf-8").splitlines()
        reason = any("Long because" in line for line in lines[:40])
        # Bundles and migrations are generated.
        generated = {"vendor", "versions"}.intersection(path.parts)
        if len(lines) > LONGEST_FILE and not reason and not generated:
            long.append(f"{relative(path)}: {len(lines)} lines")
    assert long == []


def packages() -> list[Path]:
    return sorted(PACKAGE.rglob("__init__.py"))


@pytest.mark.parametrize("path", packages(), ids=relative)
def test_every_package_says_why_it_exists(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert len(docstring.splitlines()[0]) > 10


def room_packages() -> list[Path]:
    return [
        path for path in packages() if path.parent.parent == PACKAGE and path.parent.name in rooms()
    ]


@pytest.mark.parametrize("path", room_packages(), ids=relative)
def test_every_room_says_what_it_may_import(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert "May import" in docstring


def public_methods(path: Path) -> Iterator[tuple[ast.ClassDef, ast.FunctionDef]]:
    for owner in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(owner, ast.ClassDef) and not owner.name.startswith("_"):
            for member in owner.body:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                    yield owner, member


def test_own_methods_of_the_desktop_are_described():
    """Ruff leaves D102 out there for Qt's overrides, which are camelCase; ours are not.

    An override of our own method is described where that is.
    """
    methods = [
        (path, owner, method)
        for path in sorted((PACKAGE / "desktop").rglob("*.py"))
        for owner, method in public_methods(path)
    ]
    described = {method.name for _, _, method in methods if ast.get_docstring(method)}
    silent = [
        f"{relative(path)}:{method.lineno}: {owner.name}.{method.name}"
        for path, owner, method in methods
        if ("_" in method.name or method.name.islower())
        and not ast.get_docstring(method)
        and not (owner.bases and method.name in described)
        and not is_qt_override(owner, method)
    ]
    assert silent == []


def is_qt_override(owner: ast.ClassDef, method: ast.FunctionDef) -> bool:
    """Tell whether Qt has a method of this (one-word) name in a base of the class."""
    from PySide6 import QtCore, QtGui, QtWidgets

    names = [b.attr if isinstance(b, ast.Attribute) else getattr(b, "id", "") for b in owner.bases]
    modules = (QtCore, QtGui, QtWidgets)
    bases = (getattr(module, name, None) for name in names for module in modules)
    return any(base is not None and hasattr(base, method.name) for base in bases)


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def test_links_between_documents_lead_somewhere():
    broken = []
    for path in documents():
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        targets = {unquote(target.split("#")[0]) for target in LINK.findall(text)}
        local = {t for t in targets if t and not re.match(r"[a-z]+:", t)}
        if "guide" in path.parts:
            local = {t for t in local if not t.startswith("pictures/")}  # made by its build
        broken += [f"{relative(path)}: {t}" for t in local if not (path.parent / t).exists()]
    assert broken == []


def test_commands_of_dev_py_named_in_documents_exist():
    import dev

    named = {
        (relative(path), command)
        for path in documents()
        for command in re.findall(r"python3? dev\.py ([a-z]+)", path.read_text(encoding="utf-8"))
    }
    assert {(path, command) for path, command in named if command not in dev.COMMANDS} == set()


def test_each_record_of_a_decision_has_a_number_of_its_own():
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    numbers = [path.name[:4] for path in records]
    assert len(set(numbers)) == len(numbers)
    for path in records:
        heading = path.read_text(encoding="utf-8").splitlines()[0]
        found = re.match(r"# (?:ADR )?0*([0-9]+)", heading)
        assert found, f"{path.name}: {heading}"
        assert int(found[1]) == int(path.name[:4]), f"{path.name}: {heading}"
