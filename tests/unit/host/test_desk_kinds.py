from __future__ import annotations

import msgspec
import pytest

from projectdesk.errors import Conflict, DomainError
from projectdesk.host.desks.kinds import KINDS, MAX_COMMENT, tidied
from projectdesk.signalling.desk import (
    EffortAnswer,
    EffortFigure,
    EffortLine,
    EffortSnapshot,
    FeedSnapshot,
    InvitationAnswer,
)
from tests.unit.host.conftest import NOW
from tests.unit.host.test_journal import desk_snapshot

FORM = desk_snapshot().form


def test_every_kind_of_the_wire_is_registered():
    for kind, row in KINDS.items():
        assert row.form.__struct_config__.tag == kind
        if row.answer is not None:
            assert row.answer.__struct_config__.tag == kind


def test_a_feed_is_only_read():
    feed = FeedSnapshot(name="All", content="BEGIN:VCALENDAR", changed_at=NOW)
    assert KINDS["feed"].answer is None
    with pytest.raises(DomainError) as caught:
        tidied(feed, InvitationAnswer(answer="accepted"))
    assert caught.value.code == "wrong_kind"


def test_comments_are_plain_text():
    answer = InvitationAnswer(answer="accepted", comment="\u202e e\u0301\r\n\x07ok\n")
    assert tidied(FORM, answer).comment == "é\nok"
    persian = InvitationAnswer(answer="accepted", comment="می\u200cآیم")
    assert tidied(FORM, persian) == persian, "its spelling needs the joiner"
    fits = InvitationAnswer(answer="accepted", comment="x" * MAX_COMMENT)
    assert tidied(FORM, fits) == fits
    with pytest.raises(DomainError) as caught:
        tidied(FORM, msgspec.structs.replace(fits, comment="x" * (MAX_COMMENT + 1)))
    assert caught.value.code == "comment_too_long"


STATEMENT = EffortSnapshot(
    project="TIDEWATER",
    project_title="",
    period="RP1",
    start_month=1,
    end_month=18,
    starts_on=None,
    ends_on=None,
    name="Ada",
    organisation="Org",
    organiser="Ida",
    lines=[EffortLine(work_package=id_, label=id_, title="", planned=0, earlier=0) for id_ in "ab"],
)


def stated(*work_packages: str, **changes: str) -> EffortAnswer:
    figures = [EffortFigure(work_package=each, months=5) for each in work_packages]
    return EffortAnswer(figures=figures, **changes)


def test_figures_are_kept_in_the_order_of_the_form_with_a_plain_comment():
    assert tidied(STATEMENT, stated("b", "a", comment=" x\u202e ")) == stated("a", "b", comment="x")


@pytest.mark.parametrize("work_packages", ["", "a", "aa", "abb", "abc", "ac"])
def test_a_statement_names_each_work_package_of_its_form_once(work_packages):
    with pytest.raises(DomainError) as caught:
        tidied(STATEMENT, stated(*work_packages))
    assert caught.value.code == "other_figures"


def test_nobody_says_for_the_host_which_sending_back_is_followed():
    forged = msgspec.structs.replace(stated("a", "b"), after=NOW)
    assert tidied(STATEMENT, forged) == stated("a", "b")
    again = msgspec.structs.replace(STATEMENT, status="sent_back", sent_back_at=NOW)
    assert tidied(again, stated("a", "b")) == forged


@pytest.mark.parametrize("status", ["approved", "frozen"])
def test_what_is_in_the_report_is_not_changed_by_a_link(status):
    with pytest.raises(Conflict) as caught:
        tidied(msgspec.structs.replace(STATEMENT, status=status), stated("a", "b"))
    assert caught.value.code == "statement_settled"


def test_an_answer_of_another_kind_is_none():
    with pytest.raises(DomainError) as caught:
        tidied(STATEMENT, InvitationAnswer(answer="accepted"))
    assert caught.value.code == "wrong_kind"
