"""The program's icon for Windows and macOS, drawn from its picture, and what Explorer tells of it.

python installer/icons.py PICTURE.svg ICON.ico|ICON.icns      (in an environment with PySide6)

Both kinds of file hold PNGs: an .ico after a directory of them, an .icns as chunks by size.

May import: the standard library; Qt when a picture is drawn.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import Final

ICO_SIZES: Final = (16, 24, 32, 48, 64, 256)
ICNS_KINDS: Final = {
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}
"""Pixels of each side by kind; the last four are for screens with two pixels to a point."""


def draw(picture: Path, size: int) -> bytes:
    """Return an SVG as a square PNG.

    Args:
        picture: the SVG.
        size: pixels of a side.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(picture)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # its stub knows bytes only
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Return an .ico of PNGs by their size (at most 256, written as 0)."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    for size, picture in pictures.items():
        side = size % 256
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return head + b"".join(pictures.values())


def icns(pictures: dict[int, bytes]) -> bytes:
    """Return an .icns of PNGs by their size."""
    chunks = b"".join(
        kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size]
        for kind, size in ICNS_KINDS.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(chunks)) + chunks


def write(picture: Path, target: Path) -> None:
    """Write the icon of a picture; its ending says which kind."""
    if target.suffix == ".icns":
        target.write_bytes(icns({size: draw(picture, size) for size in ICNS_KINDS.values()}))
    else:
        target.write_bytes(ico({size: draw(picture, size) for size in ICO_SIZES}))


def version_file(version: str) -> str:
    """Return what PyInstaller writes into programs of Windows: names and version.

    Args:
        version: three numbers, as `1.2.3`.
    """
    numbers = (*(int(part) for part in version.split(".")[:3]), 0)
    told = {
        "CompanyName": "ProjectDesk",
        "FileDescription": "ProjectDesk",
        "FileVersion": version,
        "LegalCopyright": "Apache License 2.0",
        "ProductName": "ProjectDesk",
        "ProductVersion": version,
    }
    strings = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in told.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, "
        "flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)),\n"
        f"kids=[StringFileInfo([StringTable('040904B0', [{strings}])]),\n"
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


if __name__ == "__main__":
    from PySide6.QtGui import QGuiApplication

    _application = QGuiApplication([])
    write(Path(sys.argv[1]), Path(sys.argv[2]))
