"""The audit trail of a written procedure: told of everything, and every change to it shows."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from docx import Document
from sqlalchemy import delete, text, update

from projectdesk.domain.rules.audit_chain import AuditStep, Fault
from projectdesk.domain.voting import Vote
from projectdesk.errors import DomainError
from projectdesk.exchange.documents.words import languages
from projectdesk.services import audit, audit_anchor, commands
from projectdesk.services.audit_anchor import Kept
from projectdesk.services.procedure_records import TRAILS_SINCE
from projectdesk.services.rows import Kind
from projectdesk.store import schema
from tests.support.erased_texts import erase_text
from tests.support.pdf_ua import assert_accessible
from tests.unit.procedures.conftest import EARLIEST, QUESTION

UNFIXED = ("audit_entry_no_delete", "audit_entry_no_update")


def steps(procedure):
    return [(row.step, row.text) for row in audit.trail(procedure.workspace, procedure.id)]


def verified(procedure):
    """Return the procedure's chain, as `verify-audit` finds it."""
    found = audit.verify(procedure.workspace, procedure.vote.project_id)
    return next(chain for chain in found if chain.vote_id == procedure.id)


def broken(procedure):
    found = verified(procedure).broken
    return None if found is None else (found.seq, found.fault)


def closed(host):
    host.clock.now = EARLIEST + timedelta(minutes=5)
    host.collect()
    commands.settle_procedures(host.procedure.workspace)


def forge(workspace, *statements):
    """Change the database past the application, as somebody who has the file does."""
    with workspace.change("Forge") as unit:
        for trigger in UNFIXED:
            name = trigger if workspace.local else "audit_entry_fixed ON audit_entry"
            unit.session.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        for statement in statements:
            unit.session.execute(statement)


def cut(workspace, chain, after):
    tables = (schema.audit_text, schema.audit_entry)
    forge(
        workspace,
        *(delete(t).where(t.c.minutes_id == chain, t.c.seq > after) for t in tables),
    )


def forget_end(workspace, chain):
    setting, key = schema.setting, audit_anchor.anchor_key(chain, Kind.VOTE)
    forge(workspace, delete(setting).where(setting.c.key == key))


def test_a_procedure_from_its_opening_to_a_veto(host, workspace, clock):
    procedure = host.procedure
    opening = clock.now
    commands.note_asked(workspace, [procedure.seat("UNI").id])
    host.vote("UNI", "for", "Gladly.")
    received = host.entries[-1].at
    host.vote("LAB", "against")
    host.vote("LAB", "for")  # both come in one collection: each is told
    host.collect()
    commands.note_asked(workspace, [procedure.seat("FIRM").id], reminder=True)
    procedure.enter(FIRM="for")
    closed(host)
    commands.tell_result(workspace, procedure.id, by_mail=False)
    host.veto("FIRM", "It takes our budget.")
    host.collect()
    host.veto("FIRM", "")
    host.collect()

    told = audit.trail(workspace, procedure.id)
    assert [(row.step, row.text) for row in told][1:] == [
        (AuditStep.ASKED, "UNI, Maya Test"),
        (AuditStep.VOTED, "for: UNI, Maya Test, by link: Gladly."),
        (AuditStep.VOTED, "against: LAB, Inês Test, by link"),
        (AuditStep.VOTED, "for: LAB, Inês Test, by link"),
        (AuditStep.REMINDED, "FIRM, Kiri Test"),
        (AuditStep.VOTED, "for: FIRM, Kiri Test, by hand (Maya Test)"),
        (AuditStep.COUNTED, procedure.vote.words),
        (AuditStep.RESULT_TOLD, f"veto until {procedure.vote.veto_until:%Y-%m-%dT%H:%MZ}"),
        (AuditStep.VETOED, "FIRM: D1: It takes our budget."),
        (AuditStep.VETO_WITHDRAWN, "FIRM: D1"),
    ]
    assert told[0].step is AuditStep.OPENED
    assert told[0].at == opening
    assert QUESTION in (told[0].text or "")
    assert told[2].at == received, "when the host received it, not when it was collected"
    assert told[2].subject_id == procedure.seat("UNI").id
    assert (broken(procedure), verified(procedure).end) == (None, Kept.SIGNED)
    assert verified(procedure).procedure == f"{procedure.vote.project}-V1"


@pytest.mark.full
def test_nothing_is_told_of_a_draft_or_a_vote_of_a_meeting(assembly, workspace):
    draft = assembly.create()
    commands.change_procedure(workspace, draft.id, description="Because.")
    assert audit.trail(workspace, draft.id) == []
    assert audit.verify(workspace) == []
    commands.cancel_procedure(workspace, draft.id)
    assert audit.verify(workspace) == []


@pytest.mark.full
def test_documents_are_fixed_by_their_hashes(assembly, workspace, tmp_path):
    paper = tmp_path / "Budget.pdf"
    paper.write_bytes(b"%PDF budget")
    procedure = assembly.create()
    commands.attach_documents(workspace, Kind.VOTE, procedure.id, [paper])
    commands.open_procedure(workspace, procedure.id)
    (document,) = procedure.detail().documents
    assert steps(procedure)[1:] == [
        (AuditStep.DOCUMENT_FIXED, f"Budget.pdf: SHA-256 {document.sha256}")
    ]
    other = update(schema.document).where(schema.document.c.id == document.id)
    forge(workspace, other.values(sha256="0" * 64))
    assert broken(procedure) == (2, Fault.DIFFERS)


@pytest.mark.full
def test_what_is_taken_back_and_links_are_told(opened, workspace):
    opened.enter(UNI="for")
    commands.undo(workspace)
    opened.enter(UNI="against")
    opened.enter(UNI="")
    seat = opened.seat("LAB")
    commands.renew_ballot_link(workspace, seat.id)
    commands.revoke_ballot_link(workspace, seat.id)
    commands.set_voter(workspace, opened.seat("FIRM").id, opened.seat("UNI").voter_id)
    commands.cancel_procedure(workspace, opened.id)
    assert [step for step, _ in steps(opened)][1:] == [
        AuditStep.VOTED,
        AuditStep.VOTE_WITHDRAWN,
        AuditStep.VOTED,
        AuditStep.VOTE_WITHDRAWN,
        AuditStep.LINK_RENEWED,
        AuditStep.READER_REVOKED,
        AuditStep.VOTER_CHANGED,
        AuditStep.CANCELLED,
    ]
    assert broken(opened) is None


class TestWhoeverChangesIt:
    @pytest.mark.full
    def test_a_step_that_says_something_else(self, opened, workspace):
        opened.enter(UNI="for")
        said = schema.audit_text
        named = said.c.minutes_id == opened.id
        forge(workspace, update(said).where(named, said.c.seq == 2).values(text="against: UNI"))
        assert broken(opened) == (2, Fault.TEXT)

    @pytest.mark.full
    def test_a_step_that_happened_at_another_time(self, opened, workspace):
        opened.enter(UNI="for")
        entry = schema.audit_entry
        later = workspace.now() + timedelta(days=1)
        forge(workspace, update(entry).where(entry.c.seq == 2).values(at=later))
        assert broken(opened) == (2, Fault.CHANGED)

    @pytest.mark.full
    def test_an_end_that_was_cut(self, opened, host, workspace):
        host.vote("UNI", "for")
        host.vote("LAB", "against")
        host.collect()
        cut(workspace, opened.id, after=2)
        assert broken(opened) == (3, Fault.UNTOLD)
        seat = schema.vote_seat
        fitted = update(seat).where(seat.c.id == opened.seat("LAB").id)
        forge(workspace, fitted.values(choice="", voted_at=None))
        assert broken(opened) == (3, Fault.CUT)

    @pytest.mark.full
    def test_a_whole_trail_that_is_gone(self, assembly, opened, workspace, clock):
        clock.advance(minutes=5)
        second = assembly.create(deadline=EARLIEST + timedelta(days=9))
        commands.open_procedure(workspace, second.id)
        cut(workspace, second.id, after=0)
        forget_end(workspace, second.id)
        assert broken(second) == (1, Fault.UNTOLD)
        assert broken(opened) is None

    @pytest.mark.parametrize(
        "values",
        [
            {"choice": "against"},
            pytest.param({"choice": "", "voted_at": None}, marks=pytest.mark.full),
        ],
    )
    def test_a_ballot_in_the_records(self, opened, workspace, values):
        opened.enter(UNI="for")
        seat = schema.vote_seat
        mine = update(seat).where(seat.c.id == opened.seat("UNI").id)
        forge(workspace, mine.values(**values))
        assert broken(opened) == (2, Fault.DIFFERS)

    @pytest.mark.full
    def test_the_result_and_the_question_in_the_records(self, host, workspace):
        for partner in ("UNI", "LAB", "FIRM"):
            host.vote(partner, "for")
        closed(host)
        vote, mine = schema.vote, schema.vote.c.id == host.procedure.id
        words = host.procedure.vote.words
        forge(workspace, update(vote).where(mine).values(words="Lost."))
        assert broken(host.procedure) == (5, Fault.DIFFERS)
        forge(workspace, update(vote).where(mine).values(words=words, question="All to LAB."))
        assert broken(host.procedure) == (1, Fault.DIFFERS)


@pytest.mark.full
def test_a_procedure_of_before_trails_begins_its_trail_later(opened, host, workspace):
    host.vote("UNI", "for")
    host.collect()
    cut(workspace, opened.id, after=0)
    forget_end(workspace, opened.id)
    setting = schema.setting
    forge(workspace, delete(setting).where(setting.c.key == TRAILS_SINCE))
    assert broken(opened) is None, "no procedure had a trail then"
    host.vote("LAB", "for")
    host.collect()
    assert [step for step, _ in steps(opened)] == [AuditStep.BEGUN, AuditStep.VOTED]
    assert broken(opened) is None
    cut(workspace, opened.id, after=1)
    assert broken(opened) == (2, Fault.CUT)


def test_nothing_links_a_secret_ballot_to_its_voter(opened, host, workspace):
    with workspace.change("Make it secret") as unit:
        unit.get(Vote, opened.id).secret = True
    host.vote("UNI", "for", "Gladly.")
    host.vote("LAB", "against", "Never.")
    host.collect()
    opened.enter(FIRM="abstain")
    told = audit.trail(workspace, opened.id)[1:]
    assert [(row.step, row.text) for row in told] == [
        (AuditStep.VOTED, "UNI, Maya Test"),
        (AuditStep.VOTED, "LAB, Inês Test"),
        (AuditStep.VOTED, "FIRM, Kiri Test"),
    ]
    assert broken(opened) is None


@pytest.mark.full
def test_what_is_erased_of_a_person_does_not_break_it(opened, workspace):
    opened.enter(UNI="for")
    with workspace.change("Erase") as unit:
        erase_text(unit, opened.id, 2)
    assert steps(opened)[1] == (AuditStep.VOTED, None)
    assert broken(opened) is None


@pytest.mark.full
def test_a_decision_that_binds_is_told(host, workspace, clock):
    for partner in ("UNI", "LAB", "FIRM"):
        host.vote(partner, "for")
    closed(host)
    commands.tell_result(workspace, host.procedure.id, by_mail=False)
    clock.now = host.procedure.vote.veto_until + timedelta(minutes=1)
    host.collect()
    commands.settle_procedures(workspace)
    assert steps(host.procedure)[-1] == (AuditStep.DECISION_BINDS, "D1")
    assert broken(host.procedure) is None


class TestFiles:
    @pytest.mark.full
    def test_tables(self, opened, workspace, tmp_path):
        opened.enter(UNI="for")
        assert commands.export_procedure_trail(workspace, opened.id, tmp_path / "t.csv") == 2
        lines = (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()
        assert lines[0] == "seq,at,step,subject,text,hash"
        assert "voted" in lines[-1]
        commands.export_procedure_trail(workspace, opened.id, tmp_path / "t.json")
        found = json.loads((tmp_path / "t.json").read_text("utf-8"))
        assert found["question"] == QUESTION
        head = audit.trail(workspace, opened.id)[-1].hash
        assert found["steps"][-1]["hash"] == head

    @pytest.mark.full
    def test_documents_in_their_languages(self, host, workspace, tmp_path):
        procedure = host.procedure
        host.vote("UNI", "for")
        closed(host)
        said = procedure.vote.said
        for language in languages():
            out = tmp_path / f"{language}.md"
            commands.export_procedure_trail(workspace, procedure.id, out, language)
            found = out.read_text("utf-8")
            assert said[language].split()[0] in found
            assert ("by link" in found) is (language == "en")
            assert audit.trail(workspace, procedure.id)[-1].hash in found

    @pytest.mark.full
    def test_a_pdf_that_is_accessible_and_a_word_file(self, host, workspace, tmp_path):
        host.vote("UNI", "for", "Gladly.")
        host.vote("LAB", "against")
        closed(host)
        procedure = host.procedure
        for name in ("trail.pdf", "trail.docx"):
            count = commands.export_procedure_trail(workspace, procedure.id, tmp_path / name, "de")
            assert count == len(audit.trail(workspace, procedure.id)) == 4
        report = assert_accessible(tmp_path / "trail.pdf")
        assert report.language == "de"
        assert f"{procedure.vote.project}-V1" in report.title
        assert "/Table" in report.kinds
        word = Document(str(tmp_path / "trail.docx"))
        (table,) = [each for each in word.tables if len(each.columns) == 5]
        cells = [[cell.text for cell in row.cells] for row in table.rows]
        assert [row[0] for row in cells[1:]] == ["1", "2", "3", "4"]
        assert "UNI, Maya Test" in cells[2][3]
        assert "Gladly." in cells[2][3]
        assert "by link" not in cells[2][3], "what the program says is German"
        assert cells[4][3] == procedure.vote.said["de"]
        assert [row[4] for row in cells[1:]] == [
            step.hash[: audit.SHOWN] for step in audit.trail(workspace, procedure.id)
        ]

    @pytest.mark.full
    def test_other_files_are_refused(self, opened, workspace, tmp_path):
        with pytest.raises(DomainError) as caught:
            commands.export_procedure_trail(workspace, opened.id, tmp_path / "t.xlsx")
        assert caught.value.code == "unknown_format"
        assert list(tmp_path.glob("t.*")) == []
