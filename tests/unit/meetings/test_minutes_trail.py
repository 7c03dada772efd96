"""The audit trail of minutes: cannot be rewritten, and tells of everything after circulation."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import CorrectionKind, Decision, ObjectionState
from projectdesk.domain.rules.audit_chain import AuditStep, Fault
from projectdesk.domain.voting import Veto, VetoState
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.services import audit, audit_anchor, commands, personal_data
from projectdesk.services.audit_anchor import Kept
from projectdesk.services.commands import attendance, decisions, procedure_settling
from projectdesk.services.commands import minutes_acceptance as acceptance
from projectdesk.services.commands import minutes_life as life
from projectdesk.services.commands import minutes_objections as objections
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.services.unit_settings import keep, kept
from projectdesk.signalling.outcome import DecisionVeto
from projectdesk.store import schema
from tests.support.erased_texts import erase_text
from tests.unit.meetings.circulating import (
    UNSENT,
    answer,
    circulated,
    decide,
    gather,
    hosted,
    pass_window,
)
from tests.unit.meetings.circulating import assembly as assembly
from tests.unit.meetings.circulating import plain_pdf as plain_pdf
from tests.unit.meetings.circulating import written as written


def test_the_database_refuses_to_rewrite_the_trail(workspace, written):
    circulated(workspace, written)
    entry = schema.audit_entry
    with (
        pytest.raises((DatabaseError, EnvironmentFailure, DomainError)),
        workspace.change("Rewrite") as unit,
    ):
        unit.session.execute(update(entry).values(step="sent"))
    assert audit.verify(workspace)[0].broken is None


def test_a_rewritten_text_is_found_and_an_erased_one_is_not_missed(workspace, written):
    circulated(workspace, written)
    newest = minutes_life(workspace, written).newest
    with workspace.change("Erase") as unit:
        erase_text(unit, newest.id, 1)
    assert audit.verify(workspace)[0].broken is None
    said = schema.audit_text
    with workspace.change("Rewrite") as unit:
        unit.session.execute(
            update(said).where(said.c.minutes_id == newest.id, said.c.seq == 2).values(text="no")
        )
    (chain,) = audit.verify(workspace)
    assert (chain.broken.seq, chain.broken.step, chain.broken.fault) == (
        2,
        AuditStep.CIRCULATED,
        Fault.TEXT,
    )


# --- what it tells of by itself -------------------------------------------------------------------


def steps(workspace, meeting) -> list[tuple[AuditStep | str, str | None]]:
    """Return what the trail of the newest revision says after it was circulated."""
    rows = audit.trail(workspace, minutes_life(workspace, meeting).newest.id)
    words = [(row.step, row.text) for row in rows]
    return words[[step for step, _ in words].index(AuditStep.CIRCULATED) + 1 :]


def invitation_of(workspace, meeting, person) -> UUID:
    row = schema.invitation.c
    with workspace.read() as session:
        return session.scalars(
            select(row.id).where(row.meeting_id == meeting, row.person_id == person)
        ).one()


def test_a_correction_of_attendance_after_circulation_is_told(workspace, consortium, written):
    rui = invitation_of(workspace, written, consortium.people["Rui"])
    with workspace.change("It lasted an hour") as unit:
        meeting = unit.get(Meeting, written)
        meeting.ended_at = meeting.starts_at + timedelta(hours=1)
    attendance.mark_attendance(workspace, [rui], CorrectionKind.ABSENT)
    circulated(workspace, written)
    assert steps(workspace, written) == []
    attendance.mark_attendance(workspace, [rui], CorrectionKind.PRESENT, reason="by telephone")
    told = (AuditStep.ATTENDANCE_CORRECTED, "Rui Test: present (by telephone)")
    assert steps(workspace, written) == [told]
    undone = commands.undo(workspace)
    assert undone is not None
    assert steps(workspace, written) == [
        told,
        (AuditStep.ATTENDANCE_CORRECTED, "Rui Test: absent"),
    ]
    attendance.measured_only(workspace, [rui])
    assert steps(workspace, written)[-1][1] == "Rui Test: as measured"
    assert audit.verify(workspace)[0].broken is None


def test_a_veto_by_hand_after_circulation_is_told(workspace, consortium, written):
    decision = decide(workspace, written)
    circulated(workspace, written)
    lab = consortium.partners["LAB"]
    decisions.raise_veto(workspace, decision, lab, "It takes our budget.")
    with workspace.read() as session:
        (veto,) = session.scalars(select(Veto)).all()
    decisions.settle_veto(workspace, veto.id, VetoState.NOT_ADMITTED, "It does not.")
    assert steps(workspace, written) == [
        (AuditStep.VETOED, "LAB: D1: It takes our budget."),
        (AuditStep.VETO_NOT_ADMITTED, "LAB: D1: It does not."),
    ]


def test_a_veto_by_the_link_is_told_once(workspace, clock, written):
    decision = decide(workspace, written)
    with workspace.change("Open to veto") as unit:
        unit.get(Decision, decision).veto_until = clock.now + timedelta(days=30)
    rui = circulated(workspace, written)["Rui"]
    hosted(workspace, written)
    gather(
        workspace,
        answer(workspace, rui, vetoes=[DecisionVeto(decision=decision.hex, reason="Ours.")]),
    )
    assert [step for step, _ in steps(workspace, written)] == [
        AuditStep.RECEIVED,
        AuditStep.VETOED,
    ]


def test_a_decision_that_binds_after_the_acceptance_is_told(workspace, clock, written):
    early, late = decide(workspace, written), decide(workspace, written)
    with workspace.change("Open to veto") as unit:
        unit.get(Decision, late).veto_until = clock.now + timedelta(days=60)
    circulated(workspace, written)
    pass_window(workspace, clock, written)
    acceptance.settle_minutes(workspace)
    assert [step for step, _ in steps(workspace, written)] == [
        AuditStep.ACCEPTED,
        AuditStep.DECISION_BINDS,
    ]
    clock.advance(days=60)
    gather(workspace)
    assert procedure_settling.settle_procedures(workspace).bound == (late,)
    assert steps(workspace, written)[1:] == [
        (AuditStep.DECISION_BINDS, "D1"),
        (AuditStep.DECISION_BINDS, "D2"),
    ]
    with workspace.read() as session:
        assert session.get_one(Decision, early).binding_at is not None


@pytest.mark.full
def test_a_link_that_forgetting_a_person_shuts_is_told_without_a_name(workspace, written):
    rui = circulated(workspace, written)["Rui"]
    personal_data.erase_person(workspace, rui.person_id)
    told = audit.trail(workspace, rui.minutes_id)[-1]
    assert (told.step, told.subject_id) == (AuditStep.READER_REVOKED, rui.id)
    assert told.text == personal_data.ERASED
    assert [chain.broken for chain in audit.verify(workspace)] == [None]


def test_nothing_is_told_of_a_draft(workspace, consortium, written):
    decision = decide(workspace, written)
    decisions.raise_veto(workspace, decision, consortium.partners["LAB"], "It takes our budget.")
    newest = minutes_life(workspace, written).newest
    told = audit.trail(workspace, newest.id) if newest is not None else []
    assert all(row.step is not AuditStep.VETOED for row in told)


# --- a trail whose end is cut off -----------------------------------------------------------------


def cut(workspace, minutes_id: UUID, after: int) -> None:
    """Delete the end of a trail the way somebody with the database does."""
    trigger = "audit_entry_no_delete" if workspace.local else "audit_entry_fixed ON audit_entry"
    with workspace.change("Cut") as unit:
        unit.session.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        for table in (schema.audit_text, schema.audit_entry):
            unit.session.execute(
                delete(table).where(table.c.minutes_id == minutes_id, table.c.seq > after)
            )


def accepted(workspace, clock, meeting: UUID) -> UUID:
    """Circulate, let one reader answer, accept; return the revision."""
    rui = circulated(workspace, meeting)["Rui"]
    hosted(workspace, meeting)
    gather(workspace, answer(workspace, rui))
    pass_window(workspace, clock, meeting)
    acceptance.settle_minutes(workspace)
    return minutes_life(workspace, meeting).newest.id


def forget_end(workspace, minutes_id: UUID) -> None:
    with workspace.change("Forget") as unit:
        key = audit_anchor.anchor_key(minutes_id)
        unit.session.execute(delete(schema.setting).where(schema.setting.c.key == key))


def broken(workspace) -> tuple[int, str, Fault] | None:
    (chain,) = audit.verify(workspace)
    found = chain.broken
    return (found.seq, found.step, found.fault) if found is not None else None


@pytest.mark.parametrize(
    ("after", "missing"),
    [(3, AuditStep.ACCEPTED), (2, AuditStep.RECEIVED), (1, AuditStep.CIRCULATED)],
)
def test_the_records_name_the_first_step_that_was_cut_off(
    workspace, clock, written, after, missing
):
    minutes = accepted(workspace, clock, written)
    forget_end(workspace, minutes)
    assert broken(workspace) is None
    cut(workspace, minutes, after)
    assert broken(workspace) == (after + 1, missing, Fault.UNTOLD)


def test_an_objection_with_its_answer_and_a_veto_are_missed(workspace, consortium, written):
    decision = decide(workspace, written)
    rui = circulated(workspace, written)["Rui"]
    objected, _ = objections.enter_objection(workspace, rui.id, "It was 10.")
    objections.answer_objection(workspace, objected, ObjectionState.DECLINED, "It was 12.")
    later = workspace.now() + timedelta(seconds=1)
    lab = consortium.partners["LAB"]
    decisions.raise_veto(workspace, decision, lab, "Costs.", raised_at=later)
    minutes = minutes_life(workspace, written).newest.id
    told = [row.step for row in audit.trail(workspace, minutes)]
    assert told[2:] == [
        AuditStep.OBJECTED,
        AuditStep.RECEIVED,
        AuditStep.OBJECTION_ANSWERED,
        AuditStep.VETOED,
    ]
    forget_end(workspace, minutes)
    for after, missing in ((5, AuditStep.VETOED), (4, AuditStep.OBJECTION_ANSWERED)):
        cut(workspace, minutes, after)
        assert broken(workspace) == (after + 1, missing, Fault.UNTOLD)


def test_a_cut_that_no_record_tells_of_shows_by_the_kept_end(workspace, written):
    rui = circulated(workspace, written)["Rui"]
    minutes = minutes_life(workspace, written).newest.id
    life.save_minutes_mails(workspace, written, UNSENT, workspace.data / "mails", [rui.id])
    assert audit.verify(workspace)[0].end is Kept.SIGNED
    assert broken(workspace) is None
    cut(workspace, minutes, 2)
    assert broken(workspace) == (3, "", Fault.CUT)
    # Going on does not make it good: the new step is not the one that was kept.
    life.renew_reader_link(workspace, rui.id)
    assert broken(workspace) == (3, AuditStep.LINK_RENEWED, Fault.END)


def test_an_end_that_somebody_without_the_key_wrote_is_no_end(workspace, written):
    circulated(workspace, written)
    minutes = minutes_life(workspace, written).newest.id
    key = audit_anchor.anchor_key(minutes)
    with workspace.read() as session:
        true = kept(session, key)
    steps, head, signer, _ = true.split(" ")
    for forged in (f"{steps} {head} {signer} {'0' * 64}", "nonsense"):
        with workspace.change("Forge") as unit:
            keep(unit.session, key, forged)
        assert broken(workspace) == (2, AuditStep.CIRCULATED, Fault.END)
    # Whose key it was is not known here: the end is compared, and said to be another's.
    with workspace.change("Forge") as unit:
        keep(unit.session, key, f"{steps} {head} {'0' * 32} {'0' * 64}")
    assert broken(workspace) is None
    assert audit.verify(workspace)[0].end is Kept.OTHER_KEY
