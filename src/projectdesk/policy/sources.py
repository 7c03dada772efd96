r"""Where a policy is read: one place for each system, which only an administrator can write.

- Windows: `HKEY_LOCAL_MACHINE\SOFTWARE\Policies\ProjectDesk`, a value for each key; a list is a
  REG_MULTI_SZ, or a text with commas (what ADMX templates write).
- macOS: `/Library/Managed Preferences/org.projectdesk.ProjectDesk.plist`, which profiles fill.
- Linux: `/etc/projectdesk/policy.json`, an object of the keys.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from projectdesk.errors import DomainError
from projectdesk.policy.keys import KEYS, Policy

REGISTRY: Final = r"SOFTWARE\Policies\ProjectDesk"
PROFILE: Final = Path("/Library/Managed Preferences/org.projectdesk.ProjectDesk.plist")
FILE: Final = Path("/etc/projectdesk/policy.json")
MAX_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class Problem:
    """What of a policy does not hold. key: "" = the whole place cannot be read."""

    key: str
    text: str


@dataclass(frozen=True)
class Managed:
    """A policy as it was read. place: from where, "" = there is none.

    given: by key, what stands there as it is used; a key that could not be read is in `problems`.
    """

    policy: Policy
    place: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def settles(self, name: str) -> bool:
        """Tell whether a field of `Policy` is settled, also where it could not be read."""
        named = {key.name for key in KEYS.values() if key.sets == name}
        return bool(named & (set(self.given) | {each.key for each in self.problems}))


@lru_cache(maxsize=1)
def managed() -> Managed:
    """Return the policy of this computer; read once."""
    place, values, problem = _read_system()
    return judge(place, values, problem)


def judge(place: str, values: Mapping[str, Any], problem: str = "") -> Managed:
    """Return what values of a place settle.

    Args:
        place: where they stand; "" = there is none.
        values: by name.
        problem: why the place could not be read; then every restriction holds.
    """
    settled: dict[str, Any] = {}
    given: dict[str, Any] = {}
    problems: list[Problem] = []
    if problem:
        problems.append(Problem("", problem))
        settled = {key.sets: key.strictest for key in KEYS.values()}
    for name, value in sorted(values.items()):
        key = KEYS.get(name)
        if key is None:
            problems.append(Problem(name, "this version does not know it"))
            continue
        try:
            settled[key.sets] = given[name] = key.read(value)
        except DomainError as error:
            settled[key.sets] = key.strictest
            problems.append(Problem(name, error.text))
    return Managed(Policy(**settled), place, given, tuple(problems))


def _read_system() -> tuple[str, Mapping[str, Any], str]:
    if sys.platform == "win32":
        return _read_registry()
    if sys.platform == "darwin":
        return read_profile(PROFILE)
    return read_file(FILE)


def read_file(path: Path) -> tuple[str, Mapping[str, Any], str]:
    """Return place, values and problem of a JSON file; a file that is not there settles nothing."""
    return _read_object(path, json.loads)


def read_profile(path: Path) -> tuple[str, Mapping[str, Any], str]:
    """Return place, values and problem of a property list, as `read_file` does."""
    import plistlib
    from xml.parsers.expat import ExpatError

    def parse(content: bytes) -> object:
        try:
            return plistlib.loads(content)
        except (plistlib.InvalidFileException, ExpatError) as error:
            raise ValueError(str(error) or "no property list") from error

    return _read_object(path, parse)


def _read_object(
    path: Path, parse: Callable[[bytes], object]
) -> tuple[str, Mapping[str, Any], str]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "", {}, ""
    except OSError as error:
        return str(path), {}, f"it cannot be read ({error.strerror or error})"
    if len(content) > MAX_BYTES:
        return str(path), {}, "it is larger than 1 MB"
    try:
        found = parse(content)
    except (ValueError, RecursionError) as error:
        return str(path), {}, f"it cannot be read ({error})"
    if not isinstance(found, dict):
        return str(path), {}, "expected an object of keys and values"
    return str(path), {str(name): value for name, value in found.items()}, ""


def _read_registry() -> tuple[str, Mapping[str, Any], str]:
    if sys.platform == "win32":
        import winreg

        place = rf"HKEY_LOCAL_MACHINE\{REGISTRY}"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, REGISTRY) as folder:
                count = winreg.QueryInfoKey(folder)[1]
                named = [winreg.EnumValue(folder, number)[:2] for number in range(count)]
        except FileNotFoundError:
            return "", {}, ""
        except OSError as error:
            return place, {}, f"it cannot be read ({error})"
        return place, {name: value for name, value in named if name}, ""
    return "", {}, ""
