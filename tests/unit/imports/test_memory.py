"""The memory of a measured process is its own, not that of the process that started it."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux inherits it")
def test_a_small_process_of_a_large_one_is_small() -> None:
    large = bytearray(300 << 20)
    for place in range(0, len(large), 4096):
        large[place] = 1
    code = "from projectdesk.bench.importing import peak_rss_mb; print(peak_rss_mb())"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert float(made.stdout) < 200
