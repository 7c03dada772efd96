"""What steps of a trail say, in the language of a document; what people wrote stays."""

from __future__ import annotations

import pytest

from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.exchange.documents.trail_texts import text_in
from projectdesk.exchange.documents.words import languages, words

ZONE = "Europe/Copenhagen"


@pytest.mark.parametrize(
    ("step", "text", "german"),
    [
        (AuditStep.BEGUN, "TIDE: Kick-off, revision 2", "TIDE: Kick-off, Fassung 2"),
        (
            AuditStep.CIRCULATED,
            "Until 2026-03-25T22:59:59Z, to Ana Reis, Rui",
            "Bis 25. März 2026, 23:59 (Copenhagen), an Ana Reis, Rui",
        ),
        (AuditStep.NOTIFIED, "to a file: Ana", "in eine Datei: Ana"),
        (
            AuditStep.OBJECTION_ANSWERED,
            "declined: It was 10 kEUR.",
            "abgelehnt: It was 10 kEUR.",
        ),
        (AuditStep.ACCEPTED, "nobody objected", "ohne fristgerechten Einwand"),
        (AuditStep.ACCEPTED, "Maya: the window is over", "Maya: die Einwandfrist ist vorbei"),
        (AuditStep.ACCEPTED, "Maya: approved at Board 3", "Maya: genehmigt bei Board 3"),
        (AuditStep.VETO_WITHDRAWN, "LAB: D4: deleted", "LAB: D4: gelöscht"),
        (AuditStep.ATTENDANCE_CORRECTED, "Ana Reis: as measured", "Ana Reis: wie gemessen"),
        (AuditStep.TIMES_CORRECTED, "as measured or planned", "wie gemessen oder geplant"),
    ],
)
def test_what_the_program_said_is_told_in_the_documents_language(step, text, german):
    assert text_in(step, text, ZONE, words("de")) == german


def test_corrections_of_attendance_are_told_with_their_times():
    said = "Ana: present from 2026-03-10T09:20Z until 2026-03-10T10:00Z (phone); absent"
    told = text_in(AuditStep.ATTENDANCE_CORRECTED, said, ZONE, words("de"))
    assert told.startswith("Ana: anwesend 10. März 2026, 10:20")
    assert told.endswith("(phone); abwesend")


@pytest.mark.parametrize("language", sorted(languages()))
def test_what_people_wrote_and_what_is_not_known_stays(language):
    for step in (*AuditStep, "of_a_newer_program"):
        assert text_in(step, "Ana Reis: approved, until then", ZONE, words(language)) == (
            "Ana Reis: approved, until then"
        )
