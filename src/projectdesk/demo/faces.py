"""Cameras of the demo: for each player a drawn person who moves, as a file that Chromium plays.

A Y4M file is what `--use-file-for-fake-video-capture` takes; Chromium plays it again and again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen

WIDTH, HEIGHT = 640, 360
_RATE = 12
_FRAMES = 2 * _RATE
_HEAD = QRectF(250, 70, 140, 176)


@dataclass(frozen=True)
class _Look:
    """Colours of one person; the wall goes from light to dark. long: hair to the neck."""

    wall: tuple[str, str]
    skin: str
    hair: str
    clothes: str
    long: bool = False
    glasses: bool = False


_LOOKS = (
    _Look(("#d8e3ea", "#8ea5b4"), "#f0c8a8", "#4a3323", "#2f5d8a", long=True),
    _Look(("#efe1cc", "#b3946a"), "#8d5a3b", "#1c1512", "#7a2e3a"),
    _Look(("#d9e6d3", "#82a17a"), "#e8b48c", "#b06a2c", "#3c4a3f", glasses=True),
    _Look(("#e4dcec", "#8d80a6"), "#c98f66", "#241c22", "#c28a2e", long=True, glasses=True),
)


def write_faces(paths: Sequence[Path]) -> None:
    """Write a camera file for each player, at most four of which differ; one is 8 MB."""
    for number, path in enumerate(paths):
        with path.open("wb") as file:
            file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{_RATE}:1 Ip A1:1 C420jpeg\n".encode())
            for picture in _pictures(_LOOKS[number % len(_LOOKS)], number):
                file.write(b"FRAME\n" + _planes(picture))


def _planes(picture: QImage) -> bytes:
    """Return a picture as the three planes of a 4:2:0 frame."""
    frame = av.VideoFrame(WIDTH, HEIGHT, "rgb24")
    frame.planes[0].update(bytes(picture.constBits()))
    converted = frame.reformat(format="yuv420p")
    parts = []
    for plane in converted.planes:
        row, data = plane.line_size, bytes(plane)
        parts += [data[line * row : line * row + plane.width] for line in range(plane.height)]
    return b"".join(parts)


def _pictures(look: _Look, number: int) -> Iterator[QImage]:
    for index in range(_FRAMES):
        turn = 2 * math.pi * index / _FRAMES
        image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB888)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_room(painter, look, number)
        painter.translate(6 * math.sin(turn + number), 3 * math.sin(2 * turn + number))
        is_blinking = index % (2 * _RATE) in (number, number + 1)
        _paint_person(painter, look, mouth=abs(math.sin(3 * turn + number)), blink=is_blinking)
        painter.end()
        yield image


def _paint_room(painter: QPainter, look: _Look, number: int) -> None:
    wall = QLinearGradient(0, 0, WIDTH, HEIGHT)
    wall.setColorAt(0, QColor(look.wall[0]))
    wall.setColorAt(1, QColor(look.wall[1]))
    painter.fillRect(0, 0, WIDTH, HEIGHT, wall)
    painter.setPen(Qt.PenStyle.NoPen)
    if number % 2 == 0:
        painter.setBrush(QColor(255, 255, 255, 120))
        painter.drawRoundedRect(QRectF(40, 30, 130, 190), 4, 4)
        painter.setBrush(QColor(look.wall[1]))
        painter.drawRect(QRectF(102, 30, 5, 190))
        painter.drawRect(QRectF(40, 120, 130, 5))
        return
    for shelf in range(3):
        painter.setBrush(QColor(look.wall[1]).darker(125))
        painter.drawRect(QRectF(470, 90 + 80 * shelf, 150, 6))
        for book in range(7):
            painter.setBrush(QColor.fromHsv((number * 70 + book * 47 + shelf * 30) % 360, 90, 170))
            height = 40 + (book * 13 + shelf * 7) % 20
            painter.drawRect(QRectF(476 + 20 * book, 90 + 80 * shelf - height, 16, height))


def _paint_person(painter: QPainter, look: _Look, *, mouth: float, blink: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    skin, hair = QColor(look.skin), QColor(look.hair)
    middle = _HEAD.center()
    if look.long:
        painter.setBrush(hair)
        painter.drawRoundedRect(_HEAD.adjusted(-20, -14, 20, 66), 84, 84)
    painter.setBrush(QColor(look.clothes))
    painter.drawRoundedRect(QRectF(150, 268, 340, 200), 90, 90)
    painter.setBrush(skin.darker(112))
    painter.drawRoundedRect(QRectF(middle.x() - 34, 220, 68, 76), 26, 26)
    painter.setBrush(skin)
    painter.drawEllipse(_HEAD)
    top = QPainterPath()
    top.addEllipse(_HEAD.adjusted(-8, -14, 8, 10))
    fringe = QPainterPath()
    fringe.addEllipse(QRectF(_HEAD.x() - 26, _HEAD.y() + 34, _HEAD.width() + 70, 190))
    painter.setBrush(hair)
    painter.drawPath(top.subtracted(fringe))
    for side in (-1, 1):
        eye = QPointF(middle.x() + 30 * side, middle.y() - 2)
        painter.setPen(_stroke(hair.darker(120), 5))
        painter.drawLine(eye + QPointF(-14, -20), eye + QPointF(14, -21))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff"))
        painter.drawEllipse(eye, 12, 1 if blink else 8)
        painter.setBrush(QColor("#2b2320"))
        painter.drawEllipse(eye, 5, 1 if blink else 6)
        if look.glasses:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor("#20252c"), 3))
            painter.drawRoundedRect(QRectF(eye.x() - 21, eye.y() - 15, 42, 30), 12, 12)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_stroke(skin.darker(135), 4))
    painter.drawArc(QRectF(middle.x() - 10, middle.y() + 14, 20, 16), 200 * 16, 140 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#8d3b3f"))
    lips = QRectF(middle.x() - 22, middle.y() + 40 - 5 * mouth, 44, 18 + 16 * mouth)
    painter.drawChord(lips, 180 * 16, 180 * 16)


def _stroke(colour: QColor, width: int) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen
