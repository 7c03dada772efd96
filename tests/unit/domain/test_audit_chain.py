"""A chain holds, or names its first broken link."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from projectdesk.domain.rules.audit_chain import (
    AuditStep,
    Break,
    Expected,
    Fault,
    Text,
    append,
    first_break,
    first_untold,
    link_hash,
)

CHAIN = UUID(int=7)
AT = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
STEPS = [AuditStep.BEGUN, AuditStep.CIRCULATED, AuditStep.RECEIVED, AuditStep.ACCEPTED]


def chain():
    links, texts, last = [], {}, None
    for at, step in enumerate(STEPS):
        text = Text(f"{at:032x}", f"to person {at}")
        last = append(last, CHAIN, AT + timedelta(hours=at), step, UUID(int=at), text)
        links.append(last)
        texts[last.seq] = text
    return links, texts


def test_a_chain_as_it_was_made_holds():
    links, texts = chain()
    assert first_break(links, texts, [links[1].hash]) is None


def test_erasing_what_is_said_of_people_leaves_it_whole():
    links, texts = chain()
    del texts[2], texts[3]
    assert first_break(links, texts) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", AT),
        ("step", AuditStep.OBJECTED),
        ("subject", None),
        ("commitment", "f" * 64),
        ("chain", UUID(int=8)),
    ],
)
def test_a_changed_field_is_found_at_its_link(field, value):
    links, texts = chain()
    links[2] = replace(links[2], **{field: value})
    found = first_break(links, texts)
    assert found is not None
    assert (found.seq, found.fault) == (3, Fault.CHANGED)


def test_a_link_that_was_made_anew_breaks_the_one_after_it():
    links, texts = chain()
    old = links[1]
    anew = replace(old, step=AuditStep.SENT)
    hashed = link_hash(
        anew.chain, anew.seq, anew.at, anew.step, anew.subject, anew.commitment, anew.previous
    )
    links[1] = replace(anew, hash=hashed)
    found = first_break(links, texts)
    assert found is not None
    assert (found.seq, found.fault) == (3, Fault.PREVIOUS)


def test_a_missing_link_and_a_changed_text_are_named():
    links, texts = chain()
    gone = first_break([links[0], *links[2:]], texts)
    assert gone is not None
    assert (gone.seq, gone.fault) == (2, Fault.MISSING)
    texts[4] = replace(texts[4], text="to somebody else")
    other = first_break(links, texts)
    assert other is not None
    assert (other.seq, other.step, other.fault) == (4, AuditStep.ACCEPTED, Fault.TEXT)


def test_an_end_that_was_cut_off_shows_by_the_printed_head():
    links, texts = chain()
    assert first_break(links[:2], texts) is None
    found = first_break(links[:2], texts, [links[3].hash])
    assert found is not None
    assert found.fault is Fault.HEAD
    assert first_break([], {}, [links[3].hash]) is not None


def test_the_zone_of_a_clock_makes_no_difference():
    links, _ = chain()
    there = links[0].at.astimezone(timezone(timedelta(hours=9)))
    one = replace(links[0], at=there)
    assert first_break([one], {}) is None


def test_the_first_step_that_no_link_tells_of_is_named():
    links, _ = chain()
    told = [
        Expected((AuditStep.CIRCULATED,)),
        Expected((AuditStep.RECEIVED,), UUID(int=2)),
        Expected((AuditStep.OBJECTED, AuditStep.ACCEPTED), UUID(int=3)),
    ]
    assert first_untold(links, told) is None
    other = Expected((AuditStep.RECEIVED,), UUID(int=9))
    late = Expected((AuditStep.SUPERSEDED,))
    found = first_untold(links, [*told, other, late])
    assert found == Break(len(links) + 1, AuditStep.RECEIVED, Fault.UNTOLD)
