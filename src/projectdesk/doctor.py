"""`projectdesk doctor`: is everything here that the product needs, and what to do if not.

Each check says what it looked at, in the words of `resources/i18n/doctor.LANGUAGE.json`. Nothing
is changed but a file that is written and removed again in the data folder. Composition: may import
all.
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
from functools import partial
from importlib import import_module, metadata
from pathlib import Path
from typing import Final

from projectdesk import __version__, catalogues, resources
from projectdesk.catalogues import ENGLISH
from projectdesk.errors import DomainError, EnvironmentFailure

_ENOUGH_BYTES = 500_000_000
_OLDEST_SQLITE = (3, 37)


@dataclass(frozen=True)
class Check:
    """One finding. needed: the product does not work without it."""

    name: str
    ok: bool
    text: str
    needed: bool = True


Say = Callable[..., str]
"""Returns a text of a language by its key, with facts in it."""


def _said(language: str, key: str, /, **facts: object) -> str:
    text = catalogues.form(catalogues.catalogue("doctor", language)[key], language)
    if catalogues.right_to_left(language):
        # Names and paths keep together, and do not turn the line (UAX 9: RLM; FSI, PDI).
        facts = {name: f"\u2068{fact}\u2069" for name, fact in facts.items()}
        text = f"\u200f{text}"
    return text.format_map(facts) if facts else text


def said_in(language: str) -> Say:
    """Return what says the sentences in a language that there is."""
    return partial(_said, language)


IN_ENGLISH: Final[Say] = said_in(ENGLISH)


def check_language(language: str) -> None:
    """Refuse a language that there are no sentences in.

    Raises:
        DomainError: `unknown_language`.
    """
    known = catalogues.languages("doctor")
    if language not in known:
        raise DomainError(
            "unknown_language",
            "There are no words in “{language}”: expected {known}.",
            language=language,
            known=", ".join(known),
        )


def examine(data: Path, language: str = ENGLISH) -> list[Check]:
    """Run every check and return what was found, in a language.

    Raises:
        DomainError: `unknown_language`.
    """
    check_language(language)
    say = said_in(language)
    return [
        _guarded(check.__name__.removeprefix("_").replace("_", " "), check, data, say)
        for check in CHECKS
    ]


def _guarded(name: str, check: Callable[[Path, Say], Check], data: Path, say: Say) -> Check:
    try:
        return check(data, say)
    except Exception as error:
        return Check(name, ok=False, text=f"{type(error).__name__}: {error}")


def _program(data: Path, say: Say = IN_ENGLISH) -> Check:
    return Check(
        "program",
        ok=sys.version_info >= (3, 11),
        text=f"ProjectDesk {__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()} {platform.machine()}",
    )


def _resources(data: Path, say: Say = IN_ENGLISH) -> Check:
    wanted = ["web/call.html", "web/desk.html", "templates/documents/document.typ"]
    missing = [name for name in wanted if not resources.path(*name.split("/")).is_file()]
    return Check(
        "resources",
        ok=not missing,
        text=say("missing", names=", ".join(missing)) if missing else str(resources.root()),
    )


def _data_folder(data: Path, say: Say = IN_ENGLISH) -> Check:
    from projectdesk.folders.location import check_folder

    check_folder(data)
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=data, prefix=".doctor-") as file:
        file.write(b"x")
    free = shutil.disk_usage(data).free
    return Check(
        "data folder",
        ok=free > _ENOUGH_BYTES,
        text=say("free", folder=data, free=f"{free / 1e9:.1f}", wanted=_ENOUGH_BYTES / 1e9),
    )


def _database(data: Path, say: Say = IN_ENGLISH) -> Check:
    version = sqlite3.sqlite_version_info
    return Check("SQLite", ok=version >= _OLDEST_SQLITE, text=f"{sqlite3.sqlite_version}")


def _policy(data: Path, say: Say = IN_ENGLISH) -> Check:
    from projectdesk.policy import managed

    found = managed()
    if not found.place:
        return Check("policy", ok=True, text=say("policy_none"), needed=False)
    it = say("policy_it")
    wrong = "; ".join(f"{each.key or it}: {each.text}" for each in found.problems)
    text = say("policy_settled", place=found.place, names=", ".join(found.given) or say("nothing"))
    return Check("policy", ok=not wrong, text=wrong or text, needed=False)


def _mail(data: Path, say: Say = IN_ENGLISH) -> Check:
    from projectdesk.proxies.trial import try_way
    from projectdesk.services import mail_accounts

    account = mail_accounts.account(data)
    if account is None:
        return Check("mail", ok=True, text=say("mail_none"), needed=False)
    server = account.smtp
    name = f"{server.host}:{server.port}"
    try:
        way = try_way(server.host, server.port)
    except (OSError, EnvironmentFailure) as error:
        why = say("mail_silent", server=name, reason=error)
        return Check("mail", ok=False, text=why, needed=False)
    text = say("mail_answers", server=name, way=_way_words(way, say))
    return Check("mail", ok=True, text=text, needed=False)


def _proxy(data: Path, say: Say = IN_ENGLISH) -> Check:
    """Say how proxies are found; where one is named, whether something answers there."""
    import socket

    from projectdesk import proxies
    from projectdesk.proxies.settings import is_settled

    settings = proxies.current().settings

    def settled(words: str) -> str:
        return say("settled", words=words) if is_settled() else words

    match settings.mode:
        case proxies.Mode.MANUAL:
            proxy = proxies.proxy_of(settings.address)
            try:
                socket.create_connection((proxy.host, proxy.port), timeout=5).close()
            except OSError as error:
                reason = error.strerror or str(error)
                why = settled(say("proxy_silent", proxy=proxy, reason=reason))
                todo = say("see_network", words=why)
                return Check("proxy", ok=False, text=todo, needed=False)
            text = settled(say("proxy_answers", proxy=proxy))
            return Check("proxy", ok=True, text=text, needed=False)
        case proxies.Mode.PAC:
            try:
                proxies.current().routes("www.example.org", 443)
            except EnvironmentFailure as error:
                return Check("proxy", ok=False, text=error.text, needed=False)
            text = settled(say("proxy_script", script=settings.script))
            return Check("proxy", ok=True, text=text, needed=False)
        case proxies.Mode.BLOCKED:
            return Check("proxy", ok=False, text=say("proxy_blocked"), needed=False)
        case proxies.Mode.NONE:
            return Check("proxy", ok=True, text=settled(say("proxy_none")), needed=False)
        case _:
            way = str(proxies.current().routes("www.example.org", 443)[0])
            text = settled(say("proxy_system", way=_way_words(way, say)))
            return Check("proxy", ok=True, text=text, needed=False)


def _updates(data: Path, say: Say = IN_ENGLISH) -> Check:
    """Say whether a newer version is known, and what was wrong with the feed; nobody is asked."""
    from projectdesk.policy import policy
    from projectdesk.updates import checking

    state = checking.load(data)
    if not policy().updates:
        return Check("updates", ok=True, text=say("updates_off"), needed=False)
    if not checking.source().known:
        return Check("updates", ok=True, text=say("updates_unknown"), needed=False)
    if state.problem:
        return Check("updates", ok=False, text=state.problem, needed=False)
    found = checking.seen(state)
    text = say("updates_none")
    if found:
        text = say("updates_newer", version=found.feed.version, link=found.link)
    if not state.wanted:
        text = say("updates_unwanted", words=text)
    return Check("updates", ok=True, text=text, needed=False)


def _way_words(way: str, say: Say) -> str:
    """Return a way out in words; see `proxies.routes.Route`."""
    return say("directly") if way == "direct" else say("by_way", proxy=way)


def _keyring(data: Path, say: Say = IN_ENGLISH) -> Check:
    import keyring

    backend = keyring.get_keyring()
    usable = float(getattr(backend, "priority", 0)) >= 1
    return Check(
        "keyring",
        ok=usable,
        text=f"{backend.name}" if usable else say("keyring_none"),
        needed=False,
    )


def _qt(data: Path, say: Say = IN_ENGLISH) -> Check:
    return _probed("Qt", "qt", "otherwise_desktop", say)


def _web_engine(data: Path, say: Say = IN_ENGLISH) -> Check:
    return _probed("QtWebEngine", "web-engine", "otherwise_web", say, needed=False)


def _probed(name: str, probe: str, otherwise: str, say: Say, *, needed: bool = True) -> Check:
    """Load a part in a process of its own, as it may end the process."""
    from projectdesk.desktop.runtime.host_process import program

    made = subprocess.run(
        [*program(), "probe", probe], capture_output=True, text=True, timeout=60, check=False
    )
    if made.returncode == 0:
        return Check(name, ok=True, text=made.stdout.strip(), needed=needed)
    reason = (made.stderr.strip().splitlines() or [say("probe_silent")])[-1]
    text = say("probe_failed", reason=reason, otherwise=say(otherwise))
    return Check(name, ok=False, text=text, needed=needed)


def _media(data: Path, say: Say = IN_ENGLISH) -> Check:
    return _probed("media", "media", "otherwise_calls", say)


def _documents(data: Path, say: Say = IN_ENGLISH) -> Check:
    from datetime import UTC, datetime

    from projectdesk.exchange.documents import outline, pdf

    page = outline.Outline("Check", "Check", "Check", (outline.Remark("A line."),))
    made, _ = pdf.render(page, author="", now=datetime.now(UTC))
    return Check(
        "documents", ok=made.startswith(b"%PDF"), text=f"Typst {metadata.version('typst')}"
    )


def _time_zones(data: Path, say: Say = IN_ENGLISH) -> Check:
    from projectdesk.domain.rules.zoned_time import tzdata_version, zone_of

    zone_of("Europe/Copenhagen")
    return Check("time zones", ok=True, text=f"tzdata {tzdata_version()}")


def _browser(data: Path, say: Say = IN_ENGLISH) -> Check:
    found = next(
        (
            path
            for name in ("chromium", "chromium-browser", "google-chrome", "firefox")
            if (path := shutil.which(name))
        ),
        None,
    )
    if found is None and sys.platform in {"win32", "darwin"}:
        return Check("browser", ok=True, text=say("browser_default"), needed=False)
    text = found or say("browser_none")
    return Check("browser", ok=found is not None, text=text, needed=False)


def _relay(data: Path, say: Say = IN_ENGLISH) -> Check:
    found = shutil.which("turnserver")
    text = found or say("relay_none")
    return Check("coturn", ok=found is not None, text=text, needed=False)


def _loopback(data: Path, say: Say = IN_ENGLISH) -> Check:
    import socket

    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as sock:
            sock.bind(("127.0.0.1", 0))
    return Check("network", ok=True, text=say("loopback", cores=os.cpu_count()))


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


CHECKS: tuple[Callable[[Path, Say], Check], ...] = (
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
