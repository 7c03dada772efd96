"""Tries a Debian package where nothing else is: a root of its own, made by debootstrap.

The package is installed there with what it depends on. A plain user of that system then does what
docs/admin.md says: looks what is missing, reads the policy, starts the desktop unseen, hands a link
to it, plays the demonstration. The package is installed again over itself and removed, which leaves
the data alone. Root only.

May import: the standard library.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

SUITE: Final = "bookworm"
MIRROR: Final = "http://deb.debian.org/debian"
USER: Final = "trial"
HOME: Final = f"/home/{USER}"
DATA: Final = f"{HOME}/.local/share/ProjectDesk"
_QUIET: Final = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "TERM": "dumb"}
_UNSEEN: Final = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",  # Chromium's sandbox needs name spaces of users
    "PROJECTDESK_PASSPHRASE": "of this trial",
    "HOME": HOME,
    "USER": USER,
}
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_POLICY: Final = {"ServerAddress": "https://meet.example.org", "AllowRecording": False}
_PICTURE: Final = "typical-dark-1280x800-en/home"
_START_S: Final = 120
_TOOLS: Final = ("desktop-file-utils", "shared-mime-info")
"""What desktops have, for a look at the menu entry and the kind of file."""


class Trial:
    """A root with a package in it, and what is run there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def admin(self, *command: str) -> None:
        """Run a command as the administrator; its output goes to ours."""
        self._run(command, _QUIET | _proxies(), ["chroot", str(self.root)])

    def person(self, *command: str) -> str:
        """Run a command as a plain user and return what it prints."""
        return self._run(command, self.unseen(), self._as_person(), capture=True)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a command as a plain user."""
        print("--- in the new system, started:", *command, flush=True)
        env = {"PATH": _PATH, **self.unseen()}
        return subprocess.Popen([*self._as_person(), *command], env=env, start_new_session=True)

    def unseen(self) -> dict[str, str]:
        """Return a person's environment without a display."""
        return _QUIET | _UNSEEN

    def inside(self, path: str) -> Path:
        """Return where a path of the new system is."""
        return self.root / path.lstrip("/")

    def _as_person(self) -> list[str]:
        return ["chroot", f"--userspec={USER}:{USER}", str(self.root)]

    def _run(
        self,
        command: tuple[str, ...],
        env: dict[str, str],
        how: list[str],
        *,
        capture: bool = False,
    ) -> str:
        print("--- in the new system:", *command, flush=True)
        begun = time.monotonic()
        done = subprocess.run(
            [*how, *command],
            env={"PATH": _PATH, **env},
            stdout=subprocess.PIPE if capture else None,
            text=True,
            check=False,
        )
        if capture:
            print(done.stdout, end="", flush=True)
        print(f"    {time.monotonic() - begun:.1f} s", flush=True)
        done.check_returncode()
        return done.stdout or ""


def _proxies() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}


def try_package(package: Path, root: Path, mirror: str = MIRROR, suite: str = SUITE) -> None:
    """Install, use and remove a package in a root of its own.

    Args:
        package: the .deb.
        root: folder of the new system; what is there goes, and it stays for a look afterwards.
        mirror: where Debian's packages come from.
        suite: which Debian.

    Raises:
        subprocess.CalledProcessError: a step failed; its words are on the terminal.
        RuntimeError: something is not as it should be.
    """
    if root.exists():
        if any(os.path.ismount(root / kind) for kind in ("proc", "sys", "dev/shm")):
            raise RuntimeError(f"something is still mounted in {root}: unmount it first")
        shutil.rmtree(root)
    made = ["debootstrap", "--variant=minbase", suite, str(root), mirror]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    _reach_packages(root, suite)
    shutil.copy(package, root / "tmp" / package.name)
    trial = Trial(root)
    with mounted(root):
        _install(trial, package.name)
        _look(trial)
        _start_desktop(trial)
        _play(trial)
        _remove(trial, package.name)


def _reach_packages(root: Path, suite: str) -> None:
    """Let the new system use this one's way to Debian's packages."""
    for name in ("/etc/resolv.conf", "/etc/hosts"):
        if Path(name).is_file():
            shutil.copy(name, root / name.lstrip("/"))
    folders = ["apt.conf.d", *(["sources.list.d"] if suite == _this_suite() else [])]
    for folder in folders:
        source = Path("/etc/apt") / folder
        if source.is_dir():
            shutil.copytree(source, root / "etc/apt" / folder, dirs_exist_ok=True)


def _this_suite() -> str:
    told = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[2] for line in told if line.startswith("VERSION_CODENAME=")]
    return names[0] if names else ""


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    """Lend a root the kernel's folders, and memory for what processes share."""
    for kind in ("proc", "sys"):
        subprocess.run(["mount", "--bind", f"/{kind}", str(root / kind)], check=True)
    (root / "dev/shm").mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(root / "dev/shm")], check=True)
    try:
        yield
    finally:
        for kind in ("dev/shm", "sys", "proc"):
            subprocess.run(["umount", "--lazy", str(root / kind)], check=False)


# --- the steps ------------------------------------------------------------------------------------


def _install(trial: Trial, name: str) -> None:
    trial.admin("apt-get", "update", "-q")
    trial.admin("useradd", "--create-home", USER)
    trial.admin("apt-get", "install", "-qy", "--no-install-recommends", f"/tmp/{name}")  # noqa: S108
    without = _unresolved(trial)
    if without:
        raise RuntimeError(f"libraries that nobody brings: {without}")
    trial.admin("apt-get", "install", "-qy", "--no-install-recommends", *_TOOLS)


def _unresolved(trial: Trial) -> list[str]:
    """Return libraries that a program of the package names and the loader does not find."""
    look = (
        "export LD_LIBRARY_PATH=/opt/projectdesk/_internal; find /opt/projectdesk -type f "
        "\\( -name '*.so*' -o -name 'QtWebEngineProcess' -o -name projectdesk \\) "
        "-exec ldd {} + 2>/dev/null | grep 'not found' | sort -u || true"
    )
    told = trial.person("sh", "-c", look)
    return sorted({line.strip() for line in told.splitlines() if line.strip()})


def _look(trial: Trial) -> None:
    """What docs/admin.md has an administrator look at first."""
    trial.person("desktop-file-validate", "/usr/share/applications/projectdesk.desktop")
    kind = trial.person("sh", "-c", "touch /tmp/x.projectdesk; cat /usr/share/mime/globs2")
    if "application/vnd.projectdesk.project+zip:*.projectdesk" not in kind:
        raise RuntimeError("the system does not know the kind of file")
    trial.person("projectdesk", "--version")
    checks = json.loads(trial.person("projectdesk", "doctor", "--json"))
    wrong = [each for each in checks["checks"] if each["needed"] and not each["ok"]]
    wrong += [each for each in checks["checks"] if each["name"] == "QtWebEngine" and not each["ok"]]
    if wrong:
        raise RuntimeError(f"doctor misses {wrong}")
    place = trial.inside("/etc/projectdesk/policy.json")
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(_POLICY), encoding="utf-8")
    told: Any = json.loads(trial.person("projectdesk", "policy", "show", "--json"))
    if not str(told.get("place", "")).endswith("policy.json") or told.get("problems"):
        raise RuntimeError(f"the policy is not read: {told}")
    place.unlink()


def _start_desktop(trial: Trial) -> None:
    """Start the desktop unseen, and let a second start hand a link over to it."""
    desktop = trial.start("projectdesk", "app", "--sample")
    try:
        _await(lambda: trial.inside(f"{DATA}/projectdesk.sqlite").is_file(), desktop)
        link = "projectdesk://meeting/00000000-0000-7000-8000-000000000000"
        begun = time.monotonic()
        while True:
            again = trial.start("projectdesk", "app", link)
            if again.wait(_START_S) == 0:
                break
            if desktop.poll() is not None or time.monotonic() - begun > _START_S:
                raise RuntimeError("a second start did not reach the first")
        if desktop.poll() is not None:
            raise RuntimeError(f"the desktop ended with {desktop.returncode}")
    finally:
        if desktop.poll() is None:
            os.killpg(desktop.pid, signal.SIGTERM)
        desktop.wait(_START_S)
    print(f"    the desktop ended with {desktop.returncode}", flush=True)


def _await(there: Any, process: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while not there():
        if process.poll() is not None or time.monotonic() - begun > _START_S:
            raise RuntimeError("the desktop did not open its data")
        time.sleep(0.2)


def _play(trial: Trial) -> None:
    trial.person("projectdesk", "screens", "--only", _PICTURE, "--out", f"{HOME}/screens")
    if not list(trial.inside(f"{HOME}/screens").rglob("*.png")):
        raise RuntimeError("no page was painted")
    trial.person("projectdesk", "demo", "--out", f"{HOME}/demo")
    made = trial.inside(f"{HOME}/demo")
    for name in ("minutes.pdf", "minutes.docx", "agenda.pdf"):
        if not list(made.rglob(name)):
            raise RuntimeError(f"the demonstration left no {name} in {made}")


def _remove(trial: Trial, name: str) -> None:
    """Install over itself, as an upgrade does, and remove: the data stay."""
    data = trial.inside(f"{DATA}/projectdesk.sqlite")
    trial.admin("apt-get", "install", "-qy", "--reinstall", f"/tmp/{name}")  # noqa: S108
    trial.person("projectdesk", "list", "projects", "--json")
    trial.admin("apt-get", "purge", "-qy", "projectdesk")
    left = [path for path in ("/opt/projectdesk", "/usr/bin/projectdesk") if _there(trial, path)]
    if left or not data.is_file():
        raise RuntimeError(f"removing the package left {left}, or took the data ({data})")


def _there(trial: Trial, path: str) -> bool:
    return os.path.lexists(trial.inside(path))
