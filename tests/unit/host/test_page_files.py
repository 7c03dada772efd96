"""Pages name what they are made of; what lies under an edition's address never changes."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from hashlib import sha256

import pytest

from projectdesk import resources
from projectdesk.host.http.page_files import PageFiles

_PAGE = """<head>
    <link rel="stylesheet" href="/static/css/base.css">
    <script type="module" src="/static/call.js"></script>
</head>
"""


@pytest.fixture
def folder(tmp_path):
    """Return a small folder of a page: `call.js` imports, at once and later."""
    write(tmp_path, "call.html", _PAGE)
    write(tmp_path, "css/base.css", "body { margin: 0; }")
    write(
        tmp_path,
        "call.js",
        'import { a } from "./view/a.js";\nimport {\n  b,\n  c,\n} from "./b.js";\n'
        'import "./side.js";\nconst later = () => import("./later.js");\n',
    )
    write(tmp_path, "view/a.js", 'export { b } from "../b.js";\nexport const from = "./no.js";\n')
    write(
        tmp_path, "b.js", '/**\n * @typedef {import("./types.js").T} T\n */\nexport const b = 1;\n'
    )
    for name in ("side.js", "later.js", "types.js", "no.js", "i18n/en.js", "i18n/de.js"):
        write(tmp_path, name, f"// {name}\n")
    write(tmp_path, "types.d.ts", "export type T = 1;\n")
    return tmp_path


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def read(folder):
    files = PageFiles(folder)
    files.refresh()
    return files


def test_a_page_names_at_its_head_the_modules_that_start_with_it(folder):
    assert read(folder).modules("call.js") == [
        "call.js", "view/a.js", "b.js", "side.js",
    ]  # fmt: skip


def test_a_page_names_everything_under_the_edition(folder):
    files = read(folder)
    text = files.page("call.html", ["de-AT"]).body.decode()
    named = re.findall(r'"/static/~(\w+)/([^"]+)"', text)
    assert {edition for edition, _ in named} == {files.edition}
    assert [name for _, name in named] == [
        "css/base.css", "call.js", "i18n/de.js", "view/a.js", "b.js", "side.js", "call.js",
    ]  # fmt: skip
    assert text.count('rel="modulepreload"') == 5
    assert '"/static/c' not in text


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        (["de"], "de"),
        (["", "xx", "DE-ch", "en"], "de"),
        ([], "en"),
        (["../../call", "en/../de"], "en"),
    ],
)
def test_the_texts_that_the_visitor_wants_come_with_the_modules(folder, wanted, texts):
    text = read(folder).page("call.html", wanted).body.decode()
    assert re.findall(r"/i18n/(\w+)\.js", text) == [texts]


def test_another_content_is_another_edition_and_another_page(folder):
    files = read(folder)
    edition, page = files.edition, files.page("call.html", [])
    write(folder, "b.js", 'import "./no.js";\n')
    os.utime(folder / "b.js", (1, 1))
    files.refresh()
    assert files.edition != edition
    assert files.page("call.html", []).tag != page.tag
    assert "no.js" in files.modules("call.js")
    assert read(folder).edition == files.edition


def test_the_same_content_elsewhere_is_the_same_edition(folder, tmp_path_factory):
    """Nodes of one server need not ask each other."""
    other = tmp_path_factory.mktemp("other")
    for path in sorted(folder.rglob("*.*"), reverse=True):
        write(other, path.relative_to(folder).as_posix(), path.read_text())
    assert read(other).edition == read(folder).edition


def test_files_that_vanish_while_an_update_replaces_them_leave_what_was_read(folder):
    files = read(folder)
    edition = files.edition
    (folder / "b.js").unlink()
    (folder / "b.js").symlink_to("gone.js")
    files.refresh()
    assert (files.edition, files.find("b.js") is None) == (edition, False)
    with pytest.raises(OSError, match=r"b\.js"):
        read(folder)


def test_only_known_kinds_are_found(folder):
    files = read(folder)
    assert files.find("types.d.ts") is None
    assert files.find("css") is None
    assert files.find("../call.js") is None


def test_a_file_is_compressed_where_that_saves_something(folder):
    write(folder, "long.js", "const again = 1;\n" * 100)
    files = read(folder)
    long, short = files.find("long.js"), files.find("side.js")
    assert gzip.decompress(long.packed) == long.body
    assert len(long.packed) < len(long.body) / 5
    assert short.packed is None


@pytest.fixture
def gathered(folder, tmp_path_factory):
    """Return a folder of modules gathered from those of `folder` as they are."""
    made = tmp_path_factory.mktemp("page")
    write(made, "call.js", 'import {\n  a\n} from "./part-A.js";\n')
    write(made, "part-A.js", "export const a = 1;\n")
    write(made, "i18n/de.js", "export const de = {};\n")
    lines = (
        f"{path.relative_to(folder).as_posix()} {sha256(path.read_bytes()).hexdigest()[:16]}\n"
        for path in sorted(folder.rglob("*.js"), key=lambda one: one.relative_to(folder).as_posix())
    )
    sources = sha256("".join(lines).encode()).hexdigest()[:16]
    write(made, "manifest.json", json.dumps({"sources": sources}))
    return made


def names_in(files, language="de"):
    text = files.page("call.html", [language]).body.decode()
    return re.findall(r'"/static/~\w+/([^"]+\.js)"', text)


def test_a_page_names_gathered_modules_where_they_are_of_the_files_of_now(folder, gathered):
    files = PageFiles(folder, gathered)
    files.refresh()
    assert names_in(files) == [
        "gathered/call.js", "gathered/i18n/de.js", "gathered/part-A.js", "gathered/call.js",
    ]  # fmt: skip
    assert files.find("gathered/part-A.js").body == b"export const a = 1;\n"
    edition = files.edition
    write(folder, "view/a.js", "export const a = 2;\n")
    files.refresh()
    assert files.edition != edition
    assert names_in(files)[0] == "call.js"


def test_a_manifest_that_is_being_written_is_none(folder, gathered):
    write(gathered, "manifest.json", '{"sources": "')
    files = PageFiles(folder, gathered)
    files.refresh()
    assert names_in(files)[0] == "call.js"


def test_a_folder_that_is_away_for_a_moment_leaves_what_was_read(folder):
    files = PageFiles(folder)
    files.refresh()
    edition = files.edition
    away = folder.rename(folder.with_name(f"{folder.name}-away"))
    files.refresh()
    assert (files.edition, names_in(files)[0]) == (edition, "call.js")
    with pytest.raises(FileNotFoundError):
        PageFiles(folder).refresh()
    away.rename(folder)


def test_what_an_editor_puts_beside_a_file_is_not_looked_at(folder):
    (folder / ".#call.js").symlink_to("somebody@elsewhere.1234")
    files = PageFiles(folder)
    files.refresh()
    assert files.find(".#call.js") is None
    assert files.find("call.js") is not None


def test_files_are_looked_at_once_a_second_however_often_a_page_is_asked_for(folder):
    files = PageFiles(folder)
    files.refresh_at(100.0)
    edition = files.edition
    write(folder, "view/a.js", "export const a = 3;\n")
    files.refresh_at(100.9)
    assert files.edition == edition
    files.refresh_at(101.0)
    assert files.edition != edition


@pytest.mark.full
def test_gathered_modules_hold_what_the_page_imports(tmp_path):
    """By the real tool, in a copy: current, few, and nothing that is loaded later among them."""
    node = shutil.which("node")
    if node is None or not (resources.root().parent / "node_modules" / "esbuild").is_dir():
        pytest.skip("needs node and node_modules of a checkout")
    root = resources.root().parent
    shutil.copytree(root / "resources" / "web", tmp_path / "resources" / "web")
    shutil.copytree(root / "tools", tmp_path / "tools")
    (tmp_path / "node_modules").symlink_to(root / "node_modules")
    subprocess.run([node, tmp_path / "tools" / "page.mjs", tmp_path], check=True, timeout=120)
    files = PageFiles(tmp_path / "resources" / "web", tmp_path / "build" / "page")
    files.refresh()
    for page, entry in (("call.html", "call"), ("desk.html", "desk"), ("check.html", "check")):
        languages = {path.stem for path in (root / "resources" / "web" / "i18n").glob("*.js")}
        for language in languages:
            text = files.page(page, [language]).body.decode()
            named = re.findall(r'"/static/~\w+/([^"]+\.js)"', text)
            assert named[0] == named[-1] == f"gathered/{entry}.js"
            assert 3 < len(named) < 12
            assert all(name.startswith("gathered/") and files.find(name) for name in named)
            assert not {"gathered/view/editor.js", "gathered/vendor/yjs.js"} & set(named)
            assert named[1] == f"gathered/i18n/{language}.js"


def test_the_call_pages_modules_are_found_as_a_browser_finds_them():
    """By another rule than ours: every module that some found one imports when it starts."""
    web = resources.path("web")
    files = read(web)
    for entry in ("call.js", "desk.js", "check.js"):
        found = files.modules(entry)
        assert len(found) == len(set(found)) > 20
        page = files.page(entry.replace(".js", ".html"), []).body.decode()
        named = re.findall(r'"/static/~\w+/([^"]+)"', page)
        assert set(found) < set(named)
        assert all(files.find(one) for one in named)
        for name in found:
            code = re.sub(r"/\*.*?\*/", "", (web / name).read_text("utf-8"), flags=re.DOTALL)
            for statement in re.split(r";\s*\n", code):
                if re.match(r"\s*(?:import|export)\s", statement) and " from " in statement:
                    target = re.search(r'from "([^"]+)"\s*$', statement)
                    if target:
                        path = ((web / name).parent / target[1]).resolve()
                        assert path.relative_to(web.resolve()).as_posix() in found
