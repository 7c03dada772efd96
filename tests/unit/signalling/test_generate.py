from __future__ import annotations

import json

from projectdesk.signalling import generate


def test_generated_files_are_not_stale(root):
    assert generate.stale(root) == []


def test_check_names_a_stale_file(tmp_path):
    for path, text in generate.generated(tmp_path).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert generate.stale(tmp_path) == []
    changed = tmp_path / "docs" / "signalling.schema.json"
    changed.write_text("{}", encoding="utf-8")
    assert generate.stale(tmp_path) == [changed]


def test_every_reference_of_the_schema_resolves():
    schema = json.loads(generate.json_schema())

    def references(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "$ref":
                    yield inner
                else:
                    yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    found = set(references(schema))
    assert found
    assert {reference.removeprefix("#/$defs/") for reference in found} <= set(schema["$defs"])
    assert {"call.Publish", "media.Publish"} <= set(schema["$defs"])


def test_defaults_are_optional_only_in_what_a_page_sends():
    text = generate.typescript()
    assert "resume?: string;" in text
    assert "inReplyTo: string | null;" in text
