"""How large everything is: the person's choice, else what the system says of its texts.

Qt follows the scaling of screens by itself. It does not follow the size of texts that Windows lets
people choose under Accessibility; and heights made for texts of 10 points would cut texts of 20.
So everything grows together, by the factor that Qt takes from its environment before it starts.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QSettings

SIZES = (100, 125, 150, 175, 200)
"""What a person can choose, in per cent."""
_FACTOR = "QT_SCALE_FACTOR"
_WINDOWS = r"HKEY_CURRENT_USER\Software\Microsoft\Accessibility"
_WINDOWS_LARGEST = 225


def scale(percent: int) -> None:
    """Let everything be shown at `percent` of its size; 0 = as the system says.

    It has to be called before the Qt application is made. What is in the environment already wins.
    """
    wanted = percent or system_percent()
    if wanted != 100 and _FACTOR not in os.environ:
        os.environ[_FACTOR] = f"{wanted / 100:g}"


def system_percent() -> int:
    """Return the size of texts that Windows was told, 100..225; 100 on other systems.

    macOS and the desktops of Linux give their choice to Qt as the size of its font or as dots per
    inch.
    """
    if sys.platform == "win32":
        kept = QSettings(_WINDOWS, QSettings.Format.NativeFormat).value("TextScaleFactor", 100)
        return read_percent(kept)
    return 100


def read_percent(kept: object) -> int:
    """Return a percentage that was read, 100 where it is none that Windows gives."""
    percent = kept if isinstance(kept, int) else 100
    return percent if 100 <= percent <= _WINDOWS_LARGEST else 100
