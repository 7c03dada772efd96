"""Pictures of every page, dialog and state from the sample data.

Each picture is a real window over a real database in a temporary folder, painted offscreen.

Composition: may import all.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def run(out: Path, only: str | None = None, language: str = "") -> list[Path]:
    """Render every page, dialog and state to PNG.

    Args:
        out: the folder to write to; one folder a round (data, scheme, size, language) in it.
        only: only pictures whose path below `out` has this text; None = all.
        language: the typical data in this language, light and dark; "" = the usual rounds.

    Returns:
        The pictures.
    """
    if sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from projectdesk.screens import rendering

    return rendering.take_all(rendering.application(), out, only or "", language)
