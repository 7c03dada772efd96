"""The tables of faults and of security rules name tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TABLES = {"faults": HERE / "README.md", "security": HERE.parents[1] / "docs" / "security.md"}


@pytest.mark.parametrize("table", TABLES)
def test_every_test_that_the_table_names_exists(table: str) -> None:
    file, found = HERE, 0
    for words in re.findall(r"`([^`]+)`", TABLES[table].read_text(encoding="utf-8")):
        named = re.fullmatch(r"([\w/]+\.py)?(?:::(\w+))?", words)
        if named is None or not any(named.groups()):
            continue
        if named[1] and "test_" in named[1]:
            file = next(p for p in (HERE / named[1], HERE.parent / named[1]) if p.is_file())
        if named[2]:
            found += 1
            assert f"def {named[2]}(" in file.read_text(encoding="utf-8"), words
    assert found > 30
