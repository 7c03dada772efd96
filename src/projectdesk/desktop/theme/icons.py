"""Lucide icons, tinted: each becomes a small SVG file in the wanted colour.

Qt's SVG engine then draws the file at the size and pixel density that is asked for, which pixmaps
made ahead of time would not give.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QTemporaryDir
from PySide6.QtGui import QIcon

from projectdesk import resources


class TintedIcons:
    """Icons by name and colour; the files live as long as this object."""

    def __init__(self) -> None:
        self._icons: dict[tuple[str, str, str], QIcon] = {}
        self._files: dict[tuple[str, str], str] = {}

    @cached_property
    def _folder(self) -> QTemporaryDir:
        return QTemporaryDir()

    def file(self, name: str, colour: str) -> str:
        """Return the path of icon `name` in `colour` (`#rrggbb`).

        Raises:
            FileNotFoundError: no such icon.
        """
        key = (name, colour)
        if key not in self._files:
            drawing = resources.path("icons", "lucide", f"{name}.svg").read_text(encoding="utf-8")
            target = Path(self._folder.filePath(f"{name}-{colour[1:]}.svg"))
            tinted = drawing.replace("currentColor", colour).replace(
                'stroke-width="2"', 'stroke-width="1.75"'
            )
            target.write_text(tinted, encoding="utf-8")
            self._files[key] = target.as_posix()
        return self._files[key]

    def icon(self, name: str, colour: str, disabled: str) -> QIcon:
        """Return icon `name` in `colour`, and in `disabled` where its widget is disabled."""
        key = (name, colour, disabled)
        if key not in self._icons:
            icon = QIcon(self.file(name, colour))
            icon.addFile(self.file(name, colour), mode=QIcon.Mode.Selected)
            icon.addFile(self.file(name, colour), mode=QIcon.Mode.Active)
            icon.addFile(self.file(name, disabled), mode=QIcon.Mode.Disabled)
            self._icons[key] = icon
        return self._icons[key]
