"""Tells any number of listeners that something is there anew."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Announcer(QObject):
    """One signal. A listener that is a method of a Qt object ends with that object."""

    announced = Signal()
