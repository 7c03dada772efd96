"""Minutes from the draft to their acceptance: circulated, objected to, answered, revised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from projectdesk.domain.minutes import (
    Acceptance,
    Decision,
    MinutesState,
    Objection,
    ObjectionState,
)
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.rules.minutes_life import Bar, Standing, Step, Why
from projectdesk.domain.voting import Veto, VetoState
from projectdesk.errors import Conflict, DomainError, EnvironmentFailure
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import (
    audit,
    mail_accounts,
    minutes_desks,
    outbox,
)
from projectdesk.services import notes as live_notes
from projectdesk.services.circulation_rows import CirculationOrder
from projectdesk.services.commands import minutes_acceptance as acceptance
from projectdesk.services.commands import minutes_life as life
from projectdesk.services.commands import minutes_objections as objections
from projectdesk.services.commands import votes
from projectdesk.services.commands.votes import HeldByHand
from projectdesk.services.inbox import incoming
from projectdesk.services.minutes_versions import (
    Mark,
    compare,
    version_content,
    versions,
)
from projectdesk.services.queries import agenda, notes
from projectdesk.services.queries.minutes_life import circulation_plan, minutes_life
from projectdesk.signalling.outcome import (
    DecisionVeto,
    MinutesSnapshot,
)
from projectdesk.store import schema
from tests.unit.meetings.circulating import (
    PUBLIC,
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

# --- circulating ----------------------------------------------------------------------------------


def test_all_members_get_the_minutes_also_who_was_absent(workspace, consortium, written):
    found = circulation_plan(workspace, written)
    why = {row.name.split()[0]: row.why for row in found.readers}
    assert why["Rui"] is Why.REPRESENTATIVE
    assert why["Inês"] is Why.DEPUTY
    assert "Kiri" not in why or why["Kiri"] is Why.INVITED
    assert len({row.person_id for row in found.readers}) == len(found.readers)


def test_a_party_without_a_seat_gets_them_when_something_was_decided(
    workspace, consortium, written
):
    decide(workspace, written)
    why = {row.name.split()[0]: row.why for row in circulation_plan(workspace, written).readers}
    assert why["Kiri"] is Why.VETO


def test_circulating_fixes_window_version_and_trail(workspace, clock, written):
    done, changes = life.circulate_minutes(workspace, written, UNSENT)
    assert done.until == datetime(2026, 3, 17, 22, 59, 59, tzinfo=UTC)  # 15 days on, Copenhagen
    assert (done.queued, done.revision) == (0, 1)
    assert not changes.change_id, "what is known outside is not undone"
    now = minutes_life(workspace, written)
    assert (now.standing, now.newest.state) == (Standing.WINDOW, MinutesState.CIRCULATED)
    (kept,) = versions(workspace, written)
    said = version_content(workspace, kept.minutes_id, kept.number)
    assert said.items[0].text == "The budget is moved."
    steps = [row.step for row in audit.trail(workspace, now.newest.id)]
    assert steps == [AuditStep.BEGUN, AuditStep.CIRCULATED]
    assert now.newest.audit_head == audit.trail(workspace, now.newest.id)[-1].hash


def test_empty_minutes_and_those_of_a_meeting_to_come_are_not_circulated(workspace, assembly, plan):
    with pytest.raises(DomainError) as empty:
        life.circulate_minutes(workspace, assembly, UNSENT)
    assert empty.value.code == "minutes_empty"
    later = plan()
    decide(workspace, later)
    with pytest.raises(DomainError) as early:
        life.circulate_minutes(workspace, later, UNSENT)
    assert early.value.code == "minutes_not_held"


def test_two_desktops_do_not_circulate_twice(workspace, written):
    life.circulate_minutes(workspace, written, UNSENT)
    with pytest.raises(Conflict) as caught:
        life.circulate_minutes(workspace, written, UNSENT)
    assert caught.value.code == "minutes_circulated"
    assert len(versions(workspace, written)) == 1


@pytest.fixture
def account(workspace):
    found = MailAccount("maya@example.org", smtp=MailServer("mail.example.org", 587))
    mail_accounts.save(workspace.data, found)


def mails(workspace) -> list:
    table = schema.outgoing_mail
    with workspace.read() as session:
        return list(session.execute(select(table).order_by(table.c.recipient)))


def test_each_reader_is_mailed_their_own_link_with_the_pdf(workspace, account, written):
    done, _ = life.circulate_minutes(workspace, written, CirculationOrder(PUBLIC, host=PUBLIC))
    sent = mails(workspace)
    assert len(sent) == done.queued == done.readers
    head = minutes_life(workspace, written).newest.audit_head
    links = minutes_desks.minutes_links(workspace, done.minutes_id, PUBLIC)
    by_reader = {link.reader_id: link.url for link in links}
    for row in sent:
        text = outbox_text(row.content)
        assert by_reader[row.record_id] in text
        assert head in text
        assert "answer this mail" in text
        assert b"application/pdf" in row.content


def outbox_text(content: bytes) -> str:
    return incoming(content, datetime.now(UTC)).text.replace("\r\n", "\n")


def test_links_of_this_network_are_not_mailed_unless_told(workspace, account, written):
    inside = CirculationOrder("https://192.168.1.4:8443")
    with pytest.raises(DomainError) as caught:
        life.circulate_minutes(workspace, written, inside)
    assert caught.value.code == "link_not_public"
    assert minutes_life(workspace, written).standing is Standing.DRAFT
    assert mails(workspace) == []


def test_files_hold_links_of_this_network_no_more_than_mails_do(
    workspace, account, written, tmp_path
):
    here = CirculationOrder("http://localhost:8080", send=False)
    with pytest.raises(DomainError) as caught:
        life.circulate_minutes(workspace, written, here)
    assert caught.value.code == "link_not_public"
    assert minutes_life(workspace, written).standing is Standing.DRAFT
    anyway = replace(here, anyway=True)
    life.circulate_minutes(workspace, written, anyway)
    with pytest.raises(DomainError) as again:
        life.save_minutes_mails(workspace, written, here, tmp_path / "none")
    assert again.value.code == "link_not_public"
    assert not (tmp_path / "none").exists()
    assert {row.written_at for row in minutes_life(workspace, written).readers} == {None}
    files = life.save_minutes_mails(workspace, written, anyway, tmp_path)
    found = minutes_life(workspace, written)
    told = [row for row in found.readers if row.written_at == workspace.now()]
    assert len(files) == len(told) > 0
    assert all(row.sent_at is None for row in told), "whether it was sent is not known"
    assert audit.is_whole(workspace, found.newest.id) is None


def test_a_folder_that_cannot_be_made_circulates_nothing(workspace, account, written, tmp_path):
    file = tmp_path / "a file"
    file.touch()
    with pytest.raises(EnvironmentFailure) as caught:
        life.circulate_to_files(workspace, written, UNSENT, file / "in it")
    assert caught.value.code == "folder_unusable"
    assert minutes_life(workspace, written).standing is Standing.DRAFT
    done, files = life.circulate_to_files(workspace, written, UNSENT, tmp_path / "new" / "mails")
    assert len(files) == done.readers > 0
    assert {each.parent for each in files} == {tmp_path / "new" / "mails"}


def test_a_full_disk_leaves_nothing_half_done(workspace, account, written, monkeypatch):
    def full(*_args, **_named):
        raise EnvironmentFailure("disk_full", "There is no room.")

    monkeypatch.setattr(outbox, "queue", full)
    with pytest.raises(EnvironmentFailure):
        life.circulate_minutes(workspace, written, CirculationOrder(PUBLIC, host=PUBLIC))
    now = minutes_life(workspace, written)
    assert now.standing is Standing.DRAFT
    assert now.readers == ()
    assert audit.trail(workspace, now.newest.id) == []
    assert versions(workspace, written) == []


def test_circulated_text_is_only_read(workspace, written):
    document = live_notes.open_notes(workspace, written)
    life.circulate_minutes(workspace, written, UNSENT)
    with pytest.raises(DomainError) as caught:
        document.edit(agenda(workspace, written)[0].id, 0, 0, "Not ")
    assert caught.value.code == "minutes_circulated"
    document.close()


# --- desks ----------------------------------------------------------------------------------------


def test_a_desk_says_whose_it_is_and_holds_no_token(workspace, consortium, written):
    decide(workspace, written)
    circulated(workspace, written)
    newest = minutes_life(workspace, written).newest
    desks = minutes_desks.minutes_desks(workspace, newest.id)
    forms = {snapshot.form.name.split()[0]: snapshot for _, snapshot in desks.desks}
    rui = forms["Rui"].form
    assert isinstance(rui, MinutesSnapshot)
    assert (rui.organisation, rui.status, rui.revision) == ("LAB", "circulated", 1)
    assert forms["Rui"].deadline == newest.objections_until
    links = minutes_desks.minutes_links(workspace, newest.id, PUBLIC)
    for link in links:
        assert link.url.split("#")[1] not in repr(desks)


def test_who_may_veto_is_said_decision_by_decision(workspace, consortium, written):
    original = decide(workspace, written, agenda(workspace, written)[0].id)
    beside = decide(workspace, written)
    circulated(workspace, written)
    newest = minutes_life(workspace, written).newest
    desks = minutes_desks.minutes_desks(workspace, newest.id)
    may = {
        snapshot.form.name.split()[0]: {
            UUID(each.id): each.may_veto for item in snapshot.form.items for each in item.decisions
        }
        for _, snapshot in desks.desks
    }
    assert may["Rui"] == {original: False, beside: True}
    assert may["Kiri"] == {original: True, beside: True}


def test_a_desk_says_how_it_was_carried_in_the_language_of_its_reader(
    workspace, consortium, written
):
    item = agenda(workspace, written)[0].id
    uni, lab = consortium.partners["UNI"], consortium.partners["LAB"]
    held = HeldByHand("Move it?", {uni: "for", lab: "for"}, item_id=item)
    votes.record_vote(workspace, written, held)
    bare = decide(workspace, written, item)
    circulated(workspace, written)
    found = minutes_life(workspace, written)
    desks = minutes_desks.minutes_desks(workspace, found.newest.id)
    decisions = [each for part in desks.desks[0][1].form.items for each in part.decisions]
    said = [each.rule for each in decisions if each.id != bare.hex]
    assert [{tag: rule[tag] for tag in ("en", "de")} for rule in said] == [
        {
            "en": "carried: 2 of 2 votes cast, 2/3 needed (2)",
            "de": "angenommen: 2 von 2 abgegebenen Stimmen, 2/3 nötig (2)",
        }
    ]
    assert [each.rule for each in decisions if each.id == bare.hex] == [{}]


# --- what comes back ------------------------------------------------------------------------------


def test_an_answer_is_a_receipt_and_counts_once(workspace, written):
    reader = circulated(workspace, written)["Rui"]
    entry = answer(workspace, reader, comment="Thanks.")
    gather(workspace, entry)
    gather(workspace, entry)
    now = minutes_life(workspace, written)
    (row,) = [row for row in now.readers if row.id == reader.id]
    assert (row.received_at, row.comment) == (workspace.now(), "Thanks.")
    steps = [each.step for each in audit.trail(workspace, now.newest.id)]
    assert steps.count(AuditStep.RECEIVED) == 1


def test_objections_are_changed_and_withdrawn_by_a_later_answer(workspace, clock, written):
    reader = circulated(workspace, written)["Rui"]
    item = agenda(workspace, written)[0].id
    gather(workspace, answer(workspace, reader, (item, "Only 10."), (None, "Late."), seq=1))
    assert [row.text for row in minutes_life(workspace, written).objections] == [
        "Only 10.",
        "Late.",
    ]
    clock.advance(hours=1)
    gather(workspace, answer(workspace, reader, (item, "Only 12."), seq=2))
    first, second = minutes_life(workspace, written).objections
    assert (first.number, first.text, first.state) == (1, "Only 12.", ObjectionState.OPEN)
    assert second.state is ObjectionState.WITHDRAWN
    assert first.item.startswith("1 ")


def test_what_the_chair_answered_is_not_asked_again(workspace, clock, written):
    reader = circulated(workspace, written)["Rui"]
    gather(workspace, answer(workspace, reader, (None, "Only 10."), seq=1))
    (row,) = minutes_life(workspace, written).objections
    objections.answer_objection(workspace, row.id, ObjectionState.DECLINED, "It was 20.")
    clock.advance(hours=1)
    gather(workspace, answer(workspace, reader, (None, "Only 10."), seq=2))
    (same,) = minutes_life(workspace, written).objections
    assert (same.state, same.answer) == (ObjectionState.DECLINED, "It was 20.")
    gather(workspace, answer(workspace, reader, (None, "But I heard 10."), seq=3))
    assert [row.state for row in minutes_life(workspace, written).objections] == [
        ObjectionState.DECLINED,
        ObjectionState.OPEN,
    ]


def test_an_answer_after_the_window_is_noted_and_counts_not(workspace, clock, written):
    reader = circulated(workspace, written)["Rui"]
    pass_window(workspace, clock, written)
    gather(workspace, answer(workspace, reader, (None, "Too late."), seq=2))
    now = minutes_life(workspace, written)
    assert now.objections == ()
    assert audit.trail(workspace, now.newest.id)[-1].step is AuditStep.OBJECTION_LATE
    assert now.standing is Standing.UNOPPOSED


def test_a_veto_is_taken_where_it_is_open_and_taken_back(workspace, clock, written):
    beside = decide(workspace, written)
    original = decide(workspace, written, agenda(workspace, written)[0].id)
    reader = circulated(workspace, written)["Rui"]
    both = [DecisionVeto(decision=each.hex, reason="It costs us.") for each in (beside, original)]
    gather(workspace, answer(workspace, reader, vetoes=both, seq=1))
    with workspace.read() as session:
        (veto,) = session.scalars(select(Veto))
        assert (veto.decision_id, veto.state) == (beside, VetoState.RAISED)
    clock.advance(hours=1)
    gather(workspace, answer(workspace, reader, seq=2))
    with workspace.read() as session:
        (veto,) = session.scalars(select(Veto))
        assert veto.state is VetoState.WITHDRAWN


def test_a_desk_of_another_subject_is_nobodys(workspace, written):
    reader = circulated(workspace, written)["Rui"]
    reader.id = uuid4()
    gather(workspace, answer(workspace, reader, (None, "x")))
    assert minutes_life(workspace, written).objections == ()


# --- accepting ------------------------------------------------------------------------------------


def test_minutes_accept_themselves_once_the_host_was_heard_past_the_window(
    workspace, clock, written
):
    decision = decide(workspace, written, agenda(workspace, written)[0].id)
    circulated(workspace, written)
    until = minutes_life(workspace, written).until
    assert until is not None
    clock.now = until + timedelta(hours=1)
    hosted(workspace, written)
    gather(workspace, until=until - timedelta(minutes=2))  # the host's clock, an hour behind ours
    assert minutes_life(workspace, written).standing is Standing.WAITING
    assert acceptance.settle_minutes(workspace) == []
    gather(workspace, until=until + timedelta(minutes=2))
    (done,) = acceptance.settle_minutes(workspace)
    assert done.meeting_id == written
    now = minutes_life(workspace, written)
    assert (now.newest.state, now.newest.acceptance) == (
        MinutesState.ACCEPTED,
        Acceptance.UNOPPOSED,
    )
    assert acceptance.settle_minutes(workspace) == []
    assert [row.state for row in versions(workspace, written)] == [
        MinutesState.CIRCULATED,
        MinutesState.ACCEPTED,
    ]
    with workspace.read() as session:
        # GHOST and FIRM have no seat, so the window of their veto had to end, too.
        assert session.get_one(Decision, decision).binding_at is not None
    assert audit.verify(workspace)[0].broken is None


def test_an_open_objection_stops_it_and_a_declined_one_leaves_it_to_the_chair(
    workspace, clock, written
):
    reader = circulated(workspace, written)["Rui"]
    gather(workspace, answer(workspace, reader, (None, "Only 10.")))
    pass_window(workspace, clock, written)
    assert acceptance.settle_minutes(workspace) == []
    with pytest.raises(DomainError) as caught:
        acceptance.accept_minutes(workspace, written)
    assert caught.value.code == "minutes_objected"
    (row,) = minutes_life(workspace, written).objections
    with pytest.raises(DomainError) as unsaid:
        objections.answer_objection(workspace, row.id, ObjectionState.DECLINED)
    assert unsaid.value.code == "answer_needed"
    objections.answer_objection(workspace, row.id, ObjectionState.DECLINED, "It was 20.")
    assert acceptance.settle_minutes(workspace) == [], "the chair says so, not the clock"
    acceptance.accept_minutes(workspace, written)
    assert minutes_life(workspace, written).standing is Standing.ACCEPTED


def test_a_body_approves_minutes_at_its_next_meeting(workspace, clock, written, plan):
    circulated(workspace, written)
    next_one = plan()
    with pytest.raises(DomainError) as running:
        acceptance.accept_minutes(workspace, written)
    assert running.value.code == "minutes_window"
    with pytest.raises(DomainError) as same:
        acceptance.approve_minutes(workspace, written, written)
    assert same.value.code == "not_a_later_meeting"
    acceptance.approve_minutes(workspace, written, next_one)
    assert minutes_life(workspace, written).newest.acceptance is Acceptance.APPROVED


# --- revisions ------------------------------------------------------------------------------------


def test_a_revision_is_a_new_document_with_the_same_text(workspace, clock, written):
    item = agenda(workspace, written)[0].id
    decision = decide(workspace, written, item)
    reader = circulated(workspace, written)["Rui"]
    gather(workspace, answer(workspace, reader, (item, "Only 10.")))
    with pytest.raises(DomainError) as unanswered:
        acceptance.revise_minutes(workspace, written)
    assert unanswered.value.code == "minutes_objected"
    (row,) = minutes_life(workspace, written).objections
    objections.answer_objection(workspace, row.id, ObjectionState.UPHELD)
    old = minutes_life(workspace, written).newest
    new, _ = acceptance.revise_minutes(workspace, written, "The figure was wrong.")
    now = minutes_life(workspace, written)
    assert [(each.revision, each.state) for each in now.revisions] == [
        (1, MinutesState.SUPERSEDED),
        (2, MinutesState.DRAFT),
    ]
    assert notes(workspace, written) == {item: "The budget is moved."}
    document = live_notes.open_notes(workspace, written)
    assert document.minutes_id == new
    document.edit(item, 0, 0, "10 kEUR: ")
    document.close()
    first = minutes_desks.minutes_desks(workspace, old.id)
    assert {snapshot.form.status for _, snapshot in first.desks} == {"superseded"}
    clock.advance(days=2)
    life.circulate_minutes(workspace, written, UNSENT)
    second = minutes_life(workspace, written)
    assert old.objections_until is not None
    assert second.until == old.objections_until + timedelta(days=2)
    assert second.objections == ()
    before, after = (
        version_content(workspace, row.minutes_id, row.number)
        for row in versions(workspace, written)
    )
    (changed,) = [each for each in compare(before, after) if each.changed]
    assert [(piece.mark, piece.text) for piece in changed.pieces] == [
        (Mark.ADDED, "10 kEUR: "),
        (Mark.SAME, "The budget is moved."),
    ]
    with workspace.read() as session:
        assert session.get_one(Decision, decision).agenda_item_id == item
        assert [each.id for each in session.scalars(select(Objection))] == [row.id]
    assert {chain.broken for chain in audit.verify(workspace)} == {None}


def test_readers_are_added_revoked_and_issued_anew(workspace, consortium, written):
    ada = circulated(workspace, written)
    assert "Petra" not in ada or ada["Petra"].may_object is False
    extra = consortium.people["Kiri"]
    added, _ = life.add_minutes_readers(workspace, written, {extra: consortium.partners["FIRM"]})
    again, _ = life.add_minutes_readers(workspace, written, {extra: None})
    assert len(added) <= 1
    assert again == []
    rui = ada["Rui"].id
    newest = minutes_life(workspace, written).newest
    before = {link.reader_id: link.url for link in links_of(workspace, newest.id)}
    life.renew_reader_link(workspace, rui)
    after = {link.reader_id: link.url for link in links_of(workspace, newest.id)}
    assert before[rui] != after[rui]
    life.revoke_reader(workspace, rui)
    assert rui not in {link.reader_id for link in links_of(workspace, newest.id)}
    desks = dict(minutes_desks.minutes_desks(workspace, newest.id).desks)
    assert desks[ada["Rui"].desk].token_hash == ""


def links_of(workspace, minutes_id):
    return minutes_desks.minutes_links(workspace, minutes_id, PUBLIC)


def test_a_draft_is_due_ten_days_after_the_meeting(workspace, clock, written):
    assert minutes_life(workspace, written).draft_due == datetime(
        2026, 3, 12, 22, 59, 59, tzinfo=UTC
    )
    clock.advance(days=13)
    now = minutes_life(workspace, written)
    assert (now.standing, now.days_late) == (Standing.DRAFT, 3)
    assert now.bar(Step.REVISE) is Bar.NOT_CIRCULATED
