"""The rooms of the house, as pyproject.toml layers them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "src" / "projectdesk"


def contracts() -> dict[str, dict[str, Any]]:
    """Return the import contracts by their id."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {c["id"]: c for c in project["tool"]["importlinter"]["contracts"]}


def composition() -> set[str]:
    """Return what lies above the rooms: it may import all, and no room imports it."""
    above: set[str] = {"__init__"}
    for layer in contracts()["rooms"]["layers"]:
        names = set(re.findall(r"\w+", layer))
        if "desktop" in names:
            return above
        above |= names
    raise AssertionError("no layer holds the desktop")


def rooms() -> set[str]:
    """Return the names of all rooms there are, modules and packages alike."""
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return (modules | packages) - composition()
