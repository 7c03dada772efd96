"""What a host takes at the desk of circulated minutes, beside the contract of every kind."""

from __future__ import annotations

import msgspec
import pytest

from projectdesk.host.desks.kinds import MAX_COMMENT
from projectdesk.signalling.outcome import ItemObjection, MinutesAnswer
from tests.integration.host.test_desks import ITEMS, Visitor, objecting


@pytest.fixture
async def reader(premises):
    """Somebody with the link to circulated minutes."""
    visitor = Visitor(premises, await premises.caller(), "minutes")
    await visitor.put()
    return visitor


async def test_objections_are_kept_in_the_order_of_the_minutes_without_empty_ones(reader):
    given = MinutesAnswer(
        objections=[
            ItemObjection(item=ITEMS[1], text=" Not so. "),
            ItemObjection(item=ITEMS[0], text="  "),
            ItemObjection(item="", text="In all."),
        ]
    )
    view = await reader.answer(given, "one")
    kept = MinutesAnswer(
        objections=[
            ItemObjection(item="", text="In all."),
            ItemObjection(item=ITEMS[1], text="Not so."),
        ]
    )
    assert view["answer"] == msgspec.to_builtins(kept)
    assert await reader.recorded() == [kept]


@pytest.mark.parametrize("status", ["accepted", "superseded"])
async def test_minutes_that_are_settled_are_only_read(reader, status):
    await reader.put(form=msgspec.structs.replace(reader.form, status=status))
    objection = MinutesAnswer(objections=[ItemObjection(item=ITEMS[1], text="Not so.")])
    refused = await reader.answer(objection, "one")
    assert (refused["status"], refused["code"]) == (409, f"minutes_{status}")
    assert await reader.recorded() == []


@pytest.mark.parametrize(
    ("answer", "changes", "code"),
    [
        (objecting("f" * 32), {}, "other_items"),
        (objecting(ITEMS[0], ITEMS[0]), {}, "other_items"),
        (objecting(ITEMS[0]), {"may_object": False}, "may_not_object"),
        (objecting(veto="It costs us a year."), {"items": []}, "no_veto_here"),
        (objecting(veto="x" * 4001), {}, "reason_too_long"),
        (objecting(comment="x" * (MAX_COMMENT + 1)), {}, "comment_too_long"),
    ],
)
async def test_minutes_take_only_what_they_offer(reader, answer, changes, code):
    await reader.put(form=msgspec.structs.replace(reader.form, **changes))
    refused = await reader.answer(answer, "one")
    assert (refused["status"], refused["code"]) == (400, code)
    assert await reader.recorded() == []
