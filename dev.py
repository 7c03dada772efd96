#!/usr/bin/env python3
"""ProjectDesk's one script for developers; it needs Python 3.11 and git, and fetches the rest.

python3 dev.py COMMAND

  demo               the sample project: in a window, or (no display) played into build/demo
  app [ARGS]         the desktop application
  run ARGS           `projectdesk ARGS`, with its exit code
  test [PYTEST ARGS] the gate: check, the page's tests, pytest; with arguments pytest alone
  test --full [...]  the gate and all long tests
  check              lint, format, types, import rules, lock file, types of the page
  screens [ARGS]     a picture of every page, into build/screens
  bench NAME [ARGS]  a measurement
  bundle WHAT [ARGS] what administrators install: folder, deb, msi, dmg, try, sign, checksums, sbom
  feed WHAT [ARGS]   the signed feed of updates: key, write, verify
  guide [ARGS]       the user guide, into build/guide
  page               gather the modules of the call's pages into a few, into build/page
  vendor [--check]   bundle (or compare) the page's third-party modules
  packages           print the system packages that are missing
  sync               prepare the environment and stop
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from tools import environment as setup

OLDEST_PYTHON = (3, 11)
MOST_WORKERS = 4
ALONE = ("tests/unit", "tests/fuzz")
"""Tests that need one core each."""
EMBEDDED = ("tests/integration/desktop",)
"""Tests with the browser inside Qt: its threads do not live on through an hour of other tests."""
TOGETHER = ("tests/integration", "tests/faults", "tests/e2e", f"--ignore={EMBEDDED[0]}")
"""Tests of several processes, browsers and databases."""
SOME_FAILED = 1
"""pytest's exit code when all ran and some failed; others say that not all ran."""
ROOT = setup.ROOT


def has_display() -> bool:
    """Tell whether a window could be seen."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def environment() -> dict[str, str]:
    """Return the variables for our programs: on a server as root Qt needs to be told."""
    env = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    if not has_display():
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
        if os.geteuid() == 0:  # Chromium's sandbox refuses root; people do not work as root
            env.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    return env


def exit_code(command: Sequence[str | Path], **extra: str) -> int:
    """Run one step of check or test; say which."""
    shown = " ".join(Path(part).name if i == 0 else str(part) for i, part in enumerate(command))
    print(f"--- {shown[:100]}", flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment() | extra, check=False).returncode


def step(command: Sequence[str | Path], **extra: str) -> bool:
    """Run one step of check or test; tell whether it passed."""
    return exit_code(command, **extra) == 0


def prepare(*, tests: bool = False) -> None:
    """Make the machine ready; free when it is."""
    setup.ensure_system(tests)
    setup.ensure_python()


def product(args: Sequence[str]) -> int:
    """Become `projectdesk ARGS`."""
    prepare()
    command = [str(setup.VENV_PYTHON), "-m", "projectdesk", *args]
    sys.stdout.flush()
    if not setup.WINDOWS:
        os.execve(command[0], command, environment())  # noqa: S606
    return subprocess.run(command, env=environment(), check=False).returncode


def check() -> list[str]:
    """Run all static checks; return the names of those that failed."""
    node = setup.ensure_page_tools()
    tool = setup.VENV_PYTHON.parent
    tsc = setup.NODE_MODULES / "typescript" / "bin" / "tsc"
    steps: dict[str, list[str | Path]] = {
        "lock file": [setup.find_uv(), "lock", "--check", "--quiet"],
        "ruff": [tool / "ruff", "check", "."],
        "format": [tool / "ruff", "format", "--check", "."],
        "mypy": [tool / "mypy"],
        "import rules": [tool / "lint-imports", "--no-cache", "--no-logo"],
        "types of the page": [*node, tsc, "--project", "tsconfig.json"],
    }
    return [name for name, command in steps.items() if not step(command)]


def page_tests(node: list[str]) -> list[str]:
    """Run the page's unit tests in node; return what failed."""
    files = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "tests/page").rglob("*.test.*js"))
    return [] if not files or step([*node, "--test", *files]) else ["page tests"]


def start_check(said: IO[str]) -> subprocess.Popen[bytes]:
    """Run the static checks in a process of their own, which writes to `said`."""
    return subprocess.Popen([sys.executable, __file__, "check"], stdout=said, stderr=said)


def run_check(args: Sequence[str]) -> int:
    """Run the static checks."""
    prepare(tests=True)
    failed = check()
    print(f"check: failed: {', '.join(failed)}" if failed else "check: all passed")
    return 1 if failed else 0


def together(
    pytest: Sequence[str | Path],
    shared: Sequence[str],
    tests: Sequence[str],
    extra: Mapping[str, str],
) -> bool:
    """Run tests of several processes, two files at a time; tell whether they passed.

    Such a test waits for browsers and servers that share the machine with those of another one.
    What failed therefore runs once more with the machine to itself, and that counts; pytest prints
    both, so that a test which often needs it is seen.
    """
    code = exit_code([*pytest, *shared, *tests], **extra)
    if code != SOME_FAILED:
        return code == 0
    print("--- once more, alone: what failed beside others", flush=True)
    return step([*pytest, "--last-failed", "--last-failed-no-failures=none", *tests], **extra)


def run_test(args: Sequence[str]) -> int:
    """Run the gate, everything (--full), or pytest with the given arguments.

    Unit tests come first, on all cores, with the static checks beside them; then the tests that
    start processes of their own.
    """
    full = "--full" in args
    selected = [a for a in args if a not in {"--full", "--"}]
    prepare(tests=True)
    extra = {"HYPOTHESIS_PROFILE": "full"} if full else {}
    mark = ["-m", ""] if full else []
    pytest: list[str | Path] = [setup.VENV_PYTHON, "-m", "pytest", *mark, *selected]
    if selected:
        return 0 if step(pytest, **extra) else 1
    failed = page_tests(setup.ensure_page_tools())
    # A worker that dies ends the run: with a new one, loadfile would wait for what died with it.
    workers = str(min(os.cpu_count() or 1, MOST_WORKERS))
    shared = ["-n", workers, "--max-worker-restart", "0", "--dist", "loadfile"]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        checking = start_check(said)
        try:
            failed += [] if step([*pytest, *shared, *ALONE], **extra) else ["unit tests"]
            failed += [] if checking.wait() == 0 else ["check"]
        finally:
            checking.terminate()
        said.seek(0)
        print(said.read(), end="", flush=True)
    for name, tests in (("embedded browser", EMBEDDED), ("parts together", TOGETHER)):
        failed += [] if together(pytest, shared, tests, extra) else [f"tests of {name}"]
    print(f"test: failed: {', '.join(failed)}" if failed else "test: all passed")
    return 1 if failed else 0


def run_demo(args: Sequence[str]) -> int:
    """Open the sample project, or play it where nothing can be seen."""
    if has_display() and not args:
        return product(["app", "--sample"])
    if "--out" not in args:
        args = [*args, "--out", str(ROOT / "build" / "demo")]
    out = args[list(args).index("--out") + 1]
    setup.say(f"no window here: the demonstration runs unseen; its results will be in {out}")
    return product(["demo", *args])


def run_screens(args: Sequence[str]) -> int:
    """Paint every page into build/screens unless told otherwise."""
    out = [] if "--out" in args else ["--out", str(ROOT / "build" / "screens")]
    return product(["screens", *out, *args])


def run_vendor(args: Sequence[str]) -> int:
    """Bundle the page's third-party modules, or compare with --check."""
    prepare()
    node = setup.ensure_page_tools()
    return 0 if step([*node, ROOT / "tools" / "vendor.mjs", ROOT, *args]) else 1


def run_page(args: Sequence[str]) -> int:
    """Gather the modules of the pages into a few; the host takes them while they are current."""
    prepare()
    node = setup.ensure_page_tools()
    return 0 if step([*node, ROOT / "tools" / "page.mjs", ROOT]) else 1


def run_bundle(args: Sequence[str]) -> int:
    """Build what administrators install."""
    prepare()
    return 0 if step([setup.VENV_PYTHON, ROOT / "installer" / "build.py", *args]) else 1


def run_feed(args: Sequence[str]) -> int:
    """Make, sign or verify the feed of updates."""
    prepare()
    return 0 if step([setup.VENV_PYTHON, ROOT / "installer" / "feed.py", *args]) else 1


def run_guide(args: Sequence[str]) -> int:
    """Build the user guide, with pictures of the desktop."""
    prepare()
    return 0 if step([setup.VENV_PYTHON, ROOT / "tools" / "guide.py", *args]) else 1


def run_packages(args: Sequence[str]) -> int:
    """Print missing system packages by their names here, e.g. for `sudo apt-get install`."""
    print("\n".join(setup.choose_known(setup.missing_here(tests=True), setup.known_to_apt)))
    return 0


def run_sync(args: Sequence[str]) -> int:
    """Prepare everything and stop."""
    prepare(tests=True)
    setup.ensure_page_tools()
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": run_demo,
    "app": lambda args: product(["app", *args]),
    "run": product,
    "test": run_test,
    "check": run_check,
    "screens": run_screens,
    "bench": lambda args: product(["bench", *args]),
    "bundle": run_bundle,
    "feed": run_feed,
    "guide": run_guide,
    "page": run_page,
    "vendor": run_vendor,
    "packages": run_packages,
    "sync": run_sync,
}


def main(argv: Sequence[str]) -> int:
    """Run one command; exit codes: its own, 2 for a wrong call, 3 when set-up failed."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        setup.say(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
        return 3
    if not argv or argv[0] not in COMMANDS:
        print(__doc__)
        return 0 if argv and argv[0] in {"-h", "--help", "help"} else 2
    try:
        return COMMANDS[argv[0]](argv[1:])
    except setup.SetupError as error:
        setup.say(str(error))
        return 3
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
