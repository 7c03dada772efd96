#!/usr/bin/env python3
"""Builds the user guide: `python3 dev.py guide [--language TAG] [--keep-pictures]`.

Sources are `docs/guide/*.md`; a translation is a catalogue of gettext in
`docs/guide/locale/TAG/LC_MESSAGES` and a desktop that speaks the language. What comes out is a
folder of pages, `build/guide/TAG`, that a browser reads without a server and without a network.
Pictures are taken of the scenes that the pages name; the table of keys comes from the desktop. A
broken link, a missing picture or an address of another host fails the build.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "docs" / "guide"
OF_CALLS = ROOT / "docs" / "pictures"
"""Pictures of what no scene shows: they are taken by hand from the demonstration."""
BUILD = ROOT / "build"
_PICTURE = re.compile(r"\(pictures/([\w-]+)\.png\)")
_ASKS = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["'](?:https?:)?//""")
_LOSSLESS = 100
_LEFT_OUT = ("objects.inv", ".buildinfo", "_sources", "genindex.html", ".doctrees")


def pictures(source: Path = SOURCE) -> set[str]:
    """Return the names of the pictures that the pages show."""
    pages = (page.read_text(encoding="utf-8") for page in source.glob("*.md"))
    return {name for page in pages for name in _PICTURE.findall(page)}


def of_calls() -> set[str]:
    """Return the names of pictures that are kept, as no scene shows what they show."""
    return {file.stem for file in OF_CALLS.glob("*.png")}


def take_pictures(folder: Path, language: str, *, keep: bool) -> None:
    """Take what the pages name into a folder; with `keep`, only what is missing there."""
    os.environ.setdefault("PROJECTDESK_PASSPHRASE", "x")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from projectdesk.screens import rendering, scenes

    folder.mkdir(parents=True, exist_ok=True)
    shown = {scene.name for scene in scenes.SCENES}
    named = pictures()
    for name in named - shown:
        shutil.copyfile(OF_CALLS / f"{name}.png", folder / f"{name}.png")
    wanted = {n for n in named & shown if not (keep and (folder / f"{n}.png").is_file())}
    if wanted:
        rendering.take_named(rendering.application(), folder, wanted, language)


def keys_table(language: str) -> str:
    """Return the keys of the desktop as tables in Markdown, one for each part of the window."""
    from projectdesk.desktop.language import say
    from projectdesk.desktop.shell.shortcuts import Shortcut, shortcuts
    from projectdesk.screens import rendering, stage

    with stage.spoken(rendering.application(), language):
        rows: dict[str, list[Shortcut]] = {}
        for each in shortcuts():
            rows.setdefault(each.where, []).append(each)
        head = f"| {say('Keys')} | {say('What it does')} |"
    parts = []
    for where, found in rows.items():
        lines = [f"| {_pressed(each.keys)} | {each.does} |" for each in found]
        parts.append("\n".join([f"## {where}", "", head, "|---|---|", *lines, ""]))
    return "\n".join(parts)


def _pressed(keys: str) -> str:
    """Return keys as they are shown, e.g. {kbd}`Ctrl+K`."""
    return f"{{kbd}}`{keys}`"


def stage_sources(target: Path, shown: Path, language: str) -> None:
    """Put sources, pictures and the table of keys together in a folder."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(SOURCE, target)
    (target / "pictures").mkdir()
    for name in sorted(pictures()):
        shrink(shown / f"{name}.png", target / "pictures" / f"{name}.webp")
    for page in target.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(_PICTURE.sub(r"(pictures/\1.webp)", text), encoding="utf-8")
    (target / "keys.txt").write_text(keys_table(language), encoding="utf-8")


def shrink(picture: Path, target: Path) -> None:
    """Write a picture as WebP without loss: two fifths of the bytes, in every browser there is."""
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QImage, QImageWriter

    writer = QImageWriter(str(target), QByteArray(b"webp"))
    writer.setQuality(_LOSSLESS)
    if not writer.write(QImage(str(picture))):
        raise OSError(f"{target}: {writer.errorString()} (from {picture})")


def build_pages(source: Path, target: Path, language: str) -> bool:
    """Build the pages; tell whether nothing was wrong."""
    from sphinx.cmd.build import main as sphinx

    shutil.rmtree(target, ignore_errors=True)
    options = ["-b", "html", "-q", "-n", "-E", "-W", "--keep-going", "-D", f"language={language}"]
    doctrees = BUILD / "guide-doctrees"
    code = sphinx([*options, "-d", str(doctrees), str(source), str(target)])
    for name in _LEFT_OUT:
        path = target / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return code == 0


def foreign(folder: Path) -> Iterator[str]:
    """Yield what of built pages asks another host for something when it is read."""
    for page in sorted(folder.rglob("*.html")):
        for found in _ASKS.findall(page.read_text(encoding="utf-8")):
            yield f"{page.name}: {found}"
    for sheet in sorted(folder.rglob("*.css")):
        text = sheet.read_text(encoding="utf-8")
        yield from (f"{sheet.name}: {u}" for u in re.findall(r"url\(['\"]?https?://[^)]*", text))


def size_of(files: Iterable[Path]) -> float:
    """Return how large files are together, in MB."""
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def main(arguments: list[str] | None = None) -> int:
    """Build the guide in one language."""
    parser = argparse.ArgumentParser(prog="dev.py guide", description=__doc__.splitlines()[0])
    parser.add_argument("--language", default="en", metavar="TAG")
    parser.add_argument(
        "--keep-pictures", action="store_true", help="take only those that are not there yet"
    )
    parser.add_argument("--out", type=Path, default=BUILD / "guide", metavar="DIR")
    options = parser.parse_args(arguments)
    tag = options.language
    shown, staged = BUILD / "guide-pictures" / tag, BUILD / "guide-source" / tag
    take_pictures(shown, tag, keep=options.keep_pictures)
    stage_sources(staged, shown, tag)
    target: Path = options.out.resolve() / tag
    if not build_pages(staged, target, tag):
        print("guide: something above is wrong; nothing of it should be handed on", file=sys.stderr)
        return 1
    if asked := list(foreign(target)):
        print("guide: pages ask other hosts:", *asked, sep="\n  ", file=sys.stderr)
        return 1
    count = len(list(target.glob("*.html")))
    print(f"{target}: {count} pages, {size_of(target.rglob('*')):.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
