"""Every catalogue of every language: complete, nothing unknown, the same places, not overlong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import pytest

from projectdesk import catalogues, resources
from projectdesk.catalogues import (
    ENGLISH,
    Text,
    category,
    first_known,
    form,
    known,
    languages,
    right_to_left,
    written,
)
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.rules.agenda_template import (
    RISK_WORDS,
    AgendaTemplate,
    Plan,
    Presenter,
    TemplateItem,
    fill,
)
from projectdesk.services.agenda_templates import OURS, agenda_template

KINDS = ("desktop", "documents", "mail", "rules", "agendas", "doctor", "errors", "labels")
KEYED_BY_ENGLISH = {"desktop", "agendas", "errors", "labels"}
LISTS = {
    "months": (12,),
    "days": (7,),
    "invitation.months": (12,),
    "invitation.days": (7,),
    "invitation.days_short": (7,),
    "invitation.nth": (5, 35),
}
"""Texts that are lists parted by blanks, and how long."""
CATEGORIES = {"zero", "one", "two", "few", "many", "other"}
TAGS = [tag for tag in languages("desktop") if tag != ENGLISH]
FILES = [(kind, tag) for kind in KINDS for tag in languages(kind) if tag != ENGLISH]


texts_of = cache(written)
"""What the file of a kind and a language says, read once."""


@cache
def source(kind: str) -> Mapping[str, Text]:
    """Return the English texts of a kind; those of some kinds are their own keys."""
    if kind in KEYED_BY_ENGLISH:
        return {key: catalogues.without_sense(key) for key in texts_of(kind, "de")}
    return texts_of(kind, ENGLISH)


def forms(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def longest(text: Text) -> int:
    return max(map(len, forms(text)))


@pytest.mark.parametrize(("kind", "tag"), FILES)
class TestFile:
    def test_its_language_is_known(self, kind: str, tag: str) -> None:
        assert tag in known()

    def test_it_says_all_and_nothing_else(self, kind: str, tag: str) -> None:
        said, wanted = texts_of(kind, tag).keys(), source(kind).keys()
        assert sorted(wanted - said) == [], "not translated"
        assert sorted(said - wanted) == [], "not said in German"
        assert all(text.strip() for each in texts_of(kind, tag).values() for text in forms(each))

    def test_each_form_has_the_places_of_the_english(self, kind: str, tag: str) -> None:
        wrong = {}
        for key, text in texts_of(kind, tag).items():
            wanted = set().union(*(places(each) for each in forms(source(kind)[key])))
            for each in forms(text):
                missing, more = wanted - places(each), places(each) - wanted
                may_lack = {"count"} if not isinstance(text, str) else set()
                if missing - may_lack or more:
                    wrong[key] = each
        assert wrong == {}

    def test_plural_forms_are_those_of_the_language(self, kind: str, tag: str) -> None:
        used = {category(tag, number) for number in (*range(200), 1_000_000)}
        for key, text in texts_of(kind, tag).items():
            if isinstance(text, str):
                continue
            assert set(text) <= CATEGORIES, key
            # Millions are written as other numbers are, unless said otherwise.
            assert used - set(text) <= {"many" if "other" in text else "other"}, (key, used)

    def test_no_text_is_overlong(self, kind: str, tag: str) -> None:
        # Errors are sentences in lines of their own; the others are beside something.
        more, few = (1.6, 20) if kind == "errors" else (1.3, 6)
        limits = {
            key: max(len(forms(text)[0]), longest(german)) * more + few
            for (key, text), german in zip(
                source(kind).items(),
                (texts_of(kind, "de")[key] for key in source(kind)),
                strict=True,
            )
        }
        long = {
            key: text
            for key, text in texts_of(kind, tag).items()
            if not key.startswith(("reply.", "line."))
            and key not in LISTS
            and longest(text) > limits[key]
        }
        assert long == {}

    def test_lists_have_their_length(self, kind: str, tag: str) -> None:
        for key, text in texts_of(kind, tag).items():
            if kind not in KEYED_BY_ENGLISH and key in LISTS:
                lengths = LISTS[key]
                assert len(form(text, tag).split(" ")) in lengths, key

    def test_blanks_at_the_ends_stay(self, kind: str, tag: str) -> None:
        for key, text in texts_of(kind, tag).items():
            english = forms(source(kind)[key])[0]
            for each in forms(text):
                assert each[:1].isspace() == english[:1].isspace(), each
                assert each[-1:].isspace() == english[-1:].isspace(), each


def test_english_and_german_are_whole() -> None:
    for kind in KINDS:
        assert {"en", "de"} <= set(languages(kind)), kind


@pytest.mark.parametrize(
    ("tag", "numbers"),
    [
        ("en", {"one": [1], "other": [0, 2, 11, 21]}),
        ("de", {"one": [1], "other": [0, 2, 100]}),
        ("da", {"one": [1], "other": [0, 2, 100]}),
        ("fr", {"one": [0, 1], "other": [2, 12, 100], "many": [1_000_000]}),
        ("es", {"one": [1], "other": [0, 2], "many": [1_000_000, 2_000_000]}),
        ("it", {"one": [1], "other": [0, 21], "many": [1_000_000]}),
        ("pl", {"one": [1], "few": [2, 3, 4, 22, 104], "many": [0, 5, 12, 14, 21, 111, 112]}),
        (
            "ar",
            {
                "zero": [0],
                "one": [1],
                "two": [2],
                "few": [3, 10, 103, 110],
                "many": [11, 99, 111],
                "other": [100, 101, 102, 200],
            },
        ),
        ("xx", {"one": [1], "other": [0, 2]}),
    ],
)
def test_plural_categories_are_those_of_cldr(tag: str, numbers: dict[str, list[int]]) -> None:
    found = {name: [n for n in row if category(tag, n) == name] for name, row in numbers.items()}
    assert found == numbers


def test_a_form_follows_the_count_and_falls_back_to_what_there_is() -> None:
    text = {"one": "1 plik", "few": "{count} pliki", "many": "{count} plików"}
    assert [form(text, "pl", n) for n in (1, 2, 5, 12, 22)] == [
        "1 plik", "{count} pliki", "{count} plików", "{count} plików", "{count} pliki",
    ]  # fmt: skip
    assert form(text, "pl") == "{count} plików"
    assert form({"one": "jour", "other": "jours"}, "fr", 0) == "jour"
    assert form({"one": "jour", "other": "jours"}, "fr", 1_000_000) == "jours"
    assert form("plain", "pl", 3) == "plain"


def test_a_sense_is_a_short_word_and_never_shown() -> None:
    """A bar is no letter of any text that is keyed by English, and parts a key but once."""
    for kind in KEYED_BY_ENGLISH:
        for tag in languages(kind):
            if tag == ENGLISH:
                continue
            for key, text in texts_of(kind, tag).items():
                assert re.fullmatch(r"[^|]+(\|[a-z]+)?", key, re.DOTALL), key
                assert "|" not in "".join(forms(text)), text
    assert catalogues.without_sense("Open|verb") == "Open"
    assert catalogues.without_sense("Open") == "Open"


def test_a_sense_is_given_only_where_a_language_has_two_words() -> None:
    """Else the key is one too many."""
    shown: dict[str, set[str]] = {}
    for key in texts_of("desktop", "de"):
        shown.setdefault(catalogues.without_sense(key), set()).add(key)
    for word, keys in shown.items():
        tellings = [[str(texts_of("desktop", tag)[key]) for tag in TAGS] for key in keys]
        assert len({tuple(told) for told in tellings}) == len(keys), word


def test_somebody_gets_the_first_language_that_there_is() -> None:
    assert first_known("mail", ["xx", "de-AT", "en"]) == "de"
    assert first_known("mail", []) == ENGLISH
    assert right_to_left("ar")
    assert not right_to_left("de")
    assert not right_to_left("xx")


def test_agendas_say_nothing_that_is_not_translated() -> None:
    said = {"Break", "Work package", "and {count} more", "occurred", *RISK_WORDS.values()}
    said.add("{reported} PM reported, {planned} PM planned to date ({percent} %)")
    said |= {"Action", "What", "Who", "Due", "late"}  # of the table of open actions
    for kind in OURS:
        template = agenda_template(kind)
        said |= {template.title, template.break_title}
        for item in template.items:
            said |= {item.title, item.section, item.description, item.track}
    assert said - {""} == source("agendas").keys()


def test_an_agenda_is_in_the_language_of_documents() -> None:
    german = agenda_template(MeetingType.GENERAL_ASSEMBLY, "de")
    assert german.title == "Generalversammlung"
    assert german.break_title == "Pause"
    assert german.type == "general_assembly"
    plan = Plan("TIDE", Presenter(), partners=tuple(f"P{n}" for n in range(30)), language="de")
    listed = TemplateItem("Partner", lists=("partners",))
    (made,) = fill(AgendaTemplate("Reihum", (listed,)), plan)
    assert made.description.endswith("- und 10 weitere")


def test_what_a_language_does_not_say_is_english(tmp_path, monkeypatch) -> None:
    (tmp_path / "i18n").mkdir()
    for tag, words in (("en", '{"a": "one", "b": "two"}'), ("de", '{"a": "eins"}')):
        (tmp_path / "i18n" / f"letters.{tag}.json").write_text(words, encoding="utf-8")
    monkeypatch.setattr(resources, "path", tmp_path.joinpath)
    assert catalogues.catalogue("letters", "de") == {"a": "eins", "b": "two"}
    assert catalogues.written("letters", "de") == {"a": "eins"}
