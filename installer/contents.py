"""What goes into a bundle and what stays out, and the look at one that was made.

The recipe (`projectdesk.spec`) asks for each file that PyInstaller found. Left out is what nothing
of ours loads, and on Linux what the system brings: an old library of ours beside new ones of the
system breaks both, and nobody mends its holes. The Debian package depends on those (`LIBRARIES`).

May import: the standard library.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
_SYSTEM: Final = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
_ENDING: Final = re.compile(r"(\.abi3)?\.(so(\.[\d.]+)?|dll|dylib|pyd)$")
_BINDING: Final = re.compile(r"(Qt[A-Z]\w*)(\.\S+)?\.(so|pyd)$")
_LIBRARY: Final = re.compile(r"(?:lib)?Qt6?([A-Z0-9]\w*)\.(?:so|dll|dylib|framework)\b")

BINDINGS: Final = frozenset(
    {
        "QtCore",
        "QtDBus",
        "QtGui",
        "QtNetwork",
        "QtPrintSupport",
        "QtQml",
        "QtSvg",
        "QtTest",
        "QtWebChannel",
        "QtWebEngineCore",
        "QtWebEngineWidgets",
        "QtWebSockets",
        "QtWidgets",
    }
)
"""Modules of PySide6 that we or these import. QtTest plays the demonstration, QtQml reads proxies'
scripts."""

QT_LIBRARIES: Final = frozenset(
    {
        "Core",
        "DBus",
        "Gui",
        "Network",
        "OpenGL",
        "Positioning",
        "PrintSupport",
        "Qml",
        "QmlMeta",
        "QmlModels",
        "QmlWorkerScript",
        "Quick",
        "QuickWidgets",
        "Svg",
        "Test",
        "WaylandClient",
        "WebChannel",
        "WebEngineCore",
        "WebEngineWidgets",
        "WebSockets",
        "Widgets",
        "WlShellIntegration",
        "XcbQpa",
    }
)
"""Qt's libraries, without `Qt6`, that these and the plugins below name. On Linux a build ends where
a new version of Qt names another one."""

PLUGINS: Final = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qgif", "qico", "qjpeg", "qsvg", "qwebp"},
    "networkinformation": None,
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "platforms": {"qcocoa", "qoffscreen", "qwayland", "qwindows", "qxcb"},
    "platformthemes": {"qxdgdesktopportal"},
    "styles": None,
    "tls": {"qopensslbackend", "qschannelbackend", "qsecuretransportbackend"},
    "wayland-decoration-client": None,
    "wayland-graphics-integration-client": None,
    "wayland-shell-integration": None,
    "xcbglintegrations": None,
}
"""Plugins of Qt by folder; None: all. Others are for boards without a window system, printers and
positions, or bring GTK or a virtual keyboard with them."""

LIBRARIES: Final = {
    "libEGL": "libegl1",
    "libGL": "libgl1",
    "libX11": "libx11-6",
    "libX11-xcb": "libx11-xcb1",
    "libXcomposite": "libxcomposite1",
    "libXdamage": "libxdamage1",
    "libXext": "libxext6",
    "libXfixes": "libxfixes3",
    "libXrandr": "libxrandr2",
    "libXtst": "libxtst6",
    "libasound": "libasound2 | libasound2t64",
    "libbrotlidec": "libbrotli1",
    "libbz2": "libbz2-1.0",
    "libcrypt": "libcrypt1",
    "libcrypto": "libssl3 | libssl3t64",
    "libdbus-1": "libdbus-1-3",
    "libdrm": "libdrm2",
    "libexpat": "libexpat1",
    "libffi": "libffi8",
    "libfontconfig": "libfontconfig1",
    "libfreetype": "libfreetype6",
    "libgbm": "libgbm1",
    "libgcc_s": "libgcc-s1",
    "libgio-2.0": "libglib2.0-0 | libglib2.0-0t64",
    "libglib-2.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgobject-2.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgthread-2.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgssapi_krb5": "libgssapi-krb5-2",
    "liblzma": "liblzma5",
    "libnspr4": "libnspr4",
    "libnss3": "libnss3",
    "libnssutil3": "libnss3",
    "libsmime3": "libnss3",
    "libsqlite3": "libsqlite3-0",
    "libssl": "libssl3 | libssl3t64",
    "libstdc++": "libstdc++6",
    "libudev": "libudev1",
    "libuuid": "libuuid1",
    "libwayland-client": "libwayland-client0",
    "libwayland-cursor": "libwayland-cursor0",
    "libwayland-egl": "libwayland-egl1",
    "libxcb": "libxcb1",
    "libxcb-cursor": "libxcb-cursor0",
    "libxcb-dri3": "libxcb-dri3-0",
    "libxcb-glx": "libxcb-glx0",
    "libxcb-icccm": "libxcb-icccm4",
    "libxcb-image": "libxcb-image0",
    "libxcb-keysyms": "libxcb-keysyms1",
    "libxcb-randr": "libxcb-randr0",
    "libxcb-render": "libxcb-render0",
    "libxcb-render-util": "libxcb-render-util0",
    "libxcb-shape": "libxcb-shape0",
    "libxcb-shm": "libxcb-shm0",
    "libxcb-sync": "libxcb-sync1",
    "libxcb-util": "libxcb-util1",
    "libxcb-xfixes": "libxcb-xfixes0",
    "libxcb-xkb": "libxcb-xkb1",
    "libxkbcommon": "libxkbcommon0",
    "libxkbcommon-x11": "libxkbcommon-x11-0",
    "libxkbfile": "libxkbfile1",
    "libz": "zlib1g",
    "libzstd": "libzstd1",
}
"""Libraries of the system by the Debian packages that bring them (Debian 12, 13, Ubuntu 24.04)."""

_LIBC: Final = frozenset(
    {
        "ld-linux-aarch64",
        "ld-linux-x86-64",
        "libc",
        "libdl",
        "libm",
        "libmvec",
        "libpthread",
        "libresolv",
        "librt",
    }
)
"""Of `libc6`, which every program needs."""


def languages() -> list[str]:
    """Return the languages that the product speaks, as its resources list them."""
    listed = json.loads((ROOT / "resources/i18n/languages.json").read_text(encoding="utf-8"))
    return sorted(listed)


def locales() -> list[str]:
    """Return the names of Chromium's own words for these languages."""
    return sorted({*languages(), "en-GB", "en-US"} - {"en"})


# --- what is chosen -------------------------------------------------------------------------------


def is_wanted(name: str, source: str, kind: str = "DATA", *, platform: str = sys.platform) -> bool:
    """Tell whether a file goes into the bundle.

    Args:
        name: its place in the bundle.
        source: where it was found; for a link within the bundle, what it leads to.
        kind: PyInstaller's kind, e.g. `BINARY`, `EXTENSION`, `SYMLINK`.
        platform: as `sys.platform`.
    """
    spelt = name.replace("\\", "/")
    if platform == "linux" and "/" not in spelt and _of_system(source):
        return spelt.startswith("libpython")
    if "/tests/" in spelt or spelt.endswith((".debug", ".debug.pak", ".debug.bin", ".pyi", ".pxd")):
        return False
    if "PySide6" not in f"{spelt} {source}" and "Qt6" not in spelt:
        return True
    return _of_qt(spelt if kind != "SYMLINK" else source.replace("\\", "/"))


def _of_system(source: str) -> bool:
    return source.startswith(_SYSTEM)


def _of_qt(spelt: str) -> bool:
    parts = spelt.split("/")
    name = parts[-1]
    if "qml" in parts or "qtwebengine_devtools_resources" in name:
        return False
    if "qtwebengine_locales" in parts:
        return name.removesuffix(".pak") in locales()
    if "translations" in parts:
        return name in {f"qtbase_{tag}.qm" for tag in languages()}
    if "plugins" in parts:
        wanted = PLUGINS.get(parts[parts.index("plugins") + 1], set())
        return wanted is None or _ENDING.sub("", name).removeprefix("lib") in wanted
    if parts[-2:-1] == ["PySide6"] and (binding := _BINDING.match(name)):
        return binding[1] in BINDINGS
    found = next(filter(None, map(_LIBRARY.match, parts)), None)
    return found is None or found[1] in QT_LIBRARIES


# --- what a bundle has ----------------------------------------------------------------------------


def strip(folder: Path) -> int:
    """Take symbols that no program reads out of libraries (Linux); return the bytes that go.

    Wheels made by auditwheel are left alone: their libraries were moved by patchelf, have no such
    symbols, and strip grows or breaks them. So is Qt, which is stripped.
    """
    saved = 0
    for path in programs(folder):
        inner = path.relative_to(folder).parts
        if any(part.endswith(".libs") for part in inner) or ".so" not in path.name or "Qt" in inner:
            continue
        before = path.stat().st_size
        subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)
        saved += before - path.stat().st_size
    return saved


def programs(folder: Path) -> Iterator[Path]:
    """Yield programs and libraries of Linux below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def wanted_libraries(folder: Path) -> dict[str, str]:
    """Return the libraries that a bundle wants of the system, each with a file that wants it."""
    files = list(programs(folder))
    told = subprocess.run(
        ["readelf", "--wide", "-d", *map(str, files)], capture_output=True, text=True, check=True
    ).stdout
    file, wanted = str(files[0]), dict[str, str]()  # of a single file it tells no name
    for line in told.splitlines():
        if line.startswith("File: "):
            file = line.removeprefix("File: ")
        elif found := re.search(r"\(NEEDED\).*\[(.*)\]", line):
            wanted[found[1]] = file
    brought = {path.name for path in files}
    names = {name: wanted[name] for name in sorted(wanted.keys() - brought)}
    return {name: why for name, why in names.items() if _ENDING.sub("", name) not in _LIBC}


def packages(libraries: Iterable[str]) -> list[str]:
    """Return the Debian packages that bring libraries of the system.

    Raises:
        ValueError: one is in no package that we know.
    """
    stems = {_ENDING.sub("", name) for name in libraries}
    if unknown := stems - LIBRARIES.keys():
        raise ValueError(f"no package is known for {', '.join(sorted(unknown))}")
    return sorted({LIBRARIES[name] for name in stems})


def missing(folder: Path, resources: Path, guide: Path) -> list[str]:
    """Return what a bundle lacks of what was chosen: files of ours, words of Qt and Chromium.

    Args:
        folder: the bundle.
        resources: our files that are not code, as in the source tree.
        guide: the user guide, as it was built.
    """
    inner = folder / "_internal"
    ours = [path.relative_to(resources) for path in resources.rglob("*") if path.is_file()]
    ours += [Path("guide") / path.relative_to(guide) for path in guide.rglob("*.html")]
    wanted = [inner / "projectdesk" / "_resources" / path for path in ours]
    wanted += [folder / "licences" / "ProjectDesk.txt"]
    lacking = [str(path.relative_to(folder)) for path in wanted if not path.is_file()]
    names = [f"qtbase_{tag}.qm" for tag in languages()] + [f"{tag}.pak" for tag in locales()]
    there = {path.name for path in (inner / "PySide6").rglob("*")}
    there |= {path.name for path in folder.rglob("*.pak")}
    return lacking + [name for name in names if name not in there]


def parts(folder: Path) -> dict[str, int]:
    """Return a bundle's bytes by what they are for, the largest first; a link counts nothing."""
    sizes: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            part = _part_of(path.relative_to(folder).as_posix())
            sizes[part] = sizes.get(part, 0) + path.stat().st_size
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


_PARTS: Final = {
    "QtWebEngine": r"WebEngine|qtwebengine|icudtl|v8_context",
    "Qt, its bindings": r"PySide6|shiboken6|Qt6",
    "FFmpeg (PyAV)": r"^_internal/av(\.libs)?/",
    "Typst": r"^_internal/typst/",
    "fonts": r"/_resources/fonts/",
    "our other files": r"/_resources/",
    "code, ours and others' (compressed)": r"^projectdesk(-desktop)?(\.exe)?$",
    "cryptography, SRTP": r"^_internal/(cryptography|pylibsrtp|OpenSSL)/",
    "PostgreSQL's client": r"^_internal/psycopg",
    "Python": r"libpython|/python3|base_library",
    "licences": r"^licences/",
}
"""Parts of a bundle by what their paths have in them; the first that matches counts."""


def _part_of(path: str) -> str:
    return next((name for name, mark in _PARTS.items() if re.search(mark, path)), "other libraries")
