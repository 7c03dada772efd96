"""Sentences that are put in words when they are shown: findings, and words within errors."""

from __future__ import annotations

import pickle
import re

import pytest

from projectdesk import catalogues
from projectdesk.catalogues import ENGLISH
from projectdesk.desktop.language import languages, say_error, say_refusal, say_worded, speaking
from projectdesk.errors import BadRow, NotFound, RemoteProtocolError, UnreadableFile
from projectdesk.exchange.calendar import read_calendar
from projectdesk.exchange.findings import KEPT_PER_CODE, Findings, said_by
from projectdesk.exchange.plan_formats import recognised
from projectdesk.worded import Worded, why, worded


def test_a_sentence_is_its_english_text_and_keeps_what_it_was_made_of():
    said = worded("{pic} has no name: left out.", pic="123")
    assert said == "123 has no name: left out."
    assert isinstance(said, str)
    assert (said.template, said.facts) == ("{pic} has no name: left out.", {"pic": "123"})


def test_it_survives_a_process_boundary_whole():
    said = worded("{name}: {text}", name="Ada", text=worded("a date"))
    again = pickle.loads(pickle.dumps(said))
    assert (again, again.template) == (said, said.template)
    assert isinstance(again.facts["text"], Worded)


def test_why_is_what_an_exception_was_raised_with():
    assert isinstance(why(ValueError(worded("a title"))), Worded)
    assert why(KeyError("x")) == "'x'"


def test_a_finding_is_said_in_the_reader_s_language(qapp):
    inner = worded("“{name}” was read as {zone}", name="CET", zone="Europe/Paris")
    with speaking(qapp, "de"):
        said = say_worded(worded("{name}: {text}", name="Ada", text=inner))
    assert said == "Ada: „CET“ wurde als Europe/Paris gelesen"
    assert say_worded(inner) == inner


def test_what_people_wrote_is_not_translated(qapp):
    with speaking(qapp, "de"):
        assert say_worded("a date") == "a date"
        assert say_worded(worded("{name} was passed over.", name="a date")).startswith("a date ")
        assert say_worded(worded("A text of a later version.")) == "A text of a later version."


def test_the_finding_of_more_of_a_kind_counts(qapp):
    findings = Findings()
    for row in range(KEPT_PER_CODE + 2):
        findings.add("a.csv", row, "", "short_row", worded("a date"))
    with speaking(qapp, "fr"):
        assert say_worded(findings.all()[-1].text) == "2 autres du même genre (short_row)"


BENT = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:20270201T090000Z
DTEND:20270201T080000Z
RRULE:FREQ=OFTEN
EXRULE:FREQ=DAILY;BYDAY=XX
EXDATE:soon
SEQUENCE:two
STATUS:PERHAPS
END:VEVENT
END:VCALENDAR
"""


def test_what_is_bent_in_an_event_is_said_in_the_language(qapp):
    found = [each.text for each in read_calendar(BENT).findings]
    with speaking(qapp, "de"):
        assert sorted(say_worded(text) for text in found) == [
            "STATUS PERHAPS; ausgelassen",
            "endet, bevor es beginnt; wie ohne Ende gelesen",
            "kein Datum und keine Uhrzeit: „soon“; ausgelassen",
            "kein Wochentag: „XX“; ausgelassen",
            "keine Häufigkeit: „OFTEN“; gelesen, als wiederhole es sich nicht",
            "keine UID; sie wird aus den Angaben des Termins gebildet",
            "keine Zahl: TWO; als 0 gelesen",
        ]


def test_what_a_refused_file_is_is_said_in_the_language(qapp, tmp_path):
    path = tmp_path / "plan.xml"
    path.write_text("<html></html>")
    with pytest.raises(UnreadableFile) as plan:
        recognised(path)
    with pytest.raises(UnreadableFile) as events:
        read_calendar(BENT.replace(b"DTSTART", b"X-START"), "a.ics")
    with speaking(qapp, "de"):
        assert say_error(plan.value) == (
            "plan.xml ist eine Webseite (trotz ihres Namens) und wird nicht als "
            "Arbeitsplan gelesen. Öffnen Sie die Datei in Excel oder LibreOffice, und speichern "
            "Sie sie als .xlsx."
        )
        assert "er hat keinen Beginn (DTSTART)" in say_error(events.value)


def test_a_file_that_was_passed_over_says_in_the_language_what_its_error_says(qapp):
    error = NotFound("no_such_project", "There is no project “{wanted}”.", wanted="{TIDE}")
    assert said_by(error) == error.text
    with speaking(qapp, "de"):
        assert say_worded(said_by(error)) == "Es gibt kein Projekt „{TIDE}“."


def test_a_field_and_a_kind_of_record_have_their_names_in_the_language(qapp):
    text = "{title}: {field} was changed in the file and here; {words}."
    said = worded(text, title="WP3", field="lead partner", words=worded("yours stays"))
    gone = NotFound("not_found", "This {noun} does not exist any more.", noun="work package")
    with speaking(qapp, "de"):
        assert say_worded(said).startswith("WP3: ")
        assert "lead partner" not in say_worded(said)
        assert say_error(gone) == "Diesen Eintrag gibt es nicht mehr (Arbeitspaket)."


def test_what_an_error_expected_is_said_in_the_language(qapp):
    error = BadRow(
        "bad_cell",
        "{file}, row {row}, column {column}: found {found}; expected {expected}.",
        file="a.csv", row=2, column="Title", found=worded("nothing"), expected=worded("a title"),
    )  # fmt: skip
    with speaking(qapp, "de"):
        again = pickle.loads(pickle.dumps(error))
        assert say_error(again).endswith("gefunden nichts; erwartet ein Titel.")
    assert error.text.endswith("found nothing; expected a title.")


def test_a_host_refuses_in_the_reader_s_language(qapp):
    english = "The chair has locked the meeting. Nobody new is let in."
    refused = RemoteProtocolError("locked", english)
    assert say_error(refused) == say_refusal("locked", english) == english
    with speaking(qapp, "de"):
        assert say_refusal("locked", english).startswith("Der Vorsitz hat")
        assert say_error(refused) == say_refusal("locked", english)
        assert say_refusal("a_code_of_a_later_host", "Wait.") == "Wait."


@pytest.mark.parametrize("tag", languages())
def test_every_page_has_a_text_for_the_same_refusals(tag):
    said, english = catalogues.refusals(tag), catalogues.refusals(ENGLISH)
    assert len(english) > 100
    assert said.keys() == english.keys()
    for code, text in english.items():
        places = set(re.findall(r"\{\w+\}", text))
        assert set(re.findall(r"\{\w+\}", said[code])) == places, code
