"""The Debian package: built from this tree, and used in a clean Debian (`dev.py bundle try`)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer import build
from tests.support.system import ensure_tools

pytestmark = [pytest.mark.full, pytest.mark.timeout(5400)]


def test_it_is_built_and_works_in_a_clean_system(tmp_path: Path) -> None:
    """Minutes of a processor: a bundle, a package, a system, the demonstration in it."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("dpkg-deb"):
        pytest.skip("needs root on Debian")
    ensure_tools(debootstrap="debootstrap", readelf="binutils")
    for words in (["folder"], ["deb", "--fast"], ["try"]):
        command = [sys.executable, build.__file__, *words, "--out", str(tmp_path)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
