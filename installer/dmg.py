"""The macOS package: an app that is signed and notarised where secrets are given, in a disk image.

Secrets come from the environment, never from a file of the project:

- `APPLE_SIGNING_IDENTITY`: of a Developer ID Application certificate in the keychain;
- `APPLE_ID`, `APPLE_TEAM_ID`, `APPLE_APP_PASSWORD`: for the notary.

Without the first the app is signed ad hoc, which only the computer that made it trusts.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ENTITLEMENTS: Final = Path(__file__).parent / "macos" / "entitlements.plist"
_NESTED: Final = ("*.dylib", "*.so")
_HELPER: Final = "QtWebEngineProcess.app"


def commands(app: Path, image: Path, env: Mapping[str, str]) -> list[list[str]]:
    """Return what is run to sign an app, make an image of it and have it notarised.

    Libraries first, then the helper of QtWebEngine, then the app around them: a signature covers
    what lies within.

    Args:
        app: the bundle.
        image: the disk image that is made.
        env: where the secrets are.
    """
    identity = env.get("APPLE_SIGNING_IDENTITY", "-")
    sign = ["codesign", "--force", "--options", "runtime", "--sign", identity]
    if identity != "-":
        sign.append("--timestamp")
    nested = sorted({str(path) for pattern in _NESTED for path in app.rglob(pattern)})
    helpers = sorted(str(path) for path in app.rglob(_HELPER))
    with_rights = [*sign, "--entitlements", str(ENTITLEMENTS)]
    steps = [[*sign, path] for path in nested]
    steps += [[*with_rights, path] for path in (*helpers, str(app))]
    steps.append(["codesign", "--verify", "--deep", "--strict", str(app)])
    made = ["hdiutil", "create", "-volname", "ProjectDesk", "-srcfolder", str(app), "-ov"]
    steps.append([*made, "-format", "UDZO", str(image)])
    if identity != "-":
        steps.append([*sign, str(image)])
    notary = [env.get(name, "") for name in ("APPLE_ID", "APPLE_TEAM_ID", "APPLE_APP_PASSWORD")]
    if identity != "-" and all(notary):
        who, team, password = notary
        login = ["--apple-id", who, "--team-id", team, "--password", password]
        steps.append(["xcrun", "notarytool", "submit", str(image), *login, "--wait"])
        steps.append(["xcrun", "stapler", "staple", str(image)])
    return steps


def make(app: Path, out: Path, version: str) -> Path:
    """Sign and pack an app.

    Raises:
        ValueError: this is no macOS, or there is no app.
    """
    if platform.system() != "Darwin":
        raise ValueError("an app is signed and packed on macOS only")
    if not app.is_dir():
        raise ValueError(f"there is no {app}: make the bundle first")
    out.mkdir(parents=True, exist_ok=True)
    image = out / f"ProjectDesk-{version}.dmg"
    _run_all(commands(app, image, os.environ))
    return image


def _run_all(steps: Sequence[Sequence[str]]) -> None:
    for step in steps:
        print("---", *step[:2], flush=True)  # never the whole: it may hold a password
        subprocess.run(step, check=True)
