"""Takes the pictures: scenes times data, size, scheme and language."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QApplication

from projectdesk.desktop.application import prepare
from projectdesk.desktop.theme import Scheme
from projectdesk.errors import DomainError
from projectdesk.screens import heavy, scenes
from projectdesk.screens.scenes import Scene
from projectdesk.screens.stage import NOW, Stage, dress, spoken
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

_SMALL, _LARGE = (1280, 800), (1920, 1080)


@dataclass(frozen=True)
class Round:
    """One way to see all scenes. data: empty, bare (an empty project), typical or heavy."""

    data: str
    scheme: Scheme
    size: tuple[int, int]
    language: str = "en"

    @property
    def name(self) -> str:
        """Folder of its pictures."""
        return f"{self.data}-{self.scheme.value}-{self.size[0]}x{self.size[1]}-{self.language}"


ROUNDS = (
    Round("typical", Scheme.LIGHT, _SMALL),
    Round("typical", Scheme.DARK, _SMALL),
    Round("typical", Scheme.LIGHT, _LARGE),
    Round("typical", Scheme.LIGHT, _SMALL, "de"),
    Round("heavy", Scheme.LIGHT, _SMALL),
    Round("heavy", Scheme.DARK, _LARGE),
    Round("bare", Scheme.LIGHT, _SMALL),
    Round("empty", Scheme.LIGHT, _SMALL),
    Round("empty", Scheme.DARK, _LARGE, "de"),
)


def take_all(application: QApplication, out: Path, only: str, language: str = "") -> list[Path]:
    """Take the pictures whose path below `out` has the text `only`.

    Args:
        application: what paints.
        out: a folder for each round is made in it.
        only: "" = all.
        language: see the typical data in it alone, light and dark; "" = the usual rounds.
    """
    made: list[Path] = []
    schemes = (Scheme.LIGHT, Scheme.DARK)
    rounds = [Round("typical", scheme, _SMALL, language) for scheme in schemes]
    for each in rounds if language else ROUNDS:
        wanted = [scene for scene in scenes_of(each) if only in f"{each.name}/{scene.name}"]
        if wanted:
            made += _take(application, each, wanted, out / each.name)
    return made


def take_named(
    application: QApplication, out: Path, names: Collection[str], language: str
) -> list[Path]:
    """Take some scenes of the typical data, light, each as `out`/NAME.png.

    Args:
        application: what paints.
        out: the folder; made if missing.
        names: of scenes; those that need no data are taken without any.
        language: what the desktop speaks.

    Raises:
        DomainError: `unknown_scene`; nothing was taken.
    """
    unknown = sorted(set(names) - {scene.name for scene in scenes.SCENES})
    if unknown:
        raise DomainError("unknown_scene", "There is no scene “{names}”.", names=", ".join(unknown))
    made: list[Path] = []
    for data in ("typical", "empty"):
        each = Round(data, Scheme.LIGHT, _SMALL, language)
        known = [s for s in scenes.SCENES if (s.needs == "none") == (data == "empty")]
        wanted = [scene for scene in known if scene.name in names]
        made += _take(application, each, wanted, out) if wanted else []
    return made


def application() -> QApplication:
    """Return the Qt application, made if there is none."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    prepare()
    return QApplication(["projectdesk"])


def _take(running: QApplication, each: Round, wanted: Sequence[Scene], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    dress(each.scheme)
    made = []
    with spoken(running, each.language), staged(each) as stage:
        for scene in wanted:
            scene.show(stage)
            file = folder / f"{scene.name}.png"
            stage.save(file)
            scenes.leave(stage)
            made.append(file)
    return made


def scenes_of(each: Round) -> Sequence[Scene]:
    """Return the scenes that a round takes."""
    if each.data == "empty":
        return [*(s for s in scenes.SCENES if s.needs == "none"), *scenes.EMPTY]
    if each.data == "bare":
        return scenes.EMPTY_PROJECT
    needs = ("data", "sample") if each.data == "typical" else ("data",)
    return [scene for scene in scenes.SCENES if scene.needs in needs]


@contextmanager
def staged(each: Round) -> Iterator[Stage]:
    """Open a window over the data of a round, in a temporary folder."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        workspace = Workspace.open(data, now=lambda: NOW)
        _FILL[each.data](workspace)
        stage = Stage(workspace, data, each.size)
        try:
            yield stage
        finally:
            stage.close()


def _bare(workspace: Workspace) -> None:
    commands.set_me(workspace, {"given_name": "Ada", "family_name": "Lund", "zone": "UTC"})
    commands.create(workspace, Kind.PROJECT, {"acronym": "AURORA", "title": "A new project"})


def _typical(workspace: Workspace) -> None:
    """The sample project, used by somebody who has two things to do."""
    project = commands.open_sample(workspace)
    commands.set_me(
        workspace,
        {
            "given_name": "Helena",
            "family_name": "Brandt",
            "email": "helena.brandt@saltmark.example",
            "zone": "Europe/Berlin",
        },
    )
    me = queries.me(workspace)
    if me is None:
        raise RuntimeError("who reads was just said")
    for text, due in (
        ("Ask the harbour of Husum for a second berth", date(2026, 11, 27)),
        ("Collect the slides for the interim review", date(2026, 12, 4)),
    ):
        commands.create(
            workspace,
            Kind.ACTION,
            {"project_id": project, "text": text, "owner_person_id": me.id, "due_on": due},
        )


_FILL: dict[str, Callable[[Workspace], object]] = {
    "empty": lambda _: None,
    "bare": _bare,
    "typical": _typical,
    "heavy": heavy.fill,
}
