"""Who paid, and a series in which what all pay evens out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.domain.rules.fair_slots import Paid, sacrifices, spread
from projectdesk.domain.rules.pain import Hours
from projectdesk.domain.rules.slots import Attendee, Busy, Grid, SlotTable
from projectdesk.domain.rules.zoned_time import to_local

MONDAY = datetime(2027, 6, 7, tzinfo=UTC)


def weeks(people: list[Attendee], count: int, step: int = 60) -> list[SlotTable]:
    return [
        SlotTable(
            Grid(MONDAY + timedelta(weeks=n), MONDAY + timedelta(weeks=n, days=5), 60, step), people
        )
        for n in range(count)
    ]


def consortium(*zones: str) -> tuple[list[Attendee], dict[UUID, UUID]]:
    people = [Attendee(uuid4(), zone, Hours()) for zone in zones]
    return people, {person.id: uuid4() for person in people}


def test_a_partner_pays_the_mean_of_its_people_by_the_hour():
    seoul, lisbon, boston = uuid4(), uuid4(), uuid4()
    kick_off, call = uuid4(), uuid4()
    paid = [
        Paid(seoul, kick_off, 10.0, 120),
        Paid(seoul, kick_off, 4.0, 60),
        Paid(seoul, call, 0.0, 60),
        Paid(lisbon, call, 2.0, 30),
    ]
    found = sacrifices(paid, [lisbon, seoul, boston])
    assert [each.partner_id for each in found] == [lisbon, seoul, boston]
    assert (found[1].points, found[1].meetings, found[1].outside) == (12.0, 2, 1)
    assert found[1].worst == 7.0
    assert found[0].points == 1.0
    assert (found[2].points, found[2].meetings) == (0.0, 0)


def test_who_paid_before_gets_the_good_hour():
    people, partner_of = consortium("Europe/Copenhagen", "America/Los_Angeles")
    copenhagen, california = (partner_of[person.id] for person in people)
    [table] = weeks(people, 1)
    kind_to_california = spread([table], partner_of, {california: 40.0}, zone="UTC")[0]
    kind_to_copenhagen = spread([table], partner_of, {copenhagen: 40.0}, zone="UTC")[0]
    assert kind_to_california.asked[california] == 0 < kind_to_california.asked[copenhagen]
    assert kind_to_copenhagen.asked[copenhagen] == 0 < kind_to_copenhagen.asked[california]
    assert kind_to_california.after[california] == 40.0


def test_a_series_between_far_places_goes_round():
    people, partner_of = consortium("America/New_York", "Europe/Warsaw", "Asia/Seoul")
    tables = weeks(people, 12)
    turns = spread(tables, partner_of, {}, zone="Europe/Warsaw")
    assert len(turns) == 12
    assert all(turn.start in {tables[n].grid.at(k) for k in range(tables[n].grid.count)}
               for n, turn in enumerate(turns))  # fmt: skip
    clocks = {(at.weekday(), at.hour) for turn in turns
              for at in [to_local(turn.start, "Europe/Warsaw")]}  # fmt: skip
    assert 1 < len(clocks) <= 3
    after = turns[-1].after.values()
    best = tables[0].ranked(1)[0]
    number = tables[0].grid.number(best.start)
    assert number is not None
    always = [12 * tables[0].pain(at, number) for at in range(3)]
    assert max(after) - min(after) < max(always) - min(always)
    assert max(after) < max(always)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(-11, 12), min_size=2, max_size=5),
    st.lists(st.floats(0, 60), min_size=5, max_size=5),
)
def test_each_meeting_takes_the_start_with_the_least_squares(shifts, before):
    people, partner_of = consortium(*(f"Etc/GMT{shift:+d}" for shift in shifts))
    paid = dict(zip(partner_of.values(), before, strict=False))
    tables = weeks(people, 2, 120)
    sums = {partner: points - min(paid.values()) for partner, points in paid.items()}
    for table, turn in zip(tables, spread(tables, partner_of, paid, zone="UTC"), strict=True):
        squares = [
            sum(
                (sums[partner_of[person.id]] + table.pain(at, number)) ** 2
                for at, person in enumerate(people)
            )
            for number in range(table.grid.count)
        ]
        sums = {partner: sums[partner] + turn.asked[partner] for partner in sums}
        assert sum(each**2 for each in sums.values()) == pytest.approx(min(squares))


def test_a_meeting_at_which_nobody_can_come_has_no_turn():
    never = Busy(MONDAY - timedelta(days=1), MONDAY + timedelta(days=6))
    person = Attendee(uuid4(), "UTC", busy=(never,))
    turns = spread(weeks([person], 2), {person.id: uuid4()}, {}, zone="UTC")
    assert [turn.start.date() for turn in turns] == [(MONDAY + timedelta(weeks=1)).date()]
