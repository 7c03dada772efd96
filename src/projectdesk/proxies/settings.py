"""Which proxy is wanted: what the person chose for this computer, under what the policy settles."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from projectdesk.errors import DomainError
from projectdesk.folders import make_private, unusable, write_whole
from projectdesk.policy import managed
from projectdesk.proxies.routes import checked_exception, proxy_of

FILE: Final = "network.json"
"""In the data folder: it is of this computer, and needed before a team's database is reached."""


class Mode(StrEnum):
    """How proxies are found. BLOCKED: only by a policy that cannot be read."""

    SYSTEM = "system"
    NONE = "none"
    PAC = "pac"
    MANUAL = "manual"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class ProxySettings:
    """What is chosen.

    address: of the proxy, for MANUAL. script: address of the PAC file. exceptions: hosts that are
    reached directly, for MANUAL. direct: go directly while the PAC file cannot be fetched.
    """

    mode: Mode = Mode.SYSTEM
    address: str = ""
    script: str = ""
    exceptions: tuple[str, ...] = ()
    direct: bool = False


def load(data: Path) -> ProxySettings:
    """Return what the person chose on this computer; the system's where a file says nonsense."""
    try:
        kept = json.loads((data / FILE).read_text(encoding="utf-8"))
        return checked(_of_object(kept))
    except (OSError, ValueError, DomainError):
        return ProxySettings()


def _of_object(kept: object) -> ProxySettings:
    if not isinstance(kept, dict) or not isinstance(kept.get("exceptions", []), list):
        raise ValueError("no settings")
    return ProxySettings(
        Mode(str(kept.get("mode"))),
        address=str(kept.get("address", "")),
        script=str(kept.get("script", "")),
        exceptions=tuple(str(entry) for entry in kept.get("exceptions", [])),
    )


def save(data: Path, chosen: ProxySettings) -> ProxySettings:
    """Keep what the person chose; return it as it is kept.

    Raises:
        DomainError: something does not hold (`field`), or the policy settles it.
        EnvironmentFailure: the folder cannot be written.
    """
    if is_settled():
        raise DomainError(
            "settled",
            "Your organisation has settled how this computer reaches the network ({place}).",
            place=managed().place,
            field="mode",
        )
    clean = replace(checked(chosen), direct=False)
    make_private(data)
    try:
        write_whole(data / FILE, json.dumps(asdict(clean), indent=1))
    except OSError as error:
        raise unusable(data, error) from error
    return clean


def checked(chosen: ProxySettings) -> ProxySettings:
    """Return what was chosen, trimmed and complete.

    Raises:
        DomainError: `bad_proxy`, `bad_script`, `bad_exception`; fact `field`.
    """
    address, script = chosen.address.strip(), chosen.script.strip()
    if chosen.mode is Mode.BLOCKED:
        raise DomainError("bad_mode", "Nobody chooses that.", field="mode")
    if chosen.mode is Mode.MANUAL or address:
        address = str(proxy_of(address))
    if chosen.mode is Mode.PAC or script:
        script = script_address(script)
    exceptions = tuple(dict.fromkeys(checked_exception(entry) for entry in chosen.exceptions))
    return replace(chosen, address=address, script=script, exceptions=exceptions)


def script_address(text: str) -> str:
    """Return the address of a PAC file.

    Raises:
        DomainError: `bad_script` (field `script`).
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        usable = usable and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable or not address.isprintable() or " " in address:
        raise DomainError(
            "bad_script",
            "“{text}” is no address of a PAC file: expected one like "
            "https://proxy.example.org/proxy.pac.",
            text=address[:80],
            field="script",
        )
    return address


def is_settled() -> bool:
    """Tell whether the policy settles how proxies are found, also where it cannot be read."""
    found = managed()
    return found.settles("proxy_mode") or any(not each.key for each in found.problems)


def in_force(chosen: ProxySettings) -> ProxySettings:
    """Return what counts: what the policy settles, else what was chosen."""
    if not is_settled():
        return chosen
    policy = managed().policy
    return ProxySettings(
        Mode(policy.proxy_mode),
        policy.proxy_address,
        policy.proxy_script,
        policy.proxy_exceptions,
        policy.proxy_direct,
    )
