"""The macOS packages: a signed app in a disk image for people and a package for management tools.

Secrets come from the environment, never from a file of the project:

- `APPLE_CERTIFICATES`, `APPLE_CERTIFICATES_PASSWORD`: certificates with their keys (PKCS #12, in
  Base64), put into a keychain of their own; not wanted where the keychain has them;
- `APPLE_SIGNING_IDENTITY`: of a Developer ID Application certificate;
- `APPLE_INSTALLER_IDENTITY`: of a Developer ID Installer certificate;
- `APPLE_ID`, `APPLE_TEAM_ID`, `APPLE_APP_PASSWORD`: for the notary.

Without the second the app is signed ad hoc, which only the computer that made it trusts; without
the third the package is not signed; without the last ones nothing is notarised. What is missing is
said. `--dry-run` prints the commands on any system and runs none.
"""

from __future__ import annotations

import base64
import os
import platform
import plistlib
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "macos"
ENTITLEMENTS: Final = FOLDER / "entitlements.plist"
HELPER_ENTITLEMENTS: Final = FOLDER / "helper.plist"
PROGRAMS: Final = ("projectdesk", "projectdesk-desktop")
NOTARY: Final = ("APPLE_ID", "APPLE_TEAM_ID", "APPLE_APP_PASSWORD")
SECRET: Final = ("APPLE_APP_PASSWORD", "APPLE_CERTIFICATES_PASSWORD")
KEYCHAIN: Final = "projectdesk-build.keychain-db"
_CODE: Final = (".dylib", ".so")
_BUNDLES: Final = (".framework", ".app")
_AD_HOC: Final = "-"


def info(version: str) -> dict[str, object]:
    """Return the app's `Info.plist` as far as it is ours.

    Its program is the windowed one: PyInstaller would take the first, which is for consoles, and
    with it an app that shows no window (`LSBackgroundOnly`).
    """
    told: dict[str, object] = plistlib.loads((FOLDER / "Info.plist").read_bytes())
    return told | {
        "CFBundleExecutable": PROGRAMS[1],
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "LSBackgroundOnly": False,
    }


def parts(app: Path) -> Iterator[Path]:
    """Yield what is signed, inside out: a signature covers what lies within.

    Libraries and programs come first, the deepest first; a bundle (framework, helper) comes after
    all that is in it, and the app last. Links are not signed: what they lead to is.
    """
    found = [path for path in app.rglob("*") if not path.is_symlink() and _is_code(app, path)]
    yield from sorted(found, key=lambda path: (-len(path.parts), str(path)))
    yield app


def _is_code(app: Path, path: Path) -> bool:
    if path.is_dir():
        return path.suffix in _BUNDLES
    main = path.parent == app / "Contents" / "MacOS"
    framework = any(each.suffix == ".framework" for each in path.parents)
    binary = framework and not path.suffix and path.stat().st_size > 0 and _is_macho(path)
    return path.suffix in _CODE or main or binary


def _is_macho(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in {b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"}


def entitlements(app: Path, path: Path) -> Path | None:
    """Return what a part is allowed: programs and Chromium's helper much, others nothing."""
    if path == app or path.parent == app / "Contents" / "MacOS":
        return ENTITLEMENTS
    helper = path.name == "QtWebEngineProcess.app" or path.name == "QtWebEngineProcess"
    return HELPER_ENTITLEMENTS if helper else None


def keychain(certificates: Path, env: Mapping[str, str]) -> list[list[str]]:
    """Return what puts certificates into a keychain that exists for this build only."""
    password = env.get("APPLE_CERTIFICATES_PASSWORD", "")
    partition = ["security", "set-key-partition-list", "-S", "apple-tool:,apple:,codesign:"]
    return [
        ["security", "create-keychain", "-p", "", KEYCHAIN],
        ["security", "set-keychain-settings", "-lut", "7200", KEYCHAIN],
        ["security", "unlock-keychain", "-p", "", KEYCHAIN],
        [
            *("security", "import", str(certificates), "-k", KEYCHAIN, "-P", password),
            *("-T", "/usr/bin/codesign", "-T", "/usr/bin/productbuild"),
        ],
        [*partition, "-s", "-k", "", KEYCHAIN],
        ["security", "list-keychains", "-d", "user", "-s", KEYCHAIN, "login.keychain-db"],
    ]


def commands(app: Path, out: Path, version: str, env: Mapping[str, str]) -> list[list[str]]:
    """Return what is run to sign an app, pack it and have it notarised.

    Args:
        app: the bundle.
        out: where the disk image and the package go.
        version: of the product.
        env: where the secrets are.
    """
    identity = env.get("APPLE_SIGNING_IDENTITY") or _AD_HOC
    sign = ["codesign", "--force", "--options", "runtime", "--sign", identity]
    sign += ["--timestamp"] if identity != _AD_HOC else []
    steps = []
    for path in parts(app):
        allowed = entitlements(app, path)
        rights = ["--entitlements", str(allowed)] if allowed else []
        steps.append([*sign, *rights, str(path)])
    steps.append(["codesign", "--verify", "--deep", "--strict", str(app)])
    image, package = out / f"ProjectDesk-{version}.dmg", out / f"ProjectDesk-{version}.pkg"
    made = ["hdiutil", "create", "-volname", "ProjectDesk", "-srcfolder", str(app), "-ov"]
    steps.append([*made, "-format", "UDZO", str(image)])
    if identity != _AD_HOC:
        steps.append([*sign, str(image)])
    installer = env.get("APPLE_INSTALLER_IDENTITY")
    signed = ["--sign", installer] if installer else []
    place = ["--component", str(app), "/Applications"]
    steps.append(["productbuild", *place, *signed, str(package)])
    if identity != _AD_HOC and all(env.get(name) for name in NOTARY):
        steps += _notarise(image, env)
        steps += _notarise(package, env) if installer else []
    return steps


def _notarise(package: Path, env: Mapping[str, str]) -> list[list[str]]:
    who, team, password = (env[name] for name in NOTARY)
    login = ["--apple-id", who, "--team-id", team, "--password", password]
    return [
        ["xcrun", "notarytool", "submit", str(package), *login, "--wait"],
        ["xcrun", "stapler", "staple", str(package)],
    ]


def missing(env: Mapping[str, str]) -> list[str]:
    """Return in words what is left undone because secrets are not given."""
    said = []
    if not env.get("APPLE_SIGNING_IDENTITY"):
        said.append("APPLE_SIGNING_IDENTITY is not set: the app is signed ad hoc")
    if not env.get("APPLE_INSTALLER_IDENTITY"):
        said.append("APPLE_INSTALLER_IDENTITY is not set: the package is not signed")
    if without := [name for name in NOTARY if not env.get(name)]:
        said.append(f"{', '.join(without)} not set: nothing is notarised")
    return said


def shown(step: Sequence[str], env: Mapping[str, str]) -> str:
    """Return a command as it may be printed: without a password."""
    hidden = {env[name]: f"${name}" for name in SECRET if env.get(name)}
    return subprocess.list2cmdline([hidden.get(word, word) for word in step])


def make(app: Path, out: Path, version: str, *, dry: bool = False) -> Path:
    """Sign and pack an app; a dry run only prints how.

    Raises:
        ValueError: this is no macOS, or there is no app.
    """
    if not dry and platform.system() != "Darwin":
        raise ValueError("an app is signed and packed on macOS only; --dry-run prints how")
    if not app.is_dir():
        raise ValueError(f"there is no {app}: make the bundle first")
    out.mkdir(parents=True, exist_ok=True)
    env = os.environ
    for said in missing(env):
        print(f"note: {said}", flush=True)
    certificates = out.parent / "certificates.p12"
    steps = keychain(certificates, env) if env.get("APPLE_CERTIFICATES") else []
    steps += commands(app, out, version, env)
    try:
        if steps[0][0] == "security" and not dry:
            certificates.write_bytes(base64.b64decode(env["APPLE_CERTIFICATES"]))
        for step in steps:
            print("---", shown(step, env), flush=True)
            if not dry:
                subprocess.run(step, check=True)
    finally:
        certificates.unlink(missing_ok=True)
    return out / f"ProjectDesk-{version}.dmg"
