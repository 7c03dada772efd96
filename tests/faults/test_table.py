"""The table of faults names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_every_test_that_the_table_names_exists() -> None:
    file, found = HERE, 0
    for words in re.findall(r"`([^`]+)`", (HERE / "README.md").read_text(encoding="utf-8")):
        named = re.fullmatch(r"([\w/]+\.py)?(?:::(\w+))?", words)
        if named is None or not any(named.groups()):
            continue
        if named[1]:
            file = next(p for p in (HERE / named[1], HERE.parent / named[1]) if p.is_file())
        if named[2]:
            found += 1
            assert f"def {named[2]}(" in file.read_text(encoding="utf-8"), words
    assert found > 30
