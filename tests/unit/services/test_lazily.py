"""What commands and queries offer is one list for a type checker and one for Python."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from projectdesk.services import commands, queries


@pytest.fixture(params=[commands, queries], ids=["commands", "queries"])
def package(request: pytest.FixtureRequest) -> ModuleType:
    found: ModuleType = request.param
    return found


def imported(package: ModuleType) -> dict[str, set[str]]:
    """Return the names that a type checker sees, by the module below `projectdesk`."""
    found: dict[str, set[str]] = {}
    tree = ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        assert node.module is not None
        place = node.module.removeprefix("projectdesk.")
        found.setdefault(place, set()).update(alias.name for alias in node.names)
    return found


def test_both_lists_say_the_same(package: ModuleType) -> None:
    assert {place: set(words.split()) for place, words in package.NAMES.items()} == imported(
        package
    )


def test_every_name_is_what_its_module_has_whoever_loaded_that_first(package: ModuleType) -> None:
    for place, words in package.NAMES.items():
        module = import_module(f"projectdesk.{place}")
        for name in words.split():
            assert getattr(package, name) is getattr(module, name), name
            assert not isinstance(getattr(package, name), ModuleType), name


def test_a_name_that_is_not_there_is_an_error(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = package.no_such_name


def test_importing_them_loads_none_of_them() -> None:
    said = "import sys; from projectdesk.services import commands, queries; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "projectdesk.services.commands" in loaded
    assert not {"sqlalchemy", "projectdesk.services.workspace"} & loaded
