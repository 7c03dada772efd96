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

from installer import build, deb, dmg, msi, signing
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


SECRETS = {
    "APPLE_SIGNING_IDENTITY": "Developer ID Application: X",
    "APPLE_INSTALLER_IDENTITY": "Developer ID Installer: X",
    "APPLE_ID": "x@example.org",
    "APPLE_TEAM_ID": "TEAM",
    "APPLE_APP_PASSWORD": "very secret",
}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app in small: programs, a library, a framework with a helper within."""
    made = tmp_path / "ProjectDesk.app"
    engine = made / "Contents/Frameworks/PySide6/Qt/lib/QtWebEngineCore.framework/Versions/A"
    helper = engine / "Helpers/QtWebEngineProcess.app/Contents/MacOS/QtWebEngineProcess"
    for path in (
        made / "Contents/MacOS/projectdesk",
        made / "Contents/MacOS/projectdesk-desktop",
        made / "Contents/Frameworks/libpython.dylib",
        engine / "QtWebEngineCore",
        helper,
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\xcf\xfa\xed\xfe, and so on")
    (engine / "Resources").mkdir()
    (engine / "Resources" / "README").write_bytes(b"a text")
    (made / "Contents/Frameworks/link.dylib").symlink_to("libpython.dylib")
    return made


def test_an_app_is_signed_from_the_inside_out(app: Path, tmp_path: Path) -> None:
    steps = dmg.commands(app, tmp_path, "1.0.0", SECRETS)
    signed = [Path(step[-1]).name for step in steps if step[0] == "codesign" and "--sign" in step]
    assert signed[-2:] == ["ProjectDesk.app", "ProjectDesk-1.0.0.dmg"]
    assert {"QtWebEngineProcess", "QtWebEngineCore.framework", "libpython.dylib"} < set(signed)
    for inner in app.rglob("*"):
        for outer in inner.parents:
            if inner.name in signed and outer.name in signed:
                assert signed.index(inner.name) < signed.index(outer.name)
    assert all("runtime" in step for step in steps if step[0] == "codesign" and "--sign" in step)
    assert "link.dylib" not in signed
    assert "README" not in signed


def test_each_part_of_an_app_is_allowed_what_it_needs(app: Path, tmp_path: Path) -> None:
    steps = dmg.commands(app, tmp_path, "1.0.0", SECRETS)
    rights = {
        Path(step[-1]).name: Path(step[step.index("--entitlements") + 1]).name
        for step in steps
        if "--entitlements" in step
    }
    assert rights == {
        "QtWebEngineProcess": "helper.plist",
        "QtWebEngineProcess.app": "helper.plist",
        "projectdesk": "entitlements.plist",
        "projectdesk-desktop": "entitlements.plist",
        "ProjectDesk.app": "entitlements.plist",
    }
    helper = plistlib.loads(dmg.HELPER_ENTITLEMENTS.read_bytes())
    assert helper["com.apple.security.cs.allow-jit"]
    assert helper["com.apple.security.cs.disable-library-validation"]


def test_what_is_given_out_is_notarised_where_secrets_are_given(app: Path, tmp_path: Path) -> None:
    steps = dmg.commands(app, tmp_path, "1.0.0", SECRETS)
    told = [(step[1], Path(step[3]).suffix) for step in steps if step[0] == "xcrun"]
    assert told == [
        ("notarytool", ".dmg"),
        ("stapler", ".dmg"),
        ("notarytool", ".pkg"),
        ("stapler", ".pkg"),
    ]
    assert dmg.missing(SECRETS) == []
    unsigned = dmg.commands(app, tmp_path, "1.0.0", {})
    assert not any("xcrun" in step for step in unsigned)
    assert unsigned[0][5] == "-"
    assert not any("--timestamp" in step for step in unsigned)
    assert len(dmg.missing({})) == 3


def test_a_dry_run_says_each_command_and_no_password(
    app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    certificates = {"APPLE_CERTIFICATES": "AAAA", "APPLE_CERTIFICATES_PASSWORD": "also secret"}
    for name, value in (SECRETS | certificates).items():
        monkeypatch.setenv(name, value)
    words = ["dmg", "--app", str(app), "--out", str(tmp_path / "out"), "--dry-run"]
    assert build.main(words) == 0
    said = capsys.readouterr().out
    for told in ("security create-keychain", "codesign", "hdiutil", "productbuild", "notarytool"):
        assert told in said
    assert "very secret" not in said
    assert "also secret" not in said
    assert "$APPLE_APP_PASSWORD" in said
    assert list((tmp_path / "out").iterdir()) == []


def test_the_app_starts_the_windowed_program() -> None:
    info = dmg.info("1.2.3")
    assert info["CFBundleExecutable"] == "projectdesk-desktop"
    assert info["LSBackgroundOnly"] is False
    assert info["CFBundleShortVersionString"] == info["CFBundleVersion"] == "1.2.3"
    assert "projectdesk-desktop" in (HERE / "projectdesk.spec").read_text(encoding="utf-8")


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


def test_what_is_not_signed_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "projectdesk.exe"
    with pytest.raises(ValueError, match=r"projectdesk\.exe"):
        signing.sign_windows([program], {})
    program.write_bytes(b"MZ")
    assert signing.sign_windows([program], {}) is False
    assert signing.sign_checksums(tmp_path / "SHA256SUMS", {}) is False
    said = capsys.readouterr().out
    assert "WINDOWS_CERTIFICATE" in said
    assert "GPG_PRIVATE_KEY" in said


def test_windows_is_signed_by_the_newest_tool(tmp_path: Path) -> None:
    for version in ("10.0.19041.0", "10.0.22621.0"):
        (tmp_path / version / "x64").mkdir(parents=True)
        (tmp_path / version / "x64" / "signtool.exe").touch()
    tool = signing.signtool(tmp_path)
    assert tool.parts[-3] == "10.0.22621.0"
    command = signing.windows_command(tool, Path("c.pfx"), "secret", [Path("a.msi")])
    assert command[1] == "sign"
    assert command[-1] == "a.msi"
    assert {"/fd", "SHA256", "/tr", signing.TIMESTAMPS} <= set(command)
    with pytest.raises(ValueError, match="Windows SDK"):
        signing.signtool(tmp_path / "none")


@pytest.mark.full
def test_checksums_are_signed_with_the_key_that_is_given(tmp_path: Path) -> None:
    if not shutil.which("gpg"):
        pytest.skip("no gpg")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    base = ["gpg", "--homedir", str(home), "--batch"]
    made = [*base, "--passphrase", "", "--quick-generate-key", "Test <t@example.org>", "ed25519"]
    subprocess.run(made, check=True, capture_output=True)
    key = subprocess.run(
        [*base, "--armor", "--export-secret-keys"], check=True, capture_output=True, text=True
    ).stdout
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("0  a\n", encoding="ascii")
    assert signing.sign_checksums(sums, {"GPG_PRIVATE_KEY": key})
    check = [*base, "--verify", f"{sums}.asc", str(sums)]
    assert subprocess.run(check, check=False, capture_output=True).returncode == 0
    sums.write_text("1  a\n", encoding="ascii")
    assert subprocess.run(check, check=False, capture_output=True).returncode != 0
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)
