"""The import contracts of pyproject.toml hold, and no room slipped out of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.house.rooms import PACKAGE, ROOT, contracts, rooms

# Who may use a library, of the rooms below the composition.
OWNERS = {
    "qt": {"desktop"},
    "asyncio": {"host", "media"},
    "aiortc": set(),
    "sql": {"store", "services"},
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_import_is_allowed():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("contract", sorted(OWNERS))
def test_a_library_is_forbidden_to_every_room_that_does_not_own_it(contract):
    watched = {
        name.removeprefix("projectdesk.") for name in contracts()[contract]["source_modules"]
    }
    assert watched == rooms() - OWNERS[contract]


@pytest.mark.full
@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("domain", "import projectdesk.store", "Rooms are layered"),
        ("exchange", "import projectdesk.mail", "Rooms are layered"),
        ("desktop", "import projectdesk.store", "The desktop reaches data"),
        ("host", "import projectdesk.services", "The host knows the room"),
        ("services", "import PySide6", "Qt lives in the desktop"),
        ("desktop", "import asyncio", "Event loops live"),
        ("host", "import aiortc", "ICE, DTLS and SRTP"),
        ("desktop", "import sqlalchemy", "SQL lives"),
        ("room", "import projectdesk.domain", "The room knows the wire"),
        ("room", "import projectdesk.services", "Rooms are layered"),
        ("attic", "", "Rooms are layered"),
    ],
)
def test_a_forbidden_import_is_caught(tmp_path, room, line, contract):
    package = tmp_path / "projectdesk"
    for path in [*PACKAGE.rglob("*.py"), PACKAGE / room / "__init__.py"]:
        empty = package / path.relative_to(PACKAGE)
        empty.parent.mkdir(parents=True, exist_ok=True)
        empty.touch()
    (package / room / "culprit.py").write_text(line, encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); "
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    broken = [row for row in done.stdout.splitlines() if row.endswith("BROKEN")]
    assert done.returncode == 1
    assert any(row.startswith(contract) for row in broken), done.stdout + done.stderr
