"""Walks over all scenes, and what is found wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from projectdesk.desktop.theme import Scheme
from projectdesk.screens import scenes
from projectdesk.screens.access.keyboard import Keyboard, escapes
from projectdesk.screens.access.reading import elements
from projectdesk.screens.access.rules import Finding, findings
from projectdesk.screens.rendering import Round, scenes_of, staged
from projectdesk.screens.scenes import Scene
from projectdesk.screens.stage import Stage, dress, spoken

ROUNDS = (
    Round("typical", Scheme.LIGHT, (1280, 800)),
    Round("bare", Scheme.LIGHT, (1280, 800)),
    Round("empty", Scheme.LIGHT, (1280, 800)),
)
"""Data that is there, an empty project, and nothing at all: all states that differ in controls."""


@dataclass(frozen=True)
class Seen:
    """What one scene showed. elements: how many things the tree told of."""

    data: str
    scene: str
    elements: int
    findings: tuple[Finding, ...]


def walk(application: QApplication, only: str = "") -> Iterator[Seen]:
    """Yield what a screen reader is told wrong, for scenes whose name (`data/scene`) has `only`."""
    for each, scene, _ in _shown(application, only):
        yield look(each.data, scene.name)


def walk_by_keys(application: QApplication, only: str = "") -> Iterator[Seen]:
    """Yield what is wrong for who has only the keyboard; the topmost window is walked."""
    keyboard = Keyboard()
    for each, scene, stage in _shown(application, only):
        dialogs = list(reversed(stage.dialogs()))
        top = dialogs[0] if dialogs else stage.shell
        number = len(top.findChildren(QWidget))
        found = set(keyboard.findings(top))
        for dialog in dialogs:
            if isValid(dialog):
                found |= set(escapes(dialog))
        yield Seen(each.data, scene.name, number, tuple(sorted(found)))


def _shown(application: QApplication, only: str) -> Iterator[tuple[Round, Scene, Stage]]:
    for each in ROUNDS:
        wanted = [scene for scene in scenes_of(each) if only in f"{each.data}/{scene.name}"]
        if not wanted:
            continue
        dress(each.scheme)
        with spoken(application, each.language), staged(each) as stage:
            for scene in wanted:
                scene.show(stage)
                stage.settle()
                yield each, scene, stage
                scenes.leave(stage)


def look(data: str, scene: str) -> Seen:
    """Judge the windows that are open now."""
    number, found = 0, set[Finding]()
    for window in windows():
        tree = list(elements(window))
        number += len(tree)
        found |= set(findings(tree))
    return Seen(data, scene, number, tuple(sorted(found)))


def windows() -> list[QWidget]:
    """Return the windows that can be seen."""
    return [each for each in QApplication.topLevelWidgets() if each.isVisible()]
