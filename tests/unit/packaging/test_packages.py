"""What administrators install, as far as it can be looked at without the systems it is for."""

from __future__ import annotations

import configparser
import plistlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from defusedxml import ElementTree

from installer import build, deb, dmg, msi
from projectdesk.desktop.incoming import SCHEME, SUFFIX
from projectdesk.policy.sources import REGISTRY
from projectdesk.policy.templates import BUNDLE

HERE = Path(build.__file__).parent


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A bundle's folder in small, with names as they come."""
    made = tmp_path / "tree"
    (made / "_internal" / "Qt é").mkdir(parents=True)
    for name in ("projectdesk.exe", "projectdesk-desktop.exe", "_internal/Qt é/Qt6 Core.dll"):
        (made / name).write_bytes(name.encode())
    return made


def test_a_windows_package_has_the_tree_and_heeds_its_properties(
    tree: Path, tmp_path: Path
) -> None:
    package = msi.make(tree, tmp_path / "out", "1.2.3")
    known = {row["Property"]: row["Value"] for row in msi.rows(package, "Property")}
    assert (known["ProductVersion"], known["ALLUSERS"]) == ("1.2.3", "1")
    assert set(msi.PROPERTIES) <= set(known["SecureCustomProperties"].split(";"))
    written = {(row["Key"], row["Name"]): row["Value"] for row in msi.rows(package, "Registry")}
    assert written[REGISTRY, "ServerAddress"] == "[SERVERADDRESS]"
    assert written[rf"{msi.CLASSES}\{SCHEME}", "URL Protocol"] == ""
    assert written[rf"{msi.CLASSES}\{SUFFIX}", ""] == "ProjectDesk.Project"
    actions = {row["Action"]: row for row in msi.rows(package, "CustomAction")}
    assert "[INSTALLDIR]projectdesk.exe" in actions["AddFirewallRule"]["Target"]
    order = {row["Action"]: row for row in msi.rows(package, "InstallExecuteSequence")}
    assert order["AddFirewallRule"]["Condition"].startswith("HOSTFIREWALL")
    begun, ended = (int(order[name]["Sequence"]) for name in ("InstallFiles", "InstallFinalize"))
    assert begun < int(order["AddFirewallRule"]["Sequence"]) < ended
    out = tmp_path / "extracted"
    subprocess.run(["msiextract", "-C", str(out), str(package)], check=True, capture_output=True)
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert len(found) == 3
    assert any(name.endswith("ProjectDesk/_internal/Qt é/Qt6 Core.dll") for name in found)


def test_an_upgrade_replaces_and_keeps_the_same_parts(tree: Path, tmp_path: Path) -> None:
    """Windows knows a part by its GUID: the same file must have the same one in each version."""
    first = msi.make(tree, tmp_path / "1", "1.0.0")
    second = msi.make(tree, tmp_path / "2", "1.1.0")
    ids = [{row["ComponentId"] for row in msi.rows(each, "Component")} for each in (first, second)]
    assert ids[0] == ids[1]
    codes = [
        {row["Property"]: row["Value"] for row in msi.rows(each, "Property")}
        for each in (first, second)
    ]
    assert codes[0]["UpgradeCode"] == codes[1]["UpgradeCode"]
    assert codes[0]["ProductCode"] != codes[1]["ProductCode"]
    detected = {row["ActionProperty"] for row in msi.rows(second, "Upgrade")}
    assert detected == {"WIX_UPGRADE_DETECTED", "WIX_DOWNGRADE_DETECTED"}


def test_what_is_no_bundle_of_windows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"projectdesk\.exe"):
        msi.make(tmp_path, tmp_path / "out", "1.0.0")


def test_macos_asks_for_devices_and_opens_what_is_ours() -> None:
    info = plistlib.loads((HERE / "macos" / "Info.plist").read_bytes())
    for device in ("Camera", "Microphone", "ScreenCapture"):
        assert info[f"NS{device}UsageDescription"]
    (urls,) = info["CFBundleURLTypes"]
    assert urls["CFBundleURLSchemes"] == [SCHEME]
    assert urls["CFBundleURLName"] == BUNDLE
    (kind,) = info["UTExportedTypeDeclarations"]
    assert kind["UTTypeTagSpecification"]["public.filename-extension"] == [SUFFIX[1:]]
    (opened,) = info["CFBundleDocumentTypes"]
    assert opened["LSItemContentTypes"] == [kind["UTTypeIdentifier"]]
    rights = plistlib.loads((HERE / "macos" / "entitlements.plist").read_bytes())
    assert rights["com.apple.security.cs.allow-jit"]
    assert rights["com.apple.security.device.camera"]


def test_an_app_is_signed_from_the_inside_out(tmp_path: Path) -> None:
    app = tmp_path / "ProjectDesk.app"
    helper = app / "Contents/Frameworks/QtWebEngineProcess.app"
    helper.mkdir(parents=True)
    (app / "Contents/Frameworks/libQt6Core.dylib").write_bytes(b"")
    secrets = {
        "APPLE_SIGNING_IDENTITY": "Developer ID Application: X",
        "APPLE_ID": "x@example.org",
        "APPLE_TEAM_ID": "TEAM",
        "APPLE_APP_PASSWORD": "secret",
    }
    steps = dmg.commands(app, tmp_path / "x.dmg", secrets)
    signed = [step[-1] for step in steps if "--sign" in step]
    assert [Path(path).name for path in signed] == [
        "libQt6Core.dylib",
        "QtWebEngineProcess.app",
        "ProjectDesk.app",
        "x.dmg",
    ]
    assert all("runtime" in step for step in steps if "--sign" in step)
    assert [step[:2] for step in steps[-2:]] == [["xcrun", "notarytool"], ["xcrun", "stapler"]]
    unsigned = dmg.commands(app, tmp_path / "x.dmg", {})
    assert not any("xcrun" in step for step in unsigned)
    assert unsigned[0][5] == "-"


def test_a_debian_package_says_what_it_needs(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "opt/projectdesk").mkdir(parents=True)
    (root / "opt/projectdesk/projectdesk").write_bytes(b"x" * 4096)
    deb.put_files(root, build.version())
    deb.settle_modes(root / "opt/projectdesk")
    deb.control(root, build.version(), "amd64", ["libstdc++6"])
    facts = dict(
        line.split(": ", 1)
        for line in (root / "DEBIAN/control").read_text(encoding="utf-8").splitlines()
        if re.match(r"[A-Z][\w-]+: ", line)
    )
    assert facts["Version"] == build.version()
    assert {"libnss3", "libstdc++6"} <= set(facts["Depends"].split(", "))
    if shutil.which("dpkg-deb"):
        made = tmp_path / "x.deb"
        command = ["dpkg-deb", "--root-owner-group", "--build", str(root), str(made)]
        subprocess.run(command, check=True, capture_output=True)
    entry = configparser.ConfigParser(interpolation=None, strict=False)
    entry.read(root / "usr/share/applications/projectdesk.desktop", encoding="utf-8")
    kinds = entry["Desktop Entry"]["MimeType"].split(";")
    assert f"x-scheme-handler/{SCHEME}" in kinds
    mime = ElementTree.parse(root / "usr/share/mime/packages/projectdesk.xml").getroot()
    (kind,) = list(mime)
    assert kind.get("type") in kinds
    assert (root / "usr/bin/projectdesk").resolve() == root / "opt/projectdesk/projectdesk"


def test_checksums_are_read_by_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "a.deb").write_bytes(b"a")
    build.make_checksums(tmp_path)
    build.make_checksums(tmp_path)
    listed = (tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line.split("  ")[1] for line in listed] == ["a.deb"]
