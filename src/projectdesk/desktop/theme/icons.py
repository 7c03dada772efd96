"""Lucide icons, tinted: each becomes a small SVG file in the wanted colour.

Qt's SVG engine then draws the file at the size and pixel density that is asked for, which pixmaps
made ahead of time would not give.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QTemporaryDir
from PySide6.QtGui import QGuiApplication, QIcon

from projectdesk import resources

_AIRY = 33
_POINTING = {
    "arrow-left": "arrow-right",
    "arrow-right": "arrow-left",
    "chevron-left": "chevron-right",
    "chevron-right": "chevron-left",
}
"""Icons that point forward or back: the other way in a window that is read from the right."""


class TintedIcons:
    """Icons by name and colour; the files live as long as this object."""

    def __init__(self) -> None:
        self._icons: dict[tuple[str, str, str, bool, bool], QIcon] = {}
        self._files: dict[tuple[str, str, str], str] = {}

    @cached_property
    def _folder(self) -> QTemporaryDir:
        return QTemporaryDir()

    def file(self, name: str, colour: str, air: bool = False) -> str:
        """Return the path of icon `name` in `colour` (`#rrggbb`).

        Args:
            name: of the icon.
            colour: of its lines.
            air: leave room behind it, as wide as 33 to 24; Qt keeps words 4 pixels from an icon and
                has no setting for it.

        Raises:
            FileNotFoundError: no such icon.
        """
        mirrored = QGuiApplication.isRightToLeft()
        name = _POINTING.get(name, name) if mirrored else name
        room = ("before" if mirrored else "behind") if air else ""
        key = (name, colour, room)
        if key not in self._files:
            drawing = resources.path("icons", "lucide", f"{name}.svg").read_text(encoding="utf-8")
            target = Path(self._folder.filePath(f"{name}-{colour[1:]}{room}.svg"))
            if air:
                left = 24 - _AIRY if mirrored else 0
                drawing = drawing.replace('viewBox="0 0 24 24"', f'viewBox="{left} 0 {_AIRY} 24"')
                drawing = drawing.replace('width="24"', f'width="{_AIRY}"', 1)
            tinted = drawing.replace("currentColor", colour).replace(
                'stroke-width="2"', 'stroke-width="1.75"'
            )
            target.write_text(tinted, encoding="utf-8")
            self._files[key] = target.as_posix()
        return self._files[key]

    def icon(self, name: str, colour: str, disabled: str, air: bool = False) -> QIcon:
        """Return icon `name` in `colour`, and in `disabled` where its widget is disabled.

        Args:
            name: of the icon.
            colour: `#rrggbb`.
            disabled: `#rrggbb`.
            air: with room behind it, see `file`.
        """
        key = (name, colour, disabled, air, QGuiApplication.isRightToLeft())
        if key not in self._icons:
            file = self.file(name, colour, air)
            icon = QIcon(file)
            icon.addFile(file, mode=QIcon.Mode.Selected)
            icon.addFile(file, mode=QIcon.Mode.Active)
            icon.addFile(self.file(name, disabled, air), mode=QIcon.Mode.Disabled)
            self._icons[key] = icon
        return self._icons[key]
