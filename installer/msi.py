r"""The Windows package: written as WiX source from the tree of a bundle, built by wixl (msitools).

Per machine, silent (`msiexec /i ProjectDesk.msi /qn`), upgraded in place; uninstalling leaves the
data of people alone. Properties for administrators:

- `SERVERADDRESS`: written as the policy `ServerAddress` (docs/admin.md); removed with the product.
- `NOSHORTCUTS=1`: no entry in the Start menu.
- `HOSTFIREWALL=1`: the firewall lets meetings be held on this computer's network.

An upgrade keeps the first two, which are noted in the registry, unless it is told otherwise
(`SERVERADDRESS=none`, `NOSHORTCUTS=0`), and leaves the firewall's rule alone.

wixl 0.101 leaves out custom actions without a word and knows no conditions of components: they are
put in by msibuild, and the result is read back by msiinfo.
"""

from __future__ import annotations

import csv
import io
import subprocess
import tempfile
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree as Tree

NAMESPACE: Final = "http://schemas.microsoft.com/wix/2006/wi"
PRODUCT: Final = "https://projectdesk.example/windows"
UPGRADE_CODE: Final = UUID("6f0b1b2e-5a36-4f6a-9b0e-6c2f6f4f7a11")
"""Of the product in all its versions: never another one."""
CLASSES: Final = r"SOFTWARE\Classes"
POLICIES: Final = r"SOFTWARE\Policies\ProjectDesk"
RULE: Final = "ProjectDesk meetings"
PROPERTIES: Final = ("SERVERADDRESS", "NOSHORTCUTS", "HOSTFIREWALL")
NOTES: Final = r"SOFTWARE\ProjectDesk"
"""Where the installer notes what it was told."""
KEPT: Final = {"SERVERADDRESS": "ServerAddress", "NOSHORTCUTS": "NoShortcuts"}
"""Properties that an upgrade keeps, by the names of their notes."""
_CONDITIONS: Final = {
    "registry/server": 'SERVERADDRESS AND SERVERADDRESS <> "none"',
    "registry/no-shortcuts": 'NOSHORTCUTS AND NOSHORTCUTS <> "0"',
    "shortcut": 'NOT NOSHORTCUTS OR NOSHORTCUTS = "0"',
}
_NETSH: Final = "[SystemFolder]netsh.exe"
_SET: Final = 51
"""Type of a custom action: sets a property."""
_AFTER_SEARCH: Final = 60
_DEFERRED_QUIET: Final = 34 + 1024 + 2048 + 64
"""Type of a custom action: a program by its path; in the script, as the system, failure ignored."""
_ACTIONS: Final = {
    "AddFirewallRule": (
        f'"{_NETSH}" advfirewall firewall add rule name="{RULE}" dir=in action=allow '
        'program="[INSTALLDIR]projectdesk.exe" profile=domain,private',
        'HOSTFIREWALL="1" AND NOT REMOVE',
        5900,
    ),
    "RemoveFirewallRule": (
        f'"{_NETSH}" advfirewall firewall delete rule name="{RULE}"',
        'REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE',
        3450,
    ),
}


def make(tree: Path, out: Path, version: str) -> Path:
    """Build the package of a tree and check what is in it.

    Args:
        tree: a bundle's folder, with `projectdesk.exe` and `projectdesk-desktop.exe`.
        out: where the package goes.
        version: of the product.

    Raises:
        ValueError: the tree is no bundle of Windows, or the package lacks something.
    """
    for name in ("projectdesk.exe", "projectdesk-desktop.exe"):
        if not (tree / name).is_file():
            raise ValueError(f"{tree} has no {name}: it is no bundle made on Windows")
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"ProjectDesk-{version}.msi"
    package.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "product.wxs"
        source.write_bytes(wix_source(tree, version))
        # It looks for files below the folder that it runs in.
        _run("wixl", "--arch", "x64", "--output", package.resolve(), source, within=tree)
        _add_conditions(package)
        _add_actions(package, Path(folder))
    check(package)
    return package


# --- the source -----------------------------------------------------------------------------------


def wix_source(tree: Path, version: str) -> bytes:
    """Return the WiX source of a tree."""
    root = Tree.Element("Wix", {"xmlns": NAMESPACE})
    product = Tree.SubElement(
        root,
        "Product",
        {
            "Id": "*",
            "Name": "ProjectDesk",
            "Manufacturer": "ProjectDesk",
            "Version": version,
            "Language": "1033",
            "UpgradeCode": str(UPGRADE_CODE).upper(),
        },
    )
    Tree.SubElement(
        product,
        "Package",
        {
            "InstallerVersion": "500",
            "Compressed": "yes",
            "InstallScope": "perMachine",
            "Description": f"ProjectDesk {version}",
        },
    )
    later = "A newer version of ProjectDesk is installed already."
    Tree.SubElement(product, "MajorUpgrade", {"DowngradeErrorMessage": later})
    Tree.SubElement(product, "Property", {"Id": "ARPNOMODIFY", "Value": "1"})
    for property_, name in KEPT.items():
        note = Tree.SubElement(product, "Property", {"Id": f"KEPT{property_}"})
        facts = {"Id": f"Search{name}", "Root": "HKLM", "Key": NOTES, "Name": name}
        Tree.SubElement(note, "RegistrySearch", facts | {"Type": "raw", "Win64": "yes"})
    Tree.SubElement(product, "Media", {"Id": "1", "Cabinet": "product.cab", "EmbedCab": "yes"})
    feature = Tree.Element("Feature", {"Id": "Main", "Title": "ProjectDesk", "Level": "1"})
    target = Tree.SubElement(product, "Directory", {"Id": "TARGETDIR", "Name": "SourceDir"})
    programs = Tree.SubElement(target, "Directory", {"Id": "ProgramFiles64Folder"})
    folder = Tree.SubElement(programs, "Directory", {"Id": "INSTALLDIR", "Name": "ProjectDesk"})
    _add_folder(folder, tree, Path(), feature)
    _add_registry(folder, feature)
    _add_shortcut(target, feature)
    product.append(feature)
    Tree.indent(root)
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _identity(kind: str, path: str) -> str:
    """Return an id of WiX: a letter, then letters, digits and underscores; the same each time."""
    return f"{kind}{uuid5(NAMESPACE_URL, f'{PRODUCT}/{kind}/{path}').hex}"


def _component(parent: Tree.Element, feature: Tree.Element, name: str) -> Tree.Element:
    made = _identity("c", name)
    Tree.SubElement(feature, "ComponentRef", {"Id": made})
    guid = str(uuid5(NAMESPACE_URL, f"{PRODUCT}/{name}")).upper()
    return Tree.SubElement(parent, "Component", {"Id": made, "Guid": guid, "Win64": "yes"})


def _add_folder(parent: Tree.Element, tree: Path, below: Path, feature: Tree.Element) -> None:
    for path in sorted((tree / below).iterdir()):
        relative = path.relative_to(tree).as_posix()
        if path.is_dir():
            facts = {"Id": _identity("d", relative), "Name": path.name}
            made = Tree.SubElement(parent, "Directory", facts)
            _add_folder(made, tree, path.relative_to(tree), feature)
            continue
        component = _component(parent, feature, relative)
        facts = {"Id": _identity("f", relative), "Source": relative, "KeyPath": "yes"}
        Tree.SubElement(component, "File", facts | {"Name": path.name})


def _value(parent: Tree.Element, key: str, name: str, value: str, *, first: bool = False) -> None:
    facts = {"Root": "HKLM", "Key": key, "Type": "string", "Value": value}
    if name:
        facts["Name"] = name
    if first:
        facts["KeyPath"] = "yes"
    Tree.SubElement(parent, "RegistryValue", facts)


def _add_registry(folder: Tree.Element, feature: Tree.Element) -> None:
    """Links and files of ours open the program; the preset server is a policy."""
    command = '"[INSTALLDIR]projectdesk-desktop.exe" "%1"'
    link = _component(folder, feature, "registry/link")
    scheme = rf"{CLASSES}\projectdesk"
    _value(link, scheme, "", "URL:ProjectDesk", first=True)
    _value(link, scheme, "URL Protocol", "")
    _value(link, rf"{scheme}\shell\open\command", "", command)
    file = _component(folder, feature, "registry/file")
    kind = "ProjectDesk.Project"
    _value(file, rf"{CLASSES}\.projectdesk", "", kind, first=True)
    _value(file, rf"{CLASSES}\{kind}", "", "ProjectDesk project")
    _value(file, rf"{CLASSES}\{kind}\DefaultIcon", "", "[INSTALLDIR]projectdesk-desktop.exe,0")
    _value(file, rf"{CLASSES}\{kind}\shell\open\command", "", command)
    server = _component(folder, feature, "registry/server")
    _value(server, POLICIES, "ServerAddress", "[SERVERADDRESS]", first=True)
    _value(server, NOTES, KEPT["SERVERADDRESS"], "[SERVERADDRESS]")
    bare = _component(folder, feature, "registry/no-shortcuts")
    _value(bare, NOTES, KEPT["NOSHORTCUTS"], "[NOSHORTCUTS]", first=True)


def _add_shortcut(target: Tree.Element, feature: Tree.Element) -> None:
    menu = Tree.SubElement(target, "Directory", {"Id": "ProgramMenuFolder"})
    component = _component(menu, feature, "shortcut")
    Tree.SubElement(
        component,
        "Shortcut",
        {
            "Id": "StartMenu",
            "Name": "ProjectDesk",
            "Description": "Run a consortium and its meetings",
            "Target": "[INSTALLDIR]projectdesk-desktop.exe",
            "WorkingDirectory": "INSTALLDIR",
        },
    )
    _value(component, NOTES, "Shortcut", "1", first=True)


# --- what wixl leaves out, and looking at the result ----------------------------------------------


def _add_conditions(package: Path) -> None:
    """Let properties decide on parts, and let a person who installs hand them to the system."""
    for name, condition in _CONDITIONS.items():
        where = f"`Component` = '{_identity('c', name)}'"
        _sql(package, f"UPDATE `Component` SET `Condition` = '{condition}' WHERE {where}")
    known = {row["Property"]: row["Value"] for row in rows(package, "Property")}
    secure = ";".join(filter(None, (known.get("SecureCustomProperties", ""), *PROPERTIES)))
    if "SecureCustomProperties" in known:
        where = "`Property` = 'SecureCustomProperties'"
        _sql(package, f"UPDATE `Property` SET `Value` = '{secure}' WHERE {where}")
    else:
        _query(package, "Property", ("Property", "Value"), ("SecureCustomProperties", secure))


def _add_actions(package: Path, folder: Path) -> None:
    known = tables(package)
    if "CustomAction" not in known:
        _import(package, folder, "CustomAction", _CUSTOM_ACTION)
    for name, (command, condition, order) in _ACTIONS.items():
        action = (name, str(_DEFERRED_QUIET), "INSTALLDIR", command)
        _query(package, "CustomAction", ("Action", "Type", "Source", "Target"), action)
        step = (name, condition, str(order))
        _query(package, "InstallExecuteSequence", ("Action", "Condition", "Sequence"), step)
    for order, name in enumerate(KEPT, _AFTER_SEARCH):
        action = (f"Keep{name}", str(_SET), name, f"[KEPT{name}]")
        _query(package, "CustomAction", ("Action", "Type", "Source", "Target"), action)
        step = (f"Keep{name}", f"KEPT{name} AND NOT {name}", str(order))
        _query(package, "InstallExecuteSequence", ("Action", "Condition", "Sequence"), step)


_CUSTOM_ACTION: Final = (
    "Action\tType\tSource\tTarget\tExtendedType\r\n"
    "s72\ti2\tS72\tS255\tI4\r\n"
    "CustomAction\tAction\r\n"
)
"""An empty table of custom actions, as `msibuild -i` reads it (Windows Installer's .idt)."""


def _import(package: Path, folder: Path, table: str, content: str) -> None:
    path = folder / f"{table}.idt"
    path.write_bytes(content.encode("ascii"))
    _run("msibuild", package, "-i", path)


def _query(package: Path, table: str, columns: tuple[str, ...], row: tuple[str, ...]) -> None:
    quoted = ", ".join(
        text if column in {"Type", "Sequence"} else "'" + text.replace("'", "") + "'"
        for column, text in zip(columns, row, strict=True)
    )
    names = ", ".join(f"`{column}`" for column in columns)
    _sql(package, f"INSERT INTO `{table}` ({names}) VALUES ({quoted})")


def _sql(package: Path, query: str) -> None:
    _run("msibuild", package, "-q", query)


def tables(package: Path) -> set[str]:
    """Return the names of a package's tables."""
    return set(_read("msiinfo", "tables", package).split())


def rows(package: Path, table: str) -> list[dict[str, str]]:
    """Return a table of a package, by the names of its columns."""
    lines = _read("msiinfo", "export", package, table).splitlines()
    names = lines[0].split("\t")
    found = csv.reader(io.StringIO("\n".join(lines[3:])), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [dict(zip(names, row, strict=False)) for row in found if row]


def check(package: Path) -> None:
    """Read a package back.

    Raises:
        ValueError: something that the source asked for is not in it.
    """
    actions = {row["Action"] for row in rows(package, "CustomAction")}
    sequence = {row["Action"] for row in rows(package, "InstallExecuteSequence")}
    missing = (set(_ACTIONS) - actions) | (set(_ACTIONS) - sequence)
    missing |= {f"Keep{name}" for name in KEPT} - sequence
    missing |= {"RemoveExistingProducts", "WriteRegistryValues", "CreateShortcuts"} - sequence
    if missing:
        raise ValueError(f"{package.name} lacks {', '.join(sorted(missing))}")
    conditions = {row["Condition"] for row in rows(package, "Component")}
    known = {row["Property"]: row["Value"] for row in rows(package, "Property")}
    secure = known.get("SecureCustomProperties", "").split(";")
    if not set(_CONDITIONS.values()) <= conditions or not set(PROPERTIES) <= set(secure):
        raise ValueError(f"{package.name} does not heed its properties")
    keys = {row["Key"] for row in rows(package, "Registry")}
    wanted = {rf"{CLASSES}\projectdesk", rf"{CLASSES}\.projectdesk", POLICIES}
    if not wanted <= keys:
        raise ValueError(f"{package.name} does not write {', '.join(sorted(wanted - keys))}")


def _run(*command: str | Path, within: Path | None = None) -> None:
    subprocess.run([str(part) for part in command], cwd=within, check=True)


def _read(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, text=True
    )
    return done.stdout
