"""What goes into a bundle, and the look at one: by names, without building any."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from installer import contents, icons, notices

WHEELS = "/env/site-packages/"
LIBRARY = "PySide6/Qt/lib/"


def wanted(name: str, source: str = "", kind: str = "BINARY", platform: str = "linux") -> bool:
    return contents.is_wanted(name, source or WHEELS + name, kind, platform=platform)


def test_words_of_qt_and_chromium_are_there_for_each_language_of_ours():
    assert set(contents.languages()) == {"ar", "da", "de", "en", "es", "fr", "it", "pl"}
    words = "PySide6/Qt/translations/"
    for tag in contents.languages():
        assert wanted(f"{words}qtbase_{tag}.qm", kind="DATA")
    for tag in ("ar", "da", "de", "en-GB", "en-US", "es", "fr", "it", "pl"):
        assert wanted(f"{words}qtwebengine_locales/{tag}.pak", kind="DATA")
    for name in ("qtbase_ja.qm", "qt_help_de.qm", "qtwebengine_locales/ja.pak"):
        assert not wanted(words + name, kind="DATA")


@pytest.mark.parametrize(
    ("platform", "kept", "left"),
    [
        ("linux", "PySide6/QtWidgets.abi3.so", "PySide6/QtOpenGL.abi3.so"),
        ("linux", f"{LIBRARY}libQt6Qml.so.6", f"{LIBRARY}libQt6Pdf.so.6"),
        ("linux", f"{LIBRARY}libQt6Quick.so.6", f"{LIBRARY}libQt6Quick3D.so.6"),
        ("linux", "PySide6/Qt/libexec/QtWebEngineProcess", "PySide6/Qt/qml/QtQuick/qmldir"),
        ("linux", f"{LIBRARY}libQt6Qml.so.6", f"{LIBRARY}libQt63DRender.so.6"),
        ("linux", f"{LIBRARY}libQt6XcbQpa.so.6", f"{LIBRARY}libQt6EglFSDeviceIntegration.so.6"),
        (
            "linux",
            "PySide6/Qt/plugins/platforms/libqxcb.so",
            "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
        ),
        (
            "linux",
            "PySide6/Qt/plugins/imageformats/libqsvg.so",
            "PySide6/Qt/plugins/imageformats/libqpdf.so",
        ),
        ("linux", "icalendar/cal.py", "icalendar/tests/calendars/example.ics"),
        ("win32", "PySide6\\QtWidgets.pyd", "PySide6\\QtOpenGL.pyd"),
        ("win32", "PySide6\\Qt6Core.dll", "PySide6\\Qt6Multimedia.dll"),
        (
            "win32",
            "PySide6\\plugins\\platforms\\qwindows.dll",
            "PySide6\\plugins\\platforms\\qdirect2d.dll",
        ),
        (
            "darwin",
            f"{LIBRARY}QtCore.framework/Versions/A/QtCore",
            f"{LIBRARY}QtPdf.framework/Versions/A/QtPdf",
        ),
        (
            "darwin",
            "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
            "PySide6/Qt/plugins/position/libqtposition_cl.dylib",
        ),
    ],
)
def test_of_qt_only_what_is_used(platform: str, kept: str, left: str):
    assert wanted(kept, platform=platform)
    assert not wanted(left, platform=platform)


def test_each_module_of_qt_that_we_import_is_bundled():
    found = set()
    for path in (contents.ROOT / "src").rglob("*.py"):
        found |= set(re.findall(r"PySide6\.(Qt\w+)", path.read_text(encoding="utf-8")))
    assert {"QtCore", "QtWebEngineWidgets"} <= found <= contents.BINDINGS


def test_a_link_goes_with_what_it_leads_to():
    assert wanted("libQt6Core.so.6", f"{LIBRARY}libQt6Core.so.6", "SYMLINK")
    assert not wanted("libQt6Pdf.so.6", f"{LIBRARY}libQt6Pdf.so.6", "SYMLINK")


def test_what_linux_brings_stays_out_and_the_package_depends_on_it():
    assert not wanted("libstdc++.so.6", "/lib/x86_64-linux-gnu/libstdc++.so.6")
    assert not wanted("libsoftokn3.chk", "/usr/lib/x86_64-linux-gnu/libsoftokn3.chk", "DATA")
    assert wanted("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0")
    assert wanted("av.libs/libx264-d6533a8d.so.165")
    packages = contents.packages(["libstdc++.so.6", "libasound.so.2", "libnssutil3.so"])
    assert packages == ["libasound2 | libasound2t64", "libnss3", "libstdc++6"]
    with pytest.raises(ValueError, match="libunheard"):
        contents.packages(["libunheard.so.3"])


def test_the_packages_are_those_that_a_developer_installs():
    """One list of what Qt wants of Debian for developers, one for the package: they agree."""
    listed = (contents.ROOT / "tools/debian-packages.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in listed.splitlines() if line.startswith("run ")]
    developers = {name.split("|")[-1] for _, name in rows}
    known = {name.split(" | ")[0] for name in contents.LIBRARIES.values()}
    assert {name for name in developers if name.startswith("libx")} <= known


def test_libraries_are_read_from_programs_and_lose_their_symbols(tmp_path: Path):
    if not all(map(shutil.which, ("gcc", "readelf", "strip"))):
        pytest.skip("no compiler")
    source = tmp_path / "x.c"
    folder = tmp_path / "bundle"
    folder.mkdir()
    made = folder / "x.so"
    base = ["gcc", "-g", "-shared", "-fPIC", "-Wl,--no-as-needed", "-o", str(made)]
    source.write_text("int inner(void){return 1;}\n", encoding="ascii")
    subprocess.run([*base, str(source), "-ldl", "-l:libgcc_s.so.1"], check=True)
    (folder / "text.so").write_text("no program", encoding="ascii")
    assert contents.wanted_libraries(folder) == {"libgcc_s.so.1": str(made)}
    before = made.stat().st_size
    saved = contents.strip(folder)
    assert 0 < saved == before - made.stat().st_size


def test_a_bundle_without_a_file_of_ours_is_seen(tmp_path: Path):
    resources, bundle, guide = (tmp_path / each for each in ("resources", "bundle", "guide"))
    ours = bundle / "_internal" / "projectdesk" / "_resources"
    words = bundle / "_internal" / "PySide6" / "Qt" / "translations"
    pages = (guide / "en", ours / "guide" / "en")
    for folder in (resources / "i18n", ours / "i18n", words, bundle / "licences", *pages):
        folder.mkdir(parents=True)
    (bundle / "licences" / "ProjectDesk.txt").touch()
    for place in (resources, ours):
        (place / "i18n" / "desktop.de.json").touch()
    for place in pages:
        (place / "index.html").touch()
    for tag in contents.languages():
        (words / f"qtbase_{tag}.qm").touch()
    for tag in contents.locales():
        (words / f"{tag}.pak").touch()
    assert contents.missing(bundle, resources, guide) == []
    (ours / "i18n" / "desktop.de.json").unlink()
    (ours / "guide" / "en" / "index.html").unlink()
    (words / "qtbase_pl.qm").unlink()
    assert [Path(each).name for each in contents.missing(bundle, resources, guide)] == [
        "desktop.de.json",
        "index.html",
        "qtbase_pl.qm",
    ]


def test_each_part_of_a_bundle_is_counted_once(tmp_path: Path):
    for name, size in (
        ("projectdesk", 10),
        ("_internal/PySide6/Qt/lib/libQt6WebEngineCore.so.6", 20),
        ("_internal/PySide6/Qt/lib/libQt6Core.so.6", 5),
        ("_internal/av.libs/libavcodec.so", 7),
        ("_internal/libzst.so", 1),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * size)
    (tmp_path / "_internal" / "link").symlink_to("libzst.so")
    assert list(contents.parts(tmp_path).items()) == [
        ("QtWebEngine", 20),
        ("code, ours and others' (compressed)", 10),
        ("FFmpeg (PyAV)", 7),
        ("Qt, its bindings", 5),
        ("other libraries", 1),
    ]


# --- licences and components ----------------------------------------------------------------------


FACTS = {
    "python": "3.11.7",
    "qt": "6.11.1",
    "pyside": "6.11.1",
    "chromium": "140.0",
    "ffmpeg": "8.1",
    "av": "18.1.0",
    "typst": "0.15",
    "psycopg": "3.3",
}
LOCK = {
    "bomFormat": "CycloneDX",
    "metadata": {"component": {"bom-ref": "ours", "name": "projectdesk", "type": "library"}},
    "components": [
        {"bom-ref": "a", "name": "jaraco.classes", "version": "3.4.0"},
        {"bom-ref": "b", "name": "pywin32", "version": "1"},
    ],
    "dependencies": [{"ref": "ours", "dependsOn": ["a", "b"]}, {"ref": "b"}],
}


def installed(packages: Path, name: str, version: str, *texts: str) -> None:
    place = packages / f"{name}-{version}.dist-info"
    place.mkdir(parents=True)
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense-Expression: MIT\n"
    (place / "METADATA").write_text(told, encoding="utf-8")
    for text in texts:
        (place / text).write_text(f"{text} of {name}", encoding="utf-8")


@pytest.fixture
def known(tmp_path: Path) -> dict[str, str]:
    python = tmp_path / "LICENSE.python"
    python.write_text("Python's", encoding="utf-8")
    return FACTS | {"python_licence": str(python)}


def test_licences_of_what_is_bundled_and_of_nothing_else(tmp_path: Path, known: dict[str, str]):
    packages, target = tmp_path / "packages", tmp_path / "licences"
    installed(packages, "jaraco.classes", "3.4.0", "LICENSE", "NOTICE")
    installed(packages, "pyinstaller", "6", "COPYING.txt")
    parts = notices.bundled(packages, LOCK)
    assert [part.name for part in parts] == ["jaraco-classes"]
    notices.write_licences(target, parts, known, "1.2.3", contents.ROOT / "LICENSE")
    assert notices.lacking(target, parts) == []
    assert (target / "jaraco-classes-1.txt").read_text(encoding="utf-8").startswith("NOTICE")
    notice = (target / "NOTICE.txt").read_text(encoding="utf-8")
    for told in ("Qt 6.11.1", "FFmpeg 8.1", "x264", "Chromium 140.0", "LGPL-3.txt"):
        assert told in notice
    for name in ("LGPL-3", "GPL-2"):
        assert "GENERAL PUBLIC LICENSE" in (target / f"{name}.txt").read_text(encoding="utf-8")
    (target / "LGPL-3.txt").unlink()
    assert notices.lacking(target, parts) == ["LGPL-3"]


def test_what_brings_no_licence_is_not_given_out(tmp_path: Path, known: dict[str, str]):
    packages = tmp_path / "packages"
    installed(packages, "jaraco.classes", "3.4.0")
    parts = notices.bundled(packages, LOCK)
    with pytest.raises(ValueError, match="jaraco-classes"):
        notices.write_licences(tmp_path / "l", parts, known, "1", contents.ROOT / "LICENSE")


def test_components_are_those_of_the_lock_file_that_are_bundled(tmp_path: Path):
    packages = tmp_path / "packages"
    installed(packages, "jaraco.classes", "3.4.0", "LICENSE")
    made = json.loads(notices.components(LOCK, notices.bundled(packages, LOCK), FACTS))
    names = {each["name"]: each for each in made["components"]}
    assert "pywin32" not in names
    assert names["jaraco.classes"]["licenses"] == [{"license": {"name": "MIT"}}]
    assert names["qt"]["version"] == "6.11.1"
    assert {"ffmpeg", "x264", "chromium", "cpython"} <= set(names)
    assert made["dependencies"] == [{"ref": "ours", "dependsOn": ["a"]}]


# --- icons ----------------------------------------------------------------------------------------


def test_icons_hold_the_picture_in_each_size(tmp_path: Path):
    from PySide6.QtGui import QImageReader

    picture = contents.ROOT / "resources/web/favicon.svg"
    target = tmp_path / "x.ico"
    icons.write(picture, target)
    reader = QImageReader(str(target))
    sizes = []
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        image = reader.read()
        sizes.append(image.width())
        assert image.pixelColor(image.width() // 2, image.width() // 10).name() == "#2f6fde"
    assert sizes == list(icons.ICO_SIZES)
    icons.write(picture, tmp_path / "x.icns")
    data = (tmp_path / "x.icns").read_bytes()
    assert data[:4] == b"icns"
    assert int.from_bytes(data[4:8], "big") == len(data)
    assert all(kind in data for kind in icons.ICNS_KINDS)


def test_windows_is_told_the_version():
    told = icons.version_file("1.2.3")
    compile(told, "version.txt", "eval")
    assert "filevers=(1, 2, 3, 0)" in told
