"""The contract of every kind of desk (decisions 3)."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from projectdesk.host.desks.kinds import KINDS, MAX_COMMENT
from projectdesk.signalling import journal
from projectdesk.signalling.desk import (
    Answer,
    DeskSnapshot,
    EffortAnswer,
    EffortFigure,
    EffortLine,
    EffortSnapshot,
    InvitationAnswer,
    InvitationSnapshot,
    PollAnswer,
    PollChoice,
    PollDate,
    PollSnapshot,
    Snapshot,
)
from projectdesk.signalling.outcome import (
    ActionAnswer,
    ActionSnapshot,
    BallotAnswer,
    BallotSnapshot,
    DecisionVeto,
    ItemObjection,
    MinutedDecision,
    MinutedItem,
    MinutesAnswer,
    MinutesSnapshot,
)
from tests.integration.host.conftest import ROOM, Premises

DESK = "d3d3d3d3d3"
LINK = "the-token-of-the-desk"


def invitation(now) -> tuple[Snapshot, Answer, Answer]:
    form = InvitationSnapshot(
        room=ROOM,
        title="Kick-off",
        project="TIDEWATER",
        name="Ada",
        organisation="Org",
        role="participant",
        organiser="Ida",
        starts_at=now + timedelta(days=3),
        local_start="2026-03-02T10:00",
        zone="Europe/Copenhagen",
        duration_minutes=60,
        opens_at=now + timedelta(days=3),
        agenda=["Welcome"],
    )
    return form, InvitationAnswer(answer="accepted"), InvitationAnswer(answer="declined")


PACKAGES = ["a" * 32, "b" * 32]


def figures(*months: int, **changes: Any) -> EffortAnswer:
    pairs = zip(PACKAGES, months, strict=True)
    return EffortAnswer(
        figures=[EffortFigure(work_package=id_, months=value) for id_, value in pairs], **changes
    )


def effort(_now) -> tuple[Snapshot, Answer, Answer]:
    form = EffortSnapshot(
        project="TIDEWATER",
        project_title="Tides",
        period="RP1",
        start_month=1,
        end_month=18,
        starts_on=date(2026, 3, 1),
        ends_on=date(2027, 8, 31),
        name="Ada",
        organisation="Org",
        organiser="Ida",
        lines=[
            EffortLine(work_package=id_, label=f"WP{at}", title="Work", planned=450, earlier=0)
            for at, id_ in enumerate(PACKAGES, 1)
        ],
    )
    return form, figures(450, 25), figures(400, 0)


DATES = ["c" * 32, "d" * 32, "e" * 32]


def choices(*said: str, dates: list[str] = DATES, **changes: Any) -> PollAnswer:
    return PollAnswer(
        choices=[PollChoice(date=id_, choice=choice) for id_, choice in zip(dates, said)],  # noqa: B905 - of the first dates
        **changes,
    )


def poll(now) -> tuple[Snapshot, Answer, Answer]:
    form = PollSnapshot(
        project="TIDEWATER",
        title="WP2 call",
        text="Sensors and calibration.",
        name="Ada",
        organisation="Org",
        organiser="Ida",
        zone="Europe/Copenhagen",
        duration_minutes=60,
        dates=[PollDate(id=id_, starts_at=now + timedelta(days=9)) for id_ in DATES],
    )
    yes = choices("yes", "if_need_be", "no", zone="Asia/Seoul")
    return form, yes, choices("no", "no", "yes")


def ballot(_now) -> tuple[Snapshot, Answer, Answer]:
    form = BallotSnapshot(
        project="TIDEWATER",
        body="General Assembly",
        question="The budget of WP2 is moved to WP3.",
        description="",
        choices=["for", "against", "abstain"],
        name="Ada",
        organisation="Org",
        organiser="Ida",
        seats=11,
        needed=6,
        share="51 %",
    )
    return form, BallotAnswer(choice="for", comment="Gladly."), BallotAnswer(choice="against")


def action(_now) -> tuple[Snapshot, Answer, Answer]:
    form = ActionSnapshot(
        project="TIDEWATER",
        label="A12",
        text="Send the draft of D3.2.",
        name="Ada",
        organisation="Org",
        organiser="Ida",
        due_on=date(2026, 4, 15),
    )
    later = ActionAnswer(what="postpone", text="Ill.", due_on=date(2026, 5, 4))
    return form, ActionAnswer(what="done", text="In the folder."), later


ITEMS, DECISION = ["7" * 32, "8" * 32], "9" * 32


def objecting(*items: str, veto: str = "", comment: str = "") -> MinutesAnswer:
    return MinutesAnswer(
        objections=[ItemObjection(item=item, text="It was said otherwise.") for item in items],
        vetoes=[DecisionVeto(decision=DECISION, reason=veto)] if veto else [],
        comment=comment,
    )


def minutes(now) -> tuple[Snapshot, Answer, Answer]:
    decided = MinutedDecision(id=DECISION, label="D7", text="Move the review.", may_veto=True)
    form = MinutesSnapshot(
        project="TIDEWATER",
        title="General Assembly",
        date="2026-03-02",
        name="Ada",
        organisation="Org",
        organiser="Ida",
        revision=1,
        status="circulated",
        objections_until=now + timedelta(days=1),
        may_object=True,
        items=[
            MinutedItem(id=ITEMS[0], label="1", title="Welcome"),
            MinutedItem(id=ITEMS[1], label="2", title="Review", decisions=[decided]),
        ],
    )
    return form, objecting(), objecting("", ITEMS[1], veto="It costs us a year.")


SAMPLES = {
    "invitation": invitation,
    "effort": effort,
    "poll": poll,
    "ballot": ballot,
    "action": action,
    "minutes": minutes,
}
"""Kind to a form and two different answers; a new kind adds a row and is held to the contract."""


ANSWERED = [kind for kind, row in KINDS.items() if row.answer is not None]
"""The others are only read: tests/integration/host/test_feed.py."""


def test_every_kind_is_held_to_the_contract():
    assert SAMPLES.keys() == set(ANSWERED) == KINDS.keys() - {"feed"}


class Visitor:
    """Somebody with a link to a desk."""

    def __init__(self, premises, caller, kind):
        self.premises, self.caller = premises, caller
        self.form, self.yes, self.no = SAMPLES[kind](premises.now())
        self.deadline = premises.now() + timedelta(days=1)

    async def put(self, link=LINK, **changes):
        hashed = hashlib.sha256(link.encode()).hexdigest() if link else ""
        fields = {
            "subject": "subject",
            "token_hash": hashed,
            "deadline": self.deadline,
            "form": self.form,
        }
        snapshot = DeskSnapshot(**{**fields, **changes})
        answer = await self.caller.api("PUT", f"/api/v1/desks/{DESK}", snapshot)
        assert answer["status"] == 204, answer

    async def look(self, link=LINK):
        return await self.caller.post(f"/d/{DESK}/api/look", {"token": link})

    async def answer(self, answer, submission, link=LINK):
        body = {"token": link, "submission": submission, "answer": msgspec.to_builtins(answer)}
        return await self.caller.post(f"/d/{DESK}/api/answer", body)

    async def recorded(self):
        return [fact.answer for fact in await self.caller.facts(journal.DeskAnswered)]


@pytest.fixture(params=sorted(ANSWERED))
async def visitor(request, premises):
    visitor = Visitor(premises, await premises.caller(), request.param)
    await visitor.put()
    return visitor


async def test_looking_changes_nothing(visitor):
    before = await visitor.caller.batch()
    for _ in range(3):
        view = await visitor.look()
        assert (view["status"], view["state"], view["answer"]) == (200, "open", None)
        async with visitor.caller.http.get(f"{visitor.caller.url}/d/{DESK}") as page:
            assert page.status == 200
    assert (await visitor.caller.batch()).entries == before.entries
    form = (await visitor.look())["form"]
    assert msgspec.convert(form, type(visitor.form)) == visitor.form


async def test_an_answer_is_kept_and_collected(visitor):
    view = await visitor.answer(visitor.yes, "one")
    assert view["status"] == 200
    assert view["answer"] == msgspec.to_builtins(visitor.yes)
    assert view["answeredAt"]
    (fact,) = await visitor.caller.facts(journal.DeskAnswered)
    assert (fact.desk, fact.subject, fact.answer) == (DESK, "subject", visitor.yes)


async def test_the_same_submission_counts_once(visitor):
    for _ in range(3):
        view = await visitor.answer(visitor.yes, "one")
        assert view["status"] == 200
    assert await visitor.recorded() == [visitor.yes]


async def test_an_answer_may_be_changed_until_the_deadline(visitor):
    await visitor.answer(visitor.yes, "one")
    view = await visitor.answer(visitor.no, "two")
    assert view["answer"] == msgspec.to_builtins(visitor.no)
    assert await visitor.recorded() == [visitor.yes, visitor.no]
    await visitor.answer(visitor.yes, "one")
    assert await visitor.recorded() == [visitor.yes, visitor.no], "an old submission comes late"


async def test_a_late_answer_does_not_count(visitor):
    await visitor.answer(visitor.yes, "one")
    visitor.premises.ahead = timedelta(days=2)
    late = await visitor.answer(visitor.no, "two")
    assert (late["status"], late["code"]) == (409, "deadline_passed")
    again = await visitor.answer(visitor.yes, "one")
    assert again["status"] == 200, "what counted in time is confirmed again"
    view = await visitor.look()
    assert (view["state"], view["answer"]) == ("closed", msgspec.to_builtins(visitor.yes))
    assert await visitor.recorded() == [visitor.yes]


@pytest.mark.parametrize("how", ["emptied", "replaced", "deleted"])
async def test_a_revoked_link_shows_nothing_and_takes_nothing(visitor, how):
    await visitor.answer(visitor.yes, "one")
    if how == "deleted":
        answer = await visitor.caller.api("DELETE", f"/api/v1/desks/{DESK}")
        assert answer["status"] == 204
    else:
        await visitor.put(link="" if how == "emptied" else "another")
    view = await visitor.look()
    assert (view["state"], view["form"], view["answer"]) == ("revoked", None, None)
    refused = await visitor.answer(visitor.no, "two")
    assert (refused["status"], refused["code"]) == (410, "link_revoked")
    assert await visitor.recorded() == [visitor.yes]
    if how == "replaced":
        assert (await visitor.look("another"))["answer"] == msgspec.to_builtins(visitor.yes)


async def test_a_wrong_link_says_nothing(visitor):
    wrong = await visitor.look("wrong")
    assert (wrong["status"], wrong["code"]) == (404, "unknown_link")
    unknown = await visitor.caller.post("/d/zzzzzzzzzz/api/look", {"token": LINK})
    assert (unknown["status"], unknown["code"], unknown["text"]) == (
        wrong["status"],
        wrong["code"],
        wrong["text"],
    )
    assert (await visitor.answer(visitor.yes, "one", link="wrong"))["status"] == 404
    assert await visitor.recorded() == []


async def test_an_answer_survives_a_restart(visitor, tmp_path):
    await visitor.answer(visitor.yes, "one")
    await visitor.premises.stop()
    premises = visitor.premises
    again = Premises(tmp_path)
    await again.start()
    caller = await again.caller()
    caller.key = visitor.caller.key
    visitor.caller, visitor.premises = caller, again
    view = await visitor.look()
    assert view["answer"] == msgspec.to_builtins(visitor.yes)
    await visitor.answer(visitor.yes, "one")
    assert await visitor.recorded() == [visitor.yes]
    await again.stop()
    await premises.start()  # the fixture stops it


@pytest.mark.parametrize("submission", ["", "x" * 101])
async def test_a_submission_needs_an_id(visitor, submission):
    refused = await visitor.answer(visitor.yes, submission)
    assert (refused["status"], refused["code"]) == (400, "bad_submission")


async def test_another_desktop_cannot_touch_a_desk(visitor):
    thief = await visitor.premises.caller("thief")
    assert (await thief.api("DELETE", f"/api/v1/desks/{DESK}"))["status"] == 404
    snapshot = DeskSnapshot(subject="s", token_hash="", deadline=None, form=visitor.form)
    taken = await thief.api("PUT", f"/api/v1/desks/{DESK}", snapshot)
    assert (taken["status"], taken["code"]) == (409, "desk_taken")
    assert (await visitor.look())["state"] == "open"


async def test_a_comment_is_made_safe_and_has_an_end(premises):
    visitor = Visitor(premises, await premises.caller(), "invitation")
    await visitor.put()
    long = InvitationAnswer(answer="accepted", comment="x" * (MAX_COMMENT + 1))
    refused = await visitor.answer(long, "one")
    assert (refused["status"], refused["code"]) == (400, "comment_too_long")
    odd = InvitationAnswer(answer="accepted", comment=" two\r\nlines\u202e\x00 ")
    view = await visitor.answer(odd, "two")
    assert view["answer"]["comment"] == "two\nlines"


@pytest.fixture
async def statement(premises):
    """A partner with the link of a statement of effort."""
    visitor = Visitor(premises, await premises.caller(), "effort")
    await visitor.put()
    return visitor


@pytest.mark.parametrize("status", ["approved", "frozen"])
async def test_settled_figures_are_shown_and_not_changed(statement, status):
    await statement.answer(statement.yes, "one")
    await statement.put(form=msgspec.structs.replace(statement.form, status=status))
    refused = await statement.answer(statement.no, "two")
    assert (refused["status"], refused["code"]) == (409, "statement_settled")
    view = await statement.look()
    assert view["form"]["status"] == status
    assert view["answer"]["figures"] == msgspec.to_builtins(statement.yes)["figures"]
    assert await statement.recorded() == [statement.yes]


async def test_the_same_figures_count_again_after_they_were_sent_back(statement):
    await statement.answer(statement.yes, "one")
    at = statement.premises.now()
    form = msgspec.structs.replace(
        statement.form, status="sent_back", sent_back_at=at, remark="Please look at WP2."
    )
    await statement.put(form=form, deadline=statement.deadline + timedelta(days=7))
    view = await statement.look()
    assert (view["form"]["remark"], view["answer"]["after"]) == ("Please look at WP2.", None)
    await statement.answer(statement.yes, "two")
    await statement.answer(statement.yes, "two")
    again = msgspec.structs.replace(statement.yes, after=at)
    assert await statement.recorded() == [statement.yes, again]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (EffortAnswer(figures=[]), "other_figures"),
        (EffortAnswer(figures=figures(1, 2).figures * 2), "other_figures"),
        (
            EffortAnswer(figures=[EffortFigure(work_package="c" * 32, months=1)] * 2),
            "other_figures",
        ),
        (figures(1, 1_000_001), "bad_message"),
        (figures(1, -1), "bad_message"),
        (EffortAnswer(figures=figures(1, 2).figures * 101), "bad_message"),
        (figures(1, 2, comment="x" * (MAX_COMMENT + 1)), "comment_too_long"),
        (figures(1, 2, comment="x" * 20_000), "message_too_large"),
        (InvitationAnswer(answer="accepted"), "wrong_kind"),
    ],
)
async def test_what_is_no_statement_is_refused(statement, answer, code):
    refused = await statement.answer(answer, "one")
    assert refused["code"] == code
    assert await statement.recorded() == []


async def test_a_link_to_a_statement_opens_nothing_else(statement):
    other = "e" * 10
    snapshot = DeskSnapshot(
        subject="other", token_hash="0" * 64, deadline=None, form=statement.form
    )
    assert (await statement.caller.api("PUT", f"/api/v1/desks/{other}", snapshot))["status"] == 204
    for path in (f"/d/{other}/api/look", f"/r/{ROOM}/api/look"):
        refused = await statement.caller.post(path, {"token": LINK})
        assert (refused["status"], refused["code"]) == (404, "unknown_link")


async def test_the_log_has_no_figures(statement, caplog):
    with caplog.at_level(0):
        await statement.answer(figures(73_191, 2, comment="Sickness leave"), "one")
        await statement.answer(EffortAnswer(figures=figures(73_191, 2).figures * 2), "two")
    assert "73191" not in caplog.text
    assert "Sickness" not in caplog.text


@pytest.fixture
async def voter(premises):
    """Somebody with the link of a date poll."""
    visitor = Visitor(premises, await premises.caller(), "poll")
    await visitor.put()
    return visitor


async def test_choices_are_kept_in_the_order_of_the_form_and_may_leave_dates_out(voter):
    view = await voter.answer(choices("no", "yes", dates=[DATES[2], DATES[0]]), "one")
    assert view["status"] == 200
    kept = [(each["date"], each["choice"]) for each in view["answer"]["choices"]]
    assert kept == [(DATES[0], "yes"), (DATES[2], "no")]


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (choices("yes", dates=["f" * 32]), 400, "other_dates"),
        (choices("yes", "no", dates=[DATES[0], DATES[0]]), 400, "other_dates"),
        (choices(), 400, "bad_message"),
        (choices("yes", zone="<script>"), 400, "bad_message"),
        (choices("yes", comment="x" * (MAX_COMMENT + 1)), 400, "comment_too_long"),
    ],
)
async def test_choices_that_are_none_of_the_form_are_refused(voter, answer, status, code):
    refused = await voter.answer(answer, "one")
    assert (refused["status"], refused["code"]) == (status, code)
    assert await voter.recorded() == []


@pytest.mark.parametrize(
    ("poll_status", "code"), [("decided", "poll_decided"), ("cancelled", "poll_cancelled")]
)
async def test_a_settled_poll_is_shown_and_not_changed(voter, poll_status, code):
    await voter.answer(voter.yes, "one")
    await voter.put(form=msgspec.structs.replace(voter.form, status=poll_status, chosen=DATES[0]))
    refused = await voter.answer(voter.no, "two")
    assert (refused["status"], refused["code"]) == (409, code)
    view = await voter.look()
    assert (view["form"]["status"], view["form"]["chosen"]) == (poll_status, DATES[0])
    assert await voter.recorded() == [voter.yes]


@pytest.fixture
async def member(premises):
    """A member with the link of a written procedure."""
    visitor = Visitor(premises, await premises.caller(), "ballot")
    await visitor.put()
    return visitor


async def test_a_veto_is_taken_after_the_result_and_the_vote_is_not(member):
    await member.answer(member.yes, "one")
    result = {"outcome": "carried", "counts": [8, 1, 0], "given": "for"}
    form = msgspec.structs.replace(member.form, stage="veto", **result)
    await member.put(form=form, deadline=member.deadline + timedelta(days=15))
    member.premises.ahead = timedelta(days=2)
    late = await member.answer(member.no, "two")
    assert (late["status"], late["code"]) == (409, "other_stage")
    veto = BallotAnswer(veto=" It doubles our costs. ", stage="veto", choice="against")
    view = await member.answer(veto, "three")
    kept = BallotAnswer(veto="It doubles our costs.", stage="veto")
    assert view["answer"] == msgspec.to_builtins(kept)
    back = BallotAnswer(stage="veto")
    await member.answer(back, "four")
    assert await member.recorded() == [member.yes, kept, back]


@pytest.mark.parametrize("stage", ["closed", "cancelled"])
async def test_a_ballot_that_is_over_is_only_read(member, stage):
    await member.put(form=msgspec.structs.replace(member.form, stage=stage))
    refused = await member.answer(member.yes, "one")
    assert (refused["status"], refused["code"]) == (409, f"ballot_{stage}")
    assert await member.recorded() == []


@pytest.mark.parametrize(
    ("answer", "stage", "code"),
    [
        (BallotAnswer(choice="perhaps"), "vote", "unknown_choice"),
        (BallotAnswer(choice="for", comment="x" * (MAX_COMMENT + 1)), "vote", "comment_too_long"),
        (BallotAnswer(veto="x" * 4001, stage="veto"), "veto", "reason_too_long"),
    ],
)
async def test_a_ballot_takes_only_what_it_offers(member, answer, stage, code):
    await member.put(form=msgspec.structs.replace(member.form, stage=stage))
    refused = await member.answer(answer, "one")
    assert (refused["status"], refused["code"]) == (400, code)
    assert await member.recorded() == []


async def test_a_vote_can_be_taken_back(member):
    await member.answer(member.yes, "one")
    view = await member.answer(BallotAnswer(), "two")
    assert view["answer"]["choice"] == ""
    assert await member.recorded() == [member.yes, BallotAnswer()]


@pytest.fixture
async def owner(premises):
    """Somebody with the link of an action."""
    visitor = Visitor(premises, await premises.caller(), "action")
    await visitor.put()
    return visitor


async def test_what_is_told_of_an_action_is_one_entry_each(owner):
    told = [
        ActionAnswer(what="comment", text="Half of it is there."),
        owner.no,
        owner.yes,
        ActionAnswer(what="reopen", due_on=date(2026, 5, 4)),
    ]
    for number, answer in enumerate(told):
        assert (await owner.answer(answer, f"{number}"))["status"] == 200
    assert await owner.recorded() == [*told[:3], ActionAnswer(what="reopen")]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ActionAnswer(what="postpone"), "due_needed"),
        (ActionAnswer(what="postpone", due_on=date(2026, 4, 15)), "same_due"),
        (ActionAnswer(what="comment", text=" \u202e "), "text_needed"),
        (ActionAnswer(what="done", text="x" * (MAX_COMMENT + 1)), "comment_too_long"),
    ],
)
async def test_an_action_takes_only_what_makes_sense(owner, answer, code):
    refused = await owner.answer(answer, "one")
    assert (refused["status"], refused["code"]) == (400, code)
    assert await owner.recorded() == []


async def test_a_dropped_action_takes_comments_only(owner):
    await owner.put(form=msgspec.structs.replace(owner.form, status="dropped"))
    refused = await owner.answer(owner.yes, "one")
    assert (refused["status"], refused["code"]) == (409, "action_dropped")
    comment = ActionAnswer(what="comment", text="Good.")
    assert (await owner.answer(comment, "two"))["status"] == 200
    assert await owner.recorded() == [comment]
