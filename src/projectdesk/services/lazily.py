"""Packages whose names load when they are first asked for (docs/adr/0065).

What a package offers is one list for a type checker, which reads imports, and one for Python; a
test compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


class _Lazily(ModuleType):
    """A package that knows which module has each of its names."""

    _places: Mapping[str, str]

    def __getattr__(self, name: str) -> Any:
        module = self._places.get(name)
        if module is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"projectdesk.{module}"), name)
        setattr(self, name, found)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        # Python binds a submodule to its package; `undo` is the command, not its module.
        if not (isinstance(value, ModuleType) and name in self._places):
            super().__setattr__(name, value)


def lazily(package: str, names: Mapping[str, str]) -> None:
    """Let the names of a package load when they are first asked for (PEP 562).

    Args:
        package: its `__name__`.
        names: parted by blanks, by the module below `projectdesk` that has them.
    """
    module = sys.modules[package]
    places = {name: place for place, words in names.items() for name in words.split()}
    vars(module)["_places"] = places
    module.__class__ = _Lazily


def load_all(names: Mapping[str, str]) -> None:
    """Load what was not asked for yet, so that nobody waits for it later."""
    for place in names:
        import_module(f"projectdesk.{place}")
