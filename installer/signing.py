"""Signs programs and packages of Windows, and the checksums of all.

Secrets come from the environment; without them nothing is signed, and that is said:

- `WINDOWS_CERTIFICATE` (PKCS #12, in Base64) and `WINDOWS_CERTIFICATE_PASSWORD`: Authenticode, by
  signtool of the Windows SDK;
- `GPG_PRIVATE_KEY` (ASCII armour, without passphrase): a detached signature of `SHA256SUMS`.

May import: the standard library.
"""

from __future__ import annotations

import base64
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

TIMESTAMPS: Final = "http://timestamp.digicert.com"
_KITS: Final = r"C:\Program Files (x86)\Windows Kits\10\bin"


def signtool(kits: Path = Path(_KITS)) -> Path:
    """Return the newest signtool of the Windows SDK.

    Raises:
        ValueError: there is none.
    """
    found = sorted(kits.glob("10.*/x64/signtool.exe"))
    if not found:
        raise ValueError(f"there is no signtool.exe below {kits}: install the Windows SDK")
    return found[-1]


def windows_command(
    tool: Path, certificate: Path, password: str, files: Iterable[Path]
) -> list[str]:
    """Return what signs files with SHA-256 and a time that outlasts the certificate."""
    how = ["/fd", "SHA256", "/tr", TIMESTAMPS, "/td", "SHA256"]
    which = ["/f", str(certificate), "/p", password]
    return [str(tool), "sign", *how, *which, *map(str, files)]


def sign_windows(files: list[Path], env: Mapping[str, str] = os.environ) -> bool:
    """Sign programs or packages; False, and said, where there is no certificate.

    Raises:
        ValueError: a file is not there, or there is no signtool.
    """
    if lacking := [str(path) for path in files if not path.is_file()]:
        raise ValueError(f"not there: {', '.join(lacking)}")
    if not env.get("WINDOWS_CERTIFICATE"):
        print("note: WINDOWS_CERTIFICATE is not set: nothing is signed", flush=True)
        return False
    tool = signtool()
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder) / "certificate.pfx"
        certificate.write_bytes(base64.b64decode(env["WINDOWS_CERTIFICATE"]))
        password = env.get("WINDOWS_CERTIFICATE_PASSWORD", "")
        subprocess.run(windows_command(tool, certificate, password, files), check=True)
    return True


def sign_checksums(sums: Path, env: Mapping[str, str] = os.environ) -> bool:
    """Write `SHA256SUMS.asc` beside the checksums; False, and said, where there is no key."""
    if not env.get("GPG_PRIVATE_KEY"):
        print("note: GPG_PRIVATE_KEY is not set: the checksums are not signed", flush=True)
        return False
    with tempfile.TemporaryDirectory() as folder:
        base = ["gpg", "--homedir", folder, "--batch", "--yes"]
        key = env["GPG_PRIVATE_KEY"].encode()
        subprocess.run([*base, "--import"], input=key, check=True)
        subprocess.run([*base, "--armor", "--detach-sign", str(sums)], check=True)
        subprocess.run([*base, "--verify", f"{sums}.asc", str(sums)], check=True)
        subprocess.run(["gpgconf", "--homedir", folder, "--kill", "all"], check=False)
    return True
