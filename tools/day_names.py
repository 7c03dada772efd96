#!/usr/bin/env python3
"""Writes the names of months and days for the page: `python3 -m tools.day_names`.

They come out of the catalogues of rules, so that the page reads a typed date as the desktop does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "resources" / "web" / "day_names.js"
_HEAD = """\
/**
 * Names of months and days of the week in every language, each with the short one first. Made of
 * the catalogues of rules by `python -m tools.day_names`: change them there.
 */
"""


def text() -> str:
    """Return the module."""
    from projectdesk.catalogues import languages
    from projectdesk.domain.rules.day_names import names

    parts = [_HEAD]
    for name, key in (("MONTHS", "line.months"), ("DAYS", "line.days")):
        lines = []
        for language in languages("rules"):
            groups = [" ".join(group) for group in names(key, language)]
            lines.append(f"  {language}: {json.dumps('|'.join(groups), ensure_ascii=False)},\n")
        about = "/** @type {Readonly<Record<string, string>>} parted by | and blanks */\n"
        parts.append(f"\n{about}export const {name} = {{\n{''.join(lines)}}};\n")
    return "".join(parts)


def main() -> int:
    """Write the module."""
    FILE.write_text(text(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "src"))
    sys.exit(main())
