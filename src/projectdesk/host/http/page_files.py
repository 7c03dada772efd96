"""The files of the pages as they go out: read once, compressed once, named by what is in them.

A page is a hundred small modules. A browser that finds them level by level, and asks of each
whether it changed, spends more time on that than on all that follows. So a page names every module
it is made of at its head, and the addresses it names hold the edition of all files: what lies under
such an address never changes, and who has been here before asks for the page alone
(docs/adr/0113-a-page-names-what-it-is-made-of.md).

Each request costs a browser as much as the module itself. So where `dev.py page` has gathered the
modules of a page into a few (packages carry them), the page names those; but never any that were
gathered from other files than there are now.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".ico": "image/x-icon",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
        ".wasm": "application/wasm",
        ".mp3": "audio/mpeg",
        ".ogg": "audio/ogg",
        ".wav": "audio/wav",
    }
)
"""File name's end to MIME type; nothing else is served. Not the system's table: Windows' varies."""

STATIC = "/static/"
EDITION_MARK = "~"
"""`/static/~EDITION/NAME`: no file of ours begins with it."""

GATHERED = "gathered/"
"""What the names of gathered modules begin with: their sprite is `../icons.svg`, as it is of the
modules in `view/`."""

_MANIFEST = "manifest.json"

_DIGEST_LETTERS = 16
_COMPRESSION = 6
_LOOK_EVERY_S = 1.0
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
"""Types in comments are imported too."""

_IMPORT = re.compile(
    r"""^(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["'](\.[^"']+)["']""", re.MULTILINE
)
_SCRIPT = re.compile(r'^ *<script type="module" src="/static/([^"]+)"></script>\n', re.MULTILINE)


@dataclass(frozen=True)
class PageFile:
    """One file, or one page made of it.

    kind: MIME type. body: as it is.
    """

    kind: str
    body: bytes

    @cached_property
    def tag(self) -> str:
        """What tells this content from any other."""
        return _digest(self.body)

    @cached_property
    def packed(self) -> bytes | None:
        """The body compressed by gzip, None where that saves nothing; made when first asked for."""
        packed = gzip.compress(self.body, _COMPRESSION, mtime=0)
        return packed if len(packed) < len(self.body) else None


class PageFiles:
    """All files of a folder that may be served, by name (`view/dom.js`)."""

    def __init__(self, root: Path, gathered: Path | None = None) -> None:
        """Read nothing yet.

        Args:
            root: the folder.
            gathered: what `dev.py page` made of it, if anything.
        """
        self._root = root
        self._gathered = gathered
        self._begins = ""
        """What the names of a page's modules begin with: `GATHERED` where it names those."""

        self._stamps: dict[str, tuple[int, int]] = {}
        self._files: dict[str, PageFile] = {}
        self._pages: dict[tuple[str, str], PageFile] = {}
        self._looked_at = -math.inf
        self.edition = ""
        """Of all files together; empty before the first `refresh`."""

    def refresh_at(self, now: float) -> None:
        """As `refresh`, but not within a second of the last time: anybody can ask for a page.

        Args:
            now: seconds of a clock that does not go back.

        Raises:
            OSError: as `refresh`.
        """
        if now - self._looked_at >= _LOOK_EVERY_S:
            self.refresh()
            self._looked_at = now

    def refresh(self) -> None:
        """Read the files again if one changed: a checkout is edited while its host runs.

        Raises:
            OSError: at the first time; later what was read before stays.
        """
        try:
            found = sorted(self._look())
            stamps = {name: stamp for name, _, stamp in found}
            if stamps == self._stamps:
                return
            files = {name: _read(path) for name, path, _ in found}
        except OSError:
            if not self._files:
                raise
            return  # an update is replacing the files at this moment
        self._begins = GATHERED if _is_gathered(files) else ""
        self._stamps, self._files, self._pages = stamps, files, {}
        self.edition = _digest(
            *(f"{name} {file.tag}\n".encode() for name, file in self._files.items())
        )

    def _look(self) -> Iterator[tuple[str, Path, tuple[int, int]]]:
        """Yield the name of each file, where it lies, and by what a change of it is seen."""
        folders = [("", self._root)]
        if self._gathered is not None and self._gathered.is_dir():
            folders.append((GATHERED, self._gathered))
        for begins, root in folders:
            for folder, _, names in os.walk(root, onerror=_raise):
                # A name that begins with a dot is an editor's or the system's, not ours.
                for name in (each for each in names if not each.startswith(".")):
                    path = Path(folder, name)
                    if path.suffix.lower() in KINDS:
                        found = path.stat()
                        whole = begins + path.relative_to(root).as_posix()
                        yield whole, path, (found.st_mtime_ns, found.st_size)

    def find(self, name: str) -> PageFile | None:
        """Return a file as it was at the last `refresh`; None if there is none to be served."""
        return self._files.get(name)

    def page(self, name: str, languages: Sequence[str]) -> PageFile:
        """Return a page that names the files of this edition, and at its head all its modules.

        Args:
            name: of the HTML file.
            languages: BCP 47 tags that the visitor wants, best first; the texts in the first that
                there is come with the modules. The page itself decides in which it speaks.
        """
        texts = self._texts(languages)
        page = self._pages.get((name, texts))
        if page is None:
            page = self._pages[name, texts] = self._make(self._files[name], texts)
        return page

    def _texts(self, languages: Sequence[str]) -> str:
        for tag in languages:
            name = f"i18n/{tag.split('-')[0].lower()}.js"
            if name in self._files:
                return name
        return "i18n/en.js"

    def _make(self, file: PageFile, texts: str) -> PageFile:
        def name_modules(script: re.Match[str]) -> str:
            entry = self._begins + script[1]
            modules = self.modules(entry)
            # The texts stand early: the page says nothing before it has them.
            names = [modules[0], self._begins + texts, *modules[1:]]
            links = (f'    <link rel="modulepreload" href="{STATIC}{name}">\n' for name in names)
            return "".join(links) + script[0].replace(STATIC + script[1], STATIC + entry)

        text = _SCRIPT.sub(name_modules, file.body.decode())
        text = text.replace(f'"{STATIC}', f'"{STATIC}{EDITION_MARK}{self.edition}/')
        return PageFile(file.kind, text.encode())

    def modules(self, entry: str) -> list[str]:
        """Return the names of a module and of all that it imports when it starts, nearest first.

        What is imported later, by `import()`, is not among them.
        """
        found = {entry: None}
        for name in (waiting := [entry]):
            file = self._files.get(name)
            text = _COMMENT.sub("", file.body.decode()) if file is not None else ""
            for match in _IMPORT.finditer(text):
                target = _beside(name, match[1])
                if target in self._files and target not in found:
                    found[target] = None
                    waiting.append(target)
        return list(found)


def _read(path: Path) -> PageFile:
    return PageFile(KINDS[path.suffix.lower()], path.read_bytes())


def _is_gathered(files: Mapping[str, PageFile]) -> bool:
    """Tell whether there are gathered modules, made of the modules that there are now."""
    manifest = files.get(GATHERED + _MANIFEST)
    if manifest is None:
        return False
    try:
        told = json.loads(manifest.body)["sources"]
    except (ValueError, KeyError):
        return False  # it is being written
    sources = (
        f"{name} {file.tag}\n".encode()
        for name, file in sorted(files.items())
        if name.endswith(".js") and not name.startswith(GATHERED)
    )
    return bool(told == _digest(*sources))


def _beside(name: str, reference: str) -> str:
    """Return the name of the file that module `name` calls `reference`, e.g. `../text.js`."""
    parts = name.split("/")[:-1]
    for step in reference.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def _raise(error: OSError) -> None:
    """Let a folder that cannot be read be seen: `os.walk` leaves it out otherwise."""
    raise error


def _digest(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()[:_DIGEST_LETTERS]
