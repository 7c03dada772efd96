"""What every test gets: no network, no real key store, no real user folders, and no leaks."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keyring
import keyring.backend
import keyring.errors
import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
SHARED_DATA_ABSENT = "shared data absent"
THREAD_GRACE_SECONDS = 3.0

# Set before Qt is loaded, and by tests only: the product keeps its window and its sandbox.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--use-fake-device-for-media-stream")
if sys.platform == "linux" and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

# The gate is the same on every run; the full run looks for new examples and prints how to repeat.
_HEALTH = [HealthCheck.too_slow]  # two shared cores: slow is not a defect of the test
settings.register_profile(
    "gate", max_examples=50, deadline=None, derandomize=True, suppress_health_check=_HEALTH
)
settings.register_profile(
    "full", max_examples=500, deadline=None, print_blob=True, suppress_health_check=_HEALTH
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


# --- the budget of skipped tests ------------------------------------------------------------------


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


class SkipBudget:
    """Fails a run in which more tests were skipped than PROJECTDESK_SKIP_BUDGET allows.

    Tests that miss ../shared/data do not count; without the variable nothing counts.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._count(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._count(report)

    def _count(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not _reason(report).startswith(SHARED_DATA_ABSENT):
            self.skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if len(self.skipped) > self.budget and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if len(self.skipped) > self.budget:
            terminalreporter.section("too many skipped tests")
            terminalreporter.write_line(f"{len(self.skipped)} skipped, {self.budget} allowed:")
            for nodeid in self.skipped:
                terminalreporter.write_line(f"  {nodeid}")


class DeadWorkers:
    """Says that not all tests ran when a worker died; pytest-xdist says that one test failed."""

    def __init__(self) -> None:
        self.died = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, error: object) -> None:
        self.died = self.died or error is not None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.died:
            session.exitstatus = pytest.ExitCode.INTERRUPTED


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(DeadWorkers(), "dead-workers")
    budget = os.environ.get("PROJECTDESK_SKIP_BUDGET")
    if budget is not None:
        config.pluginmanager.register(SkipBudget(int(budget)), "skip-budget")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what is loaded by now out of what each test collects: that took half of a run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def old_heap() -> None:
    """Leave what earlier files loaded out of what the tests of this one collect.

    Before its tests, not after: then the last test still holds what it was given, for good.
    """
    gc.collect()
    gc.freeze()


# --- isolation ------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Take back what a command that ran in this process did to logging."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    for handler in [one for one in root.handlers if one not in before]:
        if not type(handler).__module__.startswith("_pytest"):  # which takes its own away
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)
    logging.captureWarnings(capture=False)


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A key store that lives as long as one test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        try:
            del self.entries[service, username]
        except KeyError:
            raise keyring.errors.PasswordDeleteError(username) from None


@pytest.fixture(autouse=True)
def memory_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    """Replace the system's key store, here and (by an empty one) in processes a test starts."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(MemoryKeyring())


@pytest.fixture(autouse=True)
def private_user_folders(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep the tester's own data, configuration and state out of every test."""
    home = tmp_path_factory.getbasetemp() / "user"
    for name in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection in tests/unit; loopback is open to tests marked `loopback`.

    tests/unit/desktop is left out: Qt has sockets of its own (and Qt's are not Python's).
    """
    unit = REPOSITORY / "tests" / "unit"
    path = request.path
    if not path.is_relative_to(unit) or path.is_relative_to(unit / "desktop"):
        return
    loopback = request.node.get_closest_marker("loopback") is not None
    pairing = threading.local()
    real_pair = socket.socketpair

    def pair(*args: Any, **kwargs: Any) -> tuple[socket.socket, socket.socket]:
        # Windows makes a pair (an event loop needs one) by connecting to itself.
        pairing.active = True
        try:
            return real_pair(*args, **kwargs)
        finally:
            pairing.active = False

    def guard(name: str, position: int) -> None:
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, *args: Any) -> Any:
            address = args[position]
            local = isinstance(address, tuple) and address[0] in {"127.0.0.1", "::1", "localhost"}
            if getattr(pairing, "active", False) or (loopback and local):
                return real(self, *args)
            raise RuntimeError(f"a unit test must not use the network: {name} {address!r}")

        monkeypatch.setattr(socket.socket, name, guarded)

    monkeypatch.setattr(socket, "socketpair", pair)
    guard("connect", 0)
    guard("connect_ex", 0)
    guard("sendto", -1)


# --- leaks ----------------------------------------------------------------------------------------


def _threads() -> set[threading.Thread]:
    # A dummy stands for a thread that Qt owns (a pool keeps its threads between tests).
    return {t for t in threading.enumerate() if not isinstance(t, threading._DummyThread)}


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a Python thread running."""
    before = _threads()
    yield
    deadline = time.monotonic() + THREAD_GRACE_SECONDS
    for thread in _threads() - before:
        thread.join(max(0.0, deadline - time.monotonic()))
    if left := [thread.name for thread in _threads() - before]:
        pytest.fail(f"threads left running: {sorted(left)}")


@pytest.fixture(autouse=True)
def no_forgotten_sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Find unclosed sockets and processes in the test that forgot them, not in a later one.

    Only where tests have any: looking takes a tenth of a second.
    """
    yield
    unit = request.path.is_relative_to(REPOSITORY / "tests" / "unit")
    if not unit or request.node.get_closest_marker("loopback"):
        gc.collect()  # ResourceWarning, which pytest makes an error of this test


def _qt_objects() -> dict[int, str]:
    """Return what a test must not leave behind: windows, running timers and running threads."""
    import shiboken6
    from PySide6.QtCore import QThread, QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    found: dict[int, str] = {}

    def note(thing: Any) -> None:
        found[shiboken6.getCppPointer(thing)[0]] = f"{type(thing).__name__} {thing.objectName()!r}"

    for widget in QApplication.topLevelWidgets():
        note(widget)
    for wrapper in shiboken6.getAllValidWrappers():
        if (
            (isinstance(wrapper, QTimer) and wrapper.isActive())
            or (isinstance(wrapper, QThread) and wrapper.isRunning())
            or (isinstance(wrapper, QWidget) and wrapper.isWindow())
        ):
            note(wrapper)
    current = QThread.currentThread()
    found.pop(shiboken6.getCppPointer(current)[0], None)
    return found


def _settle() -> None:
    """Let Qt delete what was asked to be deleted later, and Python what only cycles hold."""
    from PySide6.QtCore import QCoreApplication, QEvent

    gc.collect()
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()


@pytest.fixture(autouse=True)
def no_leaked_qt_objects(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test with `qtbot` that leaves a window, an active timer or a running thread."""
    if "qtbot" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("qapp")
    before = _qt_objects()
    yield
    left = _qt_objects().keys() - before.keys()
    if left:
        _settle()
        after = _qt_objects()
        if names := sorted(after[key] for key in left & after.keys()):
            pytest.fail(f"Qt objects left behind: {names}")


# --- things tests ask for -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """Return the application class, prepared for QtWebEngine before the first instance."""
    from PySide6.QtCore import QCoreApplication, Qt
    from PySide6.QtWidgets import QApplication

    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    return QApplication


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real files, or skip."""
    if not SHARED_DATA.is_dir():
        pytest.skip(SHARED_DATA_ABSENT)
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Return the machine's Chromium or Chrome; fail without one (`dev.py test` installs it)."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"):
        if found := shutil.which(name):
            return Path(found)
    for fixed in (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ):
        if Path(fixed).is_file():
            return Path(fixed)
    pytest.fail("no Chromium or Chrome on this machine")
