"""The catalogues hold what the code says, with the same places."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt

from projectdesk import catalogues, resources
from projectdesk.desktop import language
from projectdesk.desktop.language import languages, say, say_count, speaking
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


@pytest.fixture
def german(qapp) -> Iterator[None]:
    with speaking(qapp, "de"):
        yield


def test_the_current_language_is_the_installed_one(german):
    assert language.current() == "de"
    QLocale.setDefault(QLocale("fi"))
    assert language.current() == "en"


def test_the_german_catalogue_has_every_text_and_no_other():
    """The other languages are compared with it in `tests/unit/languages`."""
    file = resources.path("i18n", "desktop.de.json")
    texts = json.loads(file.read_text(encoding="utf-8"))
    wanted = spoken()
    assert sorted(wanted - texts.keys()) == [], "not translated"
    assert sorted(texts.keys() - wanted) == [], "no longer said"


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


def test_a_word_of_two_senses_has_two_words(qapp):
    assert say("Open") == say("Open|verb") == "Open"
    with speaking(qapp, "de"):
        assert (say("Open"), say("Open|verb")) == ("Offen", "Öffnen")
        assert say("A text|that nobody translated") == "A text"
    with speaking(qapp, "fr"):
        assert (say("Time"), say("Time|spent")) == ("Heure", "Temps")
        assert (say("Proxy"), say("Proxy|network")) == ("Procuration", "Proxy")


def test_a_count_has_its_form_in_the_language(qapp, monkeypatch):
    links = {"one": "{count} link", "few": "{count} linki", "many": "{count} linków"}
    texts = {"{count} links copied.": links}
    monkeypatch.setattr(catalogues, "catalogue", lambda kind, tag: texts)
    with speaking(qapp, "pl"):
        said = [say("{count} links copied.", count=n) for n in (1, 2, 5, 12, 22)]
        assert said == ["1 link", "2 linki", "5 linków", "12 linków", "22 linki"]
        assert say("{count} links copied.", count="22") == "22 linki"


def test_only_the_language_that_is_spoken_is_read(qapp, monkeypatch):
    read: list[str] = []
    found = catalogues.catalogue

    def noted(kind, tag):
        read.append(f"{kind}.{tag}")
        return found(kind, tag)

    monkeypatch.setattr(catalogues, "catalogue", noted)
    with speaking(qapp, "de"):
        assert say("Meetings") == "Besprechungen"
    assert read == ["desktop.de"]


def test_each_language_has_qt_s_words_and_its_own_locale(qapp):
    for name in languages():
        with speaking(qapp, name):
            assert QLocale().name()[:2] == name
            assert say("Meetings").strip()
            cancel = QCoreApplication.translate("QPlatformTheme", "Cancel")
            assert (cancel == "Cancel") == (name == "en")
            right = qapp.layoutDirection() is Qt.LayoutDirection.RightToLeft
            assert right == (name == "ar")


def test_the_language_is_the_system_s_or_english():
    assert language.resolve("de") == "de"
    assert language.resolve("xx") == "en"
    assert language.resolve("") in languages()


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


def test_what_became_of_votes_and_answers_to_minutes_is_said_in_the_readers_language(german):
    voted = "Rui Test, “Move the budget?”: votes: against."
    assert in_language(voted) == "Rui Test, „Move the budget?“: stimmt ab: dagegen."
    unclear = "Rui Test, “Move it?”: to be looked at, nothing was counted: it votes in two ways."
    assert in_language(unclear).endswith("gezählt: sie stimmt auf zwei Arten ab.")
    objected = "Rui Test, minutes of “Board 2”: objection 3 is to be answered: No: 10."
    assert in_language(objected).endswith("Einwand 3 ist zu beantworten: No: 10.")
