"""Templates for the tools of administrators, made from the one list of keys.

- ADMX and ADML: group policies of Windows (Microsoft's schema
  `http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions`, revision 1.0).
- `.mobileconfig`: a profile of macOS that sets the keys (com.apple.ManagedClient.preferences).
- JSON: an example, and its JSON Schema (2020-12).
"""

from __future__ import annotations

import json
import plistlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Tree

from projectdesk.policy.keys import KEYS, MOST_DAYS, Form, Key
from projectdesk.policy.sources import REGISTRY

NAMESPACE: Final = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
BUNDLE: Final = "org.projectdesk.ProjectDesk"
_LANGUAGE: Final = "en-US"
_CATEGORY: Final = "ProjectDesk"


def templates() -> dict[str, bytes]:
    """Return every template by its file name, folders with `/`."""
    return {
        "ProjectDesk.admx": _xml(_admx()),
        f"{_LANGUAGE}/ProjectDesk.adml": _xml(_adml()),
        f"{BUNDLE}.mobileconfig": plistlib.dumps(_profile()),
        "policy.example.json": _json(_examples()),
        "policy.schema.json": _json(_schema()),
    }


def _examples() -> dict[str, Any]:
    return {key.name: key.example for key in KEYS.values()}


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _xml(root: Tree.Element) -> bytes:
    Tree.indent(root)
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


# --- Windows --------------------------------------------------------------------------------------


def _root(name: str) -> Tree.Element:
    return Tree.Element(name, {"xmlns": NAMESPACE, "revision": "1.0", "schemaVersion": "1.0"})


def _admx() -> Tree.Element:
    root = _root("policyDefinitions")
    spaces = Tree.SubElement(root, "policyNamespaces")
    Tree.SubElement(spaces, "target", {"prefix": "projectdesk", "namespace": BUNDLE})
    Tree.SubElement(root, "resources", {"minRequiredRevision": "1.0"})
    supported = Tree.SubElement(Tree.SubElement(root, "supportedOn"), "definitions")
    Tree.SubElement(supported, "definition", {"name": "Any", "displayName": "$(string.Any)"})
    categories = Tree.SubElement(root, "categories")
    Tree.SubElement(
        categories, "category", {"name": _CATEGORY, "displayName": f"$(string.{_CATEGORY})"}
    )
    policies = Tree.SubElement(root, "policies")
    for key in KEYS.values():
        _add_policy(policies, key)
    return root


def _add_policy(policies: Tree.Element, key: Key) -> None:
    facts = {
        "name": key.name,
        "class": "Machine",
        "displayName": f"$(string.{key.name})",
        "explainText": f"$(string.{key.name}_Explain)",
        "key": REGISTRY,
    }
    if key.form is Form.FLAG:
        facts["valueName"] = key.name
    else:
        facts["presentation"] = f"$(presentation.{key.name})"
    policy = Tree.SubElement(policies, "policy", facts)
    Tree.SubElement(policy, "parentCategory", {"ref": _CATEGORY})
    Tree.SubElement(policy, "supportedOn", {"ref": "Any"})
    if key.form is Form.FLAG:
        for state, number in (("enabledValue", "1"), ("disabledValue", "0")):
            value = Tree.SubElement(policy, state)
            Tree.SubElement(value, "decimal", {"value": number})
        return
    elements = Tree.SubElement(policy, "elements")
    named = {"id": key.name, "valueName": key.name, "required": "true"}
    if key.form is Form.DAYS:
        Tree.SubElement(elements, "decimal", named | {"minValue": "0", "maxValue": str(MOST_DAYS)})
    else:
        Tree.SubElement(elements, "text", named)


def _adml() -> Tree.Element:
    root = _root("policyDefinitionResources")
    Tree.SubElement(root, "displayName").text = "ProjectDesk"
    Tree.SubElement(root, "description").text = "What is settled for ProjectDesk on a computer."
    resources = Tree.SubElement(root, "resources")
    strings = Tree.SubElement(resources, "stringTable")
    texts = {"Any": "Every version of ProjectDesk", _CATEGORY: "ProjectDesk"}
    for key in KEYS.values():
        separate = " Separate several by commas." if key.form is Form.LIST else ""
        texts |= {key.name: key.title, f"{key.name}_Explain": key.meaning + separate}
    for name, words in texts.items():
        Tree.SubElement(strings, "string", {"id": name}).text = words
    shown = Tree.SubElement(resources, "presentationTable")
    for key in KEYS.values():
        if key.form is Form.FLAG:
            continue
        presentation = Tree.SubElement(shown, "presentation", {"id": key.name})
        if key.form is Form.DAYS:
            spun = {"refId": key.name, "defaultValue": str(key.example)}
            Tree.SubElement(presentation, "decimalTextBox", spun).text = key.title
            continue
        box = Tree.SubElement(presentation, "textBox", {"refId": key.name})
        Tree.SubElement(box, "label").text = key.title
    return root


# --- macOS and Linux ------------------------------------------------------------------------------


def _profile() -> dict[str, Any]:
    settings = {key.name: key.example for key in KEYS.values() if key.name != "DataFolder"}
    forced = [{"mcx_preference_settings": settings}]
    payload = {
        "PayloadContent": {BUNDLE: {"Forced": forced}},
        "PayloadEnabled": True,
        **_payload("com.apple.ManagedClient.preferences", "settings"),
    }
    return {
        "PayloadContent": [payload],
        "PayloadDisplayName": "ProjectDesk",
        "PayloadRemovalDisallowed": True,
        "PayloadScope": "System",
        **_payload("Configuration", "profile"),
    }


def _payload(kind: str, name: str) -> Mapping[str, Any]:
    return {
        "PayloadIdentifier": f"{BUNDLE}.{name}",
        "PayloadType": kind,
        "PayloadUUID": str(uuid5(NAMESPACE_URL, f"{BUNDLE}.{name}")).upper(),
        "PayloadVersion": 1,
    }


_FORMS: Final[Mapping[Form, Mapping[str, Any]]] = {
    Form.TEXT: {"type": "string"},
    Form.DAYS: {"type": "integer", "minimum": 0, "maximum": MOST_DAYS},
    Form.FLAG: {"type": "boolean"},
    Form.LIST: {"type": "array", "items": {"type": "string"}},
}


def _schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ProjectDesk policy",
        "type": "object",
        "properties": {
            key.name: {"title": key.title, "description": key.meaning, **_FORMS[key.form]}
            for key in KEYS.values()
        },
    }
