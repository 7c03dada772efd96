"""`projectdesk doctor`: is everything here that the product needs, and what to do if not.

Each check says what it looked at. Nothing is changed but a file that is written and removed again
in the data folder. Composition: may import all.
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path

from projectdesk import __version__, resources
from projectdesk.errors import EnvironmentFailure

_ENOUGH_BYTES = 500_000_000
_OLDEST_SQLITE = (3, 37)


@dataclass(frozen=True)
class Check:
    """One finding. needed: the product does not work without it."""

    name: str
    ok: bool
    text: str
    needed: bool = True


def examine(data: Path) -> list[Check]:
    """Run every check and return what was found; never raises."""
    return [
        _guarded(check.__name__.removeprefix("_").replace("_", " "), check, data)
        for check in CHECKS
    ]


def _guarded(name: str, check: Callable[[Path], Check], data: Path) -> Check:
    try:
        return check(data)
    except Exception as error:
        return Check(name, ok=False, text=f"{type(error).__name__}: {error}")


def _program(data: Path) -> Check:
    return Check(
        "program",
        ok=sys.version_info >= (3, 11),
        text=f"ProjectDesk {__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()} {platform.machine()}",
    )


def _resources(data: Path) -> Check:
    wanted = ["web/call.html", "web/desk.html", "templates/documents/document.typ"]
    missing = [name for name in wanted if not resources.path(*name.split("/")).is_file()]
    return Check(
        "resources",
        ok=not missing,
        text=f"missing: {', '.join(missing)}; install again" if missing else str(resources.root()),
    )


def _data_folder(data: Path) -> Check:
    from projectdesk.folders.location import check_folder

    check_folder(data)
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=data, prefix=".doctor-") as file:
        file.write(b"x")
    free = shutil.disk_usage(data).free
    return Check(
        "data folder",
        ok=free > _ENOUGH_BYTES,
        text=f"{data}, {free / 1e9:.1f} GB free (0.5 GB wanted)",
    )


def _database(data: Path) -> Check:
    version = sqlite3.sqlite_version_info
    return Check("SQLite", ok=version >= _OLDEST_SQLITE, text=f"{sqlite3.sqlite_version}")


def _policy(data: Path) -> Check:
    from projectdesk.policy import managed

    found = managed()
    if not found.place:
        return Check("policy", ok=True, text="none on this computer", needed=False)
    wrong = "; ".join(f"{each.key or 'it'}: {each.text}" for each in found.problems)
    text = f"{found.place}: {', '.join(found.given) or 'nothing'} settled"
    return Check("policy", ok=not wrong, text=wrong or text, needed=False)


def _mail(data: Path) -> Check:
    from projectdesk.proxies.trial import try_way
    from projectdesk.services import mail_accounts

    account = mail_accounts.account(data)
    if account is None:
        text = "no mail account: invitations are saved as files, or go by your mail program"
        return Check("mail", ok=True, text=text, needed=False)
    server = account.smtp
    try:
        way = try_way(server.host, server.port)
    except (OSError, EnvironmentFailure) as error:
        why = f"{server.host}:{server.port} does not answer ({error}); see Settings, Mail"
        return Check("mail", ok=False, text=why, needed=False)
    text = f"{server.host}:{server.port} answers, {way}"
    return Check("mail", ok=True, text=text, needed=False)


def _proxy(data: Path) -> Check:
    """Say how proxies are found; where one is named, whether something answers there."""
    import socket

    from projectdesk import proxies
    from projectdesk.proxies.settings import is_settled

    settings = proxies.current().settings
    by = " (set by your organisation)" if is_settled() else ""
    match settings.mode:
        case proxies.Mode.MANUAL:
            proxy = proxies.proxy_of(settings.address)
            try:
                socket.create_connection((proxy.host, proxy.port), timeout=5).close()
            except OSError as error:
                reason = error.strerror or str(error)
                why = f"{proxy} does not answer ({reason}){by}; see Settings, Network"
                return Check("proxy", ok=False, text=why, needed=False)
            return Check("proxy", ok=True, text=f"{proxy} answers{by}", needed=False)
        case proxies.Mode.PAC:
            try:
                proxies.current().routes("www.example.org", 443)
            except EnvironmentFailure as error:
                return Check("proxy", ok=False, text=error.text, needed=False)
            return Check("proxy", ok=True, text=f"by {settings.script}{by}", needed=False)
        case proxies.Mode.BLOCKED:
            text = "what your organisation has settled cannot be read; see `policy show`"
            return Check("proxy", ok=False, text=text, needed=False)
        case proxies.Mode.NONE:
            return Check("proxy", ok=True, text=f"none is taken{by}", needed=False)
        case _:
            way = proxies.current().routes("www.example.org", 443)[0]
            return Check("proxy", ok=True, text=f"as the system is set: {way}{by}", needed=False)


def _updates(data: Path) -> Check:
    """Say whether a newer version is known, and what was wrong with the feed; nobody is asked."""
    from projectdesk.policy import policy
    from projectdesk.updates import checking

    state = checking.load(data)
    if not policy().updates:
        return Check("updates", ok=True, text="switched off by your organisation", needed=False)
    if not checking.source().known:
        return Check("updates", ok=True, text="this build names no feed", needed=False)
    if state.problem:
        return Check("updates", ok=False, text=state.problem, needed=False)
    found = checking.seen(state)
    text = f"{found.feed.version} is there: {found.link}" if found else "nothing newer is known"
    off = "" if state.wanted else "; looking for them is switched off"
    return Check("updates", ok=True, text=text + off, needed=False)


def _keyring(data: Path) -> Check:
    import keyring

    backend = keyring.get_keyring()
    usable = float(getattr(backend, "priority", 0)) >= 1
    return Check(
        "keyring",
        ok=usable,
        text=f"{backend.name}"
        if usable
        else "no keyring of the system: a passphrase is asked for at each start "
        "(or set PROJECTDESK_PASSPHRASE)",
        needed=False,
    )


def _qt(data: Path) -> Check:
    return _probed("Qt", "qt", "the desktop cannot start")


def _web_engine(data: Path) -> Check:
    otherwise = "the call opens in the default browser instead"
    return _probed("QtWebEngine", "web-engine", otherwise, needed=False)


def _probed(name: str, probe: str, otherwise: str, *, needed: bool = True) -> Check:
    """Load a part in a process of its own, as it may end the process."""
    from projectdesk.desktop.runtime.host_process import program

    made = subprocess.run(
        [*program(), "probe", probe], capture_output=True, text=True, timeout=60, check=False
    )
    if made.returncode == 0:
        return Check(name, ok=True, text=made.stdout.strip(), needed=needed)
    reason = (made.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    return Check(name, ok=False, text=f"{reason}; {otherwise}", needed=needed)


def _media(data: Path) -> Check:
    return _probed("media", "media", "calls cannot be hosted on this computer")


def _documents(data: Path) -> Check:
    from datetime import UTC, datetime

    from projectdesk.exchange.documents import outline, pdf

    page = outline.Outline("Check", "Check", "Check", (outline.Remark("A line."),))
    made, _ = pdf.render(page, author="", now=datetime.now(UTC))
    return Check(
        "documents", ok=made.startswith(b"%PDF"), text=f"Typst {metadata.version('typst')}"
    )


def _time_zones(data: Path) -> Check:
    from projectdesk.domain.rules.zoned_time import tzdata_version, zone_of

    zone_of("Europe/Copenhagen")
    return Check("time zones", ok=True, text=f"tzdata {tzdata_version()}")


def _browser(data: Path) -> Check:
    found = next(
        (
            path
            for name in ("chromium", "chromium-browser", "google-chrome", "firefox")
            if (path := shutil.which(name))
        ),
        None,
    )
    if found is None and sys.platform in {"win32", "darwin"}:
        return Check("browser", ok=True, text="the system's default browser", needed=False)
    text = (
        found or "none found: guests use their own, the demo falls back to participants of its own"
    )
    return Check("browser", ok=found is not None, text=text, needed=False)


def _relay(data: Path) -> Check:
    found = shutil.which("turnserver")
    text = found or "not installed: `serve --turn` needs it; relays of your own go by --turn-url"
    return Check("coturn", ok=found is not None, text=text, needed=False)


def _loopback(data: Path) -> Check:
    import socket

    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as sock:
            sock.bind(("127.0.0.1", 0))
    return Check("network", ok=True, text=f"TCP and UDP on loopback, {os.cpu_count()} cores")


def probe(name: str) -> str:
    """Load one part and return what it is: what `doctor` starts a process for."""
    return _PROBES[name]()


def _load_qt() -> str:
    from PySide6.QtCore import qVersion
    from PySide6.QtWidgets import QApplication

    seen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform == "linux" and not seen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(["projectdesk"])
    return f"Qt {qVersion()} platform {application.platformName()}"


def _load_web_engine() -> str:
    """Import it, and look for the program and the files that it starts with.

    Raises:
        FileNotFoundError: one is not there; the installation is broken.
    """
    from PySide6.QtCore import QLibraryInfo
    from PySide6.QtWebEngineCore import qWebEngineChromiumVersion
    from PySide6.QtWebEngineWidgets import QWebEngineView

    if sys.platform != "darwin":  # there they lie in a framework
        place = QLibraryInfo.LibraryPath
        programs = Path(QLibraryInfo.path(place.LibraryExecutablesPath))
        resources_at = Path(QLibraryInfo.path(place.DataPath)) / "resources"
        ending = ".exe" if sys.platform == "win32" else ""
        for path in (
            programs / f"QtWebEngineProcess{ending}",
            resources_at / "icudtl.dat",
            resources_at / "qtwebengine_resources.pak",
        ):
            if not path.is_file():
                raise FileNotFoundError(f"{path} is missing; install again")
    version: object = qWebEngineChromiumVersion()  # a text; its stub says bytes
    return f"Chromium {version} ({QWebEngineView.__name__})"


def _load_media() -> str:
    import_module("projectdesk.media.embedded._aiortc_seam")
    names = ("aiortc", "aioice", "pylibsrtp")
    return ", ".join(f"{name} {metadata.version(name)}" for name in names)


_PROBES: dict[str, Callable[[], str]] = {
    "qt": _load_qt,
    "web-engine": _load_web_engine,
    "media": _load_media,
}


CHECKS: tuple[Callable[[Path], Check], ...] = (
    _program,
    _resources,
    _data_folder,
    _database,
    _time_zones,
    _keyring,
    _qt,
    _web_engine,
    _media,
    _documents,
    _loopback,
    _policy,
    _proxy,
    _updates,
    _mail,
    _browser,
    _relay,
)
