"""System packages that only long tests want: not worth installing on every machine that tests."""

from __future__ import annotations

import os
import shutil

import pytest

from tools import environment as setup


def ensure_tools(**packages: str) -> None:
    """Have programs, installed with apt where that can be done; skip the test otherwise.

    Args:
        packages: for each program the Debian package that brings it.
    """
    missing = {tool: package for tool, package in packages.items() if not shutil.which(tool)}
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        setup.install_packages(sorted(set(missing.values())))
        missing = {tool: package for tool, package in missing.items() if not shutil.which(tool)}
    if missing:
        pytest.skip(f"needs {', '.join(sorted(missing.values()))}")
