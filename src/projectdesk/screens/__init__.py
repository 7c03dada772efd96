"""Pictures of every page, dialog and state from the sample data.

Each picture is a real window over a real database in a temporary folder, painted offscreen.

Composition: may import all.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projectdesk.screens.access.walking import Seen


def run(out: Path, only: str | None = None, language: str = "") -> list[Path]:
    """Render every page, dialog and state to PNG.

    Args:
        out: the folder to write to; one folder a round (data, scheme, size, language) in it.
        only: only pictures whose path below `out` has this text; None = all.
        language: the typical data in this language, light and dark; "" = the usual rounds.

    Returns:
        The pictures.
    """
    _off_the_screen()
    from projectdesk.screens import rendering

    return rendering.take_all(rendering.application(), out, only or "", language)


def check_access(only: str | None = None) -> list[Seen]:
    """Look for what a screen reader or a keyboard would miss in the scenes (adr 99).

    Args:
        only: only scenes whose name (`data/scene`) has this text; None = all.

    Returns:
        What was found, scene by scene: for a screen reader, then for the keyboard.
    """
    _off_the_screen()
    from projectdesk.screens import rendering
    from projectdesk.screens.access.walking import walk, walk_by_keys

    application = rendering.application()
    return [*walk(application, only or ""), *walk_by_keys(application, only or "")]


def _off_the_screen() -> None:
    if sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
