"""Licences and notices that ship with a bundle, and the list of its components (CycloneDX).

What is bundled is what the lock file says for the product, as far as it is installed in the
environment that is bundled: tools that build are not in it. Each brings its licence, or is known
here.

May import: the standard library.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
TEXTS: Final = HERE / "licences"
WITHOUT_TEXT: Final = {
    "pyside6": "LGPL-3.txt",
    "pyside6-addons": "LGPL-3.txt",
    "pyside6-essentials": "LGPL-3.txt",
    "shiboken6": "LGPL-3.txt",
}
"""Distributions that bring no licence, by the text of ours that is theirs."""
_LICENCE: Final = re.compile(r"(?i)(licen[cs]e|copying|notice)")
_FACTS: Final = """
import json, platform, sys, av, PySide6, typst
from importlib.metadata import version
from pathlib import Path
from PySide6.QtCore import qVersion
from PySide6.QtWebEngineCore import qWebEngineChromiumVersion
texts = [Path(sys.base_prefix, *place) for place in (
    ("lib", "python%d.%d" % sys.version_info[:2], "LICENSE.txt"), ("LICENSE.txt",))]
texts += Path("/usr/share/doc").glob("python3.*/copyright")
print(json.dumps({
    "python": platform.python_version(), "qt": qVersion(), "pyside": PySide6.__version__,
    "chromium": qWebEngineChromiumVersion(), "ffmpeg": av.ffmpeg_version_info,
    "av": version("av"), "typst": version("typst"), "psycopg": version("psycopg"),
    "python_licence": next((str(path) for path in texts if path.is_file()), ""),
}))
"""
"""Asked of the bundle's environment: versions of what lies within wheels."""


@dataclass(frozen=True)
class Part:
    """A distribution that is bundled. place: its folder of metadata."""

    name: str
    version: str
    licence: str
    place: Path


def plain_name(name: str) -> str:
    """Return a distribution's name as PEP 503 spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(uv: Path, root: Path) -> dict[str, Any]:
    """Return what the product needs by its lock file, as CycloneDX 1.5."""
    command = [str(uv), "export", "--frozen", "--no-default-groups", "--extra", "team", "--quiet"]
    told = subprocess.run(
        [*command, "--format", "cyclonedx1.5"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    document: dict[str, Any] = json.loads(told)
    return document


def bundled(site_packages: Path, lock: Mapping[str, Any]) -> list[Part]:
    """Return the distributions of an environment that the lock file names for the product."""
    wanted = {(plain_name(each["name"]), each["version"]) for each in lock["components"]}
    found = []
    for place in sorted(site_packages.glob("*.dist-info")):
        told = HeaderParser().parsestr((place / "METADATA").read_text(encoding="utf-8"))
        name, version = plain_name(told["Name"]), told["Version"]
        if (name, version) in wanted:
            licence = told["License-Expression"] or told["License"] or ""
            found.append(Part(name, version, " ".join(licence.split())[:100], place))
    return found


def facts(python: Path) -> dict[str, str]:
    """Return the versions of what lies within wheels, and where Python's licence is."""
    told = subprocess.run([python, "-c", _FACTS], capture_output=True, text=True, check=True).stdout
    answer: dict[str, str] = json.loads(told.splitlines()[-1])
    return answer


def write_licences(
    target: Path, parts: list[Part], known: Mapping[str, str], version: str, own: Path
) -> None:
    """Write a bundle's folder of licences.

    Args:
        target: the folder; what is there goes.
        parts: the distributions in the bundle.
        known: `facts`.
        version: of the product.
        own: its licence.

    Raises:
        ValueError: a distribution, or Python, has no licence that could be given out.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shutil.copy(own, target / "ProjectDesk.txt")
    for text in TEXTS.glob("*GPL*.txt"):
        shutil.copy(text, target / text.name)
    notice = (TEXTS / "NOTICE.txt").read_text(encoding="utf-8")
    (target / "NOTICE.txt").write_text(notice.format(version=version, **known), encoding="utf-8")
    if not known["python_licence"]:
        raise ValueError("Python's licence was not found")
    shutil.copy(known["python_licence"], target / "Python.txt")
    without = [part.name for part in parts if not _copy_texts(part, target)]
    if unknown := set(without) - WITHOUT_TEXT.keys():
        raise ValueError(f"no licence comes with {', '.join(sorted(unknown))}")


def _copy_texts(part: Part, target: Path) -> int:
    paths = sorted(path for path in part.place.rglob("*") if path.is_file())
    texts = [path for path in paths if _LICENCE.match(path.name) and path.suffix != ".py"]
    for number, text in enumerate(texts):
        shutil.copy(text, target / f"{part.name}{f'-{number}' if number else ''}.txt")
    return len(texts)


def lacking(folder: Path, parts: list[Part]) -> list[str]:
    """Return which licences a bundle's folder of them has not."""
    names = ["ProjectDesk", "NOTICE", "Python", *(path.stem for path in TEXTS.glob("*GPL*.txt"))]
    names += [part.name for part in parts if part.name not in WITHOUT_TEXT]
    return [name for name in names if not (folder / f"{name}.txt").is_file()]


def components(lock: Mapping[str, Any], parts: list[Part], known: Mapping[str, str]) -> bytes:
    """Return the list of a bundle's components as CycloneDX 1.5 in JSON.

    The lock file's list without what is not bundled on this system, with licences, and with what
    lies within wheels: Python, Qt, Chromium, FFmpeg and its encoders.
    """
    licences = {(part.name, part.version): part.licence for part in parts}
    kept, refs = [], {lock["metadata"]["component"]["bom-ref"]}
    for component in lock["components"]:
        licence = licences.get((plain_name(component["name"]), component["version"]))
        if licence is None:
            continue
        refs.add(component["bom-ref"])
        kept.append(component | ({"licenses": [{"license": {"name": licence}}]} if licence else {}))
    kept += [
        _native("cpython", known["python"], "PSF-2.0"),
        _native("qt", known["qt"], "LGPL-3.0-only"),
        _native("chromium", known["chromium"], "BSD-3-Clause"),
        _native("ffmpeg", known["ffmpeg"], "GPL-2.0-or-later"),
        _native("x264", "", "GPL-2.0-or-later"),
        _native("x265", "", "GPL-2.0-or-later"),
    ]
    links = [
        each | {"dependsOn": [ref for ref in each.get("dependsOn", ()) if ref in refs]}
        for each in lock["dependencies"]
        if each["ref"] in refs
    ]
    metadata = dict(lock["metadata"])
    metadata["component"] = metadata["component"] | {"type": "application"}
    document = {**lock, "metadata": metadata, "components": kept, "dependencies": links}
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def _native(name: str, version: str, licence: str) -> dict[str, Any]:
    purl = f"pkg:generic/{name}@{version}" if version else f"pkg:generic/{name}"
    told = {"type": "library", "bom-ref": purl, "name": name, "purl": purl}
    return (
        told
        | ({"version": version} if version else {})
        | {"licenses": [{"license": {"id": licence}}]}
    )
