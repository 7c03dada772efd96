"""The catalogues hold what the code says, with the same places."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale

from projectdesk import resources
from projectdesk.desktop import language
from projectdesk.desktop.language import LANGUAGES, say, say_count
from projectdesk.desktop.models.mail_sentences import in_language
from projectdesk.desktop.models.words import all_words
from projectdesk.services import replies

DESKTOP = Path(__file__).resolve().parents[3] / "src" / "projectdesk" / "desktop"


def spoken() -> set[str]:
    """Return every English text that the desktop says."""
    texts = set(all_words())
    for file in DESKTOP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            given = {"say": node.args[:1], "say_count": node.args[1:3]}.get(node.func.id, [])
            for argument in given:
                for part in ast.walk(argument):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        texts.add(part.value)
    return texts


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture
def german(qapp) -> Iterator[None]:
    before = QLocale()
    translators = language.install(qapp, "de")
    yield
    for translator in translators:
        QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(before)


def test_the_current_language_is_the_installed_one(german):
    assert language.current() == "de"
    QLocale.setDefault(QLocale("fr"))
    assert language.current() == "en"


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "en"])
def test_a_catalogue_has_every_text_and_no_other(name):
    file = resources.path("i18n", f"desktop.{name}.json")
    texts = json.loads(file.read_text(encoding="utf-8"))
    wanted = spoken()
    assert sorted(wanted - texts.keys()) == [], "not translated"
    assert sorted(texts.keys() - wanted) == [], "no longer said"
    for english, translated in texts.items():
        assert places(english) == places(translated), english
        assert translated.strip(), english


def test_english_is_the_source(qapp):
    assert say("Meetings") == "Meetings"
    assert say("Deleted {what}.", what="WP3") == "Deleted WP3."
    assert say_count(1, "{count} link copied.", "{count} links copied.") == "1 link copied."
    assert say_count(2, "{count} link copied.", "{count} links copied.") == "2 links copied."


def test_german_is_spoken_and_so_are_its_dates(german):
    assert say("Meetings") == "Besprechungen"
    assert say("Deleted {what}.", what="AP3") == "AP3 gelöscht."
    assert say("A text that nobody translated") == "A text that nobody translated"
    assert QLocale().name().startswith("de")


def test_the_language_is_the_system_s_or_english():
    assert language.resolve("de") == "de"
    assert language.resolve("xx") == "en"
    assert language.resolve("") in LANGUAGES


def test_a_poll_has_one_word_in_german():
    texts = json.loads(resources.path("i18n", "desktop.de.json").read_text(encoding="utf-8"))
    assert [each for each in texts.values() if "abfrage" in each.casefold()] == []
    assert texts["New date poll"] == "Neue Terminumfrage"


def test_what_was_written_down_of_a_mail_is_said_in_the_reader_s_language(german):
    assert in_language("Margit Aava accepts.") == "Margit Aava sagt zu."
    late = "Dr. Jan Lis accepts tentatively, but a later answer is known. Nothing was changed."
    assert in_language(late).startswith("Dr. Jan Lis sagt unter Vorbehalt zu, aber eine spätere")
    tailed = in_language("Ada declines. Sent by office@example.org.")
    assert tailed == "Ada sagt ab. Gesendet von office@example.org."
    polled = "Ada, “WP2: when?”: 2 of 4 dates answered. Not read: maybe"
    assert (
        in_language(polled)
        == "Ada, „WP2: when?“: 2 von 4 Terminen beantwortet. Nicht gelesen: maybe"
    )
    assert in_language("The connection broke.") == "Die Verbindung brach ab."
    assert in_language("550 5.1.1 no such user here") == "550 5.1.1 no such user here"


@pytest.mark.parametrize("sentence", replies._SENTENCES.values())
def test_every_sentence_on_an_answer_is_known(german, sentence):
    written = f"Ada {sentence.replace('{says}', 'declines')}"
    assert in_language(written) != written
