"""Looks at the feed, at most once a day, and remembers what was seen and what a person wants.

The state is `updates.json` of the data folder: it is of this computer. A feed that does not hold
changes nothing of it but when it was asked for, and why it did not hold, which `doctor` tells.
"""

from __future__ import annotations

import http.client
import json
import logging
import platform
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from projectdesk import __version__
from projectdesk.errors import DomainError, EnvironmentFailure, ProjectDeskError, UnreadableFile
from projectdesk.folders import make_private, unusable, write_whole
from projectdesk.policy import policy
from projectdesk.updates import built
from projectdesk.updates.feed import MOST_BYTES, Feed, Package, document, read, read_document
from projectdesk.updates.feed import version_key as as_numbers

FILE: Final = "updates.json"
EVERY: Final = timedelta(days=1)
LATER: Final = timedelta(days=7)
"""How long "remind me later" is."""
PATIENCE_S: Final = 15.0
REDIRECTS: Final = 3
_log = logging.getLogger(__name__)
Fetch = Callable[[str], bytes]


@dataclass(frozen=True)
class Source:
    """Where the feed is and who signs it. address: "" = there is none."""

    address: str
    keys: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Tell whether there is a feed that can be believed."""
        return bool(self.address and self.keys)


@dataclass(frozen=True)
class State:
    """What is remembered.

    wanted: the person wants it looked for. checked_at: when it was last tried. sequence: of the
    newest feed that held, by the feed's address. document: that feed. document_of: its address,
    "" = not noted. problem: why the last try
    came to nothing, "" = it did not. skipped: the version that is not to be told of. quiet_until:
    before then nothing is told.
    """

    wanted: bool = True
    checked_at: datetime | None = None
    sequence: dict[str, int] = field(default_factory=dict)
    document: str = ""
    document_of: str = ""
    problem: str = ""
    skipped: str = ""
    quiet_until: datetime | None = None


@dataclass(frozen=True)
class Update:
    """A newer version.

    package: for this system, None = there is none. fits: the system is new enough for it.
    """

    feed: Feed
    package: Package | None
    fits: bool

    @property
    def link(self) -> str:
        """Where it is downloaded in the browser; "" = nobody says."""
        return self.package.url if self.package else self.feed.page


def source() -> Source:
    """Return the feed of this build, or the one that the policy names."""
    settled = policy()
    return Source(settled.update_feed or built.FEED, settled.update_keys or built.KEYS)


def is_wanted(state: State) -> bool:
    """Tell whether the feed is looked at by itself."""
    return state.wanted and policy().updates and source().known


def is_due(state: State, now: datetime) -> bool:
    """Tell whether it is time to look; a clock that was set back does not stop it for good."""
    at = state.checked_at
    return is_wanted(state) and (at is None or now - at >= EVERY or at > now)


# --- what is remembered ---------------------------------------------------------------------------


def load(data: Path) -> State:
    """Return what is remembered; what makes no sense counts as nothing."""
    try:
        kept = json.loads((data / FILE).read_text(encoding="utf-8"))
        return State(
            wanted=kept.get("wanted") is not False,
            checked_at=_instant(kept.get("checked_at")),
            sequence={str(k): int(v) for k, v in dict(kept.get("sequence") or {}).items()},
            document=str(kept.get("document") or ""),
            document_of=str(kept.get("document_of") or ""),
            problem=str(kept.get("problem") or ""),
            skipped=str(kept.get("skipped") or ""),
            quiet_until=_instant(kept.get("quiet_until")),
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return State()


def _instant(value: Any) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None


def save(data: Path, state: State) -> State:
    """Remember.

    Raises:
        EnvironmentFailure: the folder cannot be written.
    """
    make_private(data)
    kept = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(state).items()}
    try:
        write_whole(data / FILE, json.dumps(kept, indent=1))
    except OSError as error:
        raise unusable(data, error) from error
    return state


def want(data: Path, wanted: bool) -> State:
    """Switch looking for updates on or off.

    Raises:
        DomainError: `settled`; the policy switched it off.
    """
    if wanted and not policy().updates:
        raise DomainError(
            "settled", "Your organisation has settled that updates are not looked for."
        )
    return save(data, replace(load(data), wanted=wanted))


def skip(data: Path, version: str) -> State:
    """Say nothing more of a version."""
    return save(data, replace(load(data), skipped=version))


def remind_later(data: Path, now: datetime) -> State:
    """Say nothing for a week."""
    return save(data, replace(load(data), quiet_until=now + LATER))


# --- looking --------------------------------------------------------------------------------------


def check(data: Path, now: datetime, fetch: Fetch | None = None) -> Update | None:
    """Look at the feed now; return the newer version that it tells of, None = there is none.

    Args:
        data: the data folder.
        now: the clock.
        fetch: returns what lies at an address; by default it is asked of the network.

    Raises:
        EnvironmentFailure: `feed_unknown` (this build has none), `feed_unreachable`; the proxy's.
        UnreadableFile: those of `feed.read`; `feed_expired`, `feed_older`.
    """
    where = source()
    if not where.known:
        raise EnvironmentFailure(
            "feed_unknown",
            "This build of ProjectDesk names no feed of updates, so nothing was asked of anybody.",
        )
    state = load(data)
    try:
        feed = read((fetch or fetch_feed)(where.address), where.keys)
        _check_age(feed, state.sequence.get(where.address, -1), _last(state), now)
    except ProjectDeskError as error:
        _log.info("the feed of updates does not hold: %s", error.code)
        save(data, replace(state, checked_at=now, problem=error.text))
        raise
    seen = {**state.sequence, where.address: feed.sequence}
    save(
        data,
        replace(
            state,
            checked_at=now,
            sequence=seen,
            document=document(feed),
            document_of=where.address,
            problem="",
        ),
    )
    return newer(feed)


def _check_age(feed: Feed, seen: int, before: str, now: datetime) -> None:
    if feed.expires < now:
        raise UnreadableFile(
            "feed_expired",
            "The feed of updates ended on {day}: it is an old one, or this computer's clock is "
            "wrong. Nothing of it was used.",
            day=f"{feed.expires:%Y-%m-%d}",
        )
    changed = feed.sequence == seen and before and document(feed) != before
    if feed.sequence < seen or changed:
        raise UnreadableFile(
            "feed_older",
            "The feed of updates is older than one that was seen before. Nothing of it was used.",
        )


def told(data: Path, now: datetime) -> Update | None:
    """Return the newer version that a person is to be told of, from what was seen; None = none."""
    state = load(data)
    if not is_wanted(state) or (state.quiet_until is not None and now < state.quiet_until):
        return None
    found = seen(state)
    if found is None or not found.fits or found.feed.version == state.skipped:
        return None
    return found


def seen(state: State) -> Update | None:
    """Return the newer version that the last feed that held tells of."""
    last = _last(state)
    try:
        return newer(read_document(last)) if last else None
    except UnreadableFile:
        return None


def _last(state: State) -> str:
    """Return the last feed that held; "" = there was none at the address that counts now."""
    return state.document if state.document_of in {"", source().address} else ""


def newer(feed: Feed, version: str = __version__) -> Update | None:
    """Return what a feed offers, if it is newer than a version."""
    try:
        if as_numbers(feed.version) <= as_numbers(version):
            return None
    except ValueError:  # a developer's version: nothing is newer
        return None
    wanted = (system(), machine(), installed_kind())
    found = next((p for p in feed.packages if (p.system, p.machine, p.kind) == wanted), None)
    return Update(feed, found, found is None or _is_new_enough(found.minimum))


def _is_new_enough(minimum: str) -> bool:
    try:
        return not minimum or as_numbers(minimum) <= as_numbers(system_version())
    except ValueError:  # nobody knows: it is not kept from anybody
        return True


# --- this computer --------------------------------------------------------------------------------


def system() -> str:
    """Return this system as feeds name it."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def machine() -> str:
    """Return this kind of processor as feeds name it."""
    known = {"amd64": "x86_64", "x64": "x86_64", "aarch64": "arm64"}
    name = platform.machine().lower()
    return known.get(name, name)


def installed_kind() -> str:
    """Return the kind of package that this program was installed from; "" = from none."""
    if not getattr(sys, "frozen", False):
        return ""
    return {"windows": "msi", "macos": "dmg"}.get(system(), "deb")


def system_version() -> str:
    """Return the version of this system: Windows' and macOS' own, on Linux that of glibc."""
    if sys.platform == "darwin":
        return platform.mac_ver()[0]
    if sys.platform == "win32":
        return platform.version()
    return platform.libc_ver()[1]


# --- the network ----------------------------------------------------------------------------------


def fetch_feed(address: str) -> bytes:
    """Return what lies at the address of a feed: https only, redirects included; bounded.

    Raises:
        EnvironmentFailure: `feed_unreachable`, or the proxy's.
    """
    from projectdesk.proxies.web import open_request

    deadline = time.monotonic() + PATIENCE_S
    here = address
    try:
        for _ in range(REDIRECTS + 1):
            if not here.startswith("https://"):
                raise _unreachable("it sends on to an address without encryption")
            # Nothing of this computer or its person: not even which version asks.
            request = urllib.request.Request(here, headers={"User-Agent": "ProjectDesk"})  # noqa: S310
            try:
                with open_request(request, timeout=PATIENCE_S, redirects=False) as answer:
                    return _read_bounded(answer, deadline)
            except urllib.error.HTTPError as error:
                with error:
                    target = error.headers.get("Location", "")
                    if error.code not in {301, 302, 303, 307, 308} or not target:
                        raise _unreachable(f"HTTP {error.code}") from None
                    here = urllib.parse.urljoin(here, target)
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = str(getattr(error, "reason", error)) or type(error).__name__
        raise _unreachable(reason) from error
    raise _unreachable("it sends on in circles")


def _read_bounded(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    content = b""
    while piece := answer.read1(16_384):
        content += piece
        if len(content) > MOST_BYTES:
            raise _unreachable("it is larger than 256 KB")
        if time.monotonic() > deadline:
            raise TimeoutError("it takes too long")
    return content


def _unreachable(reason: str) -> EnvironmentFailure:
    return EnvironmentFailure(
        "feed_unreachable",
        "The feed of updates cannot be read now ({reason}). It is tried again tomorrow.",
        reason=reason.rstrip("."),
    )
