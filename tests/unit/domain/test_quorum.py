"""Quorum: exact shares, one seat each, proxies with a limit and no chains, steps over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.quorum import (
    ProxyFault,
    ProxyGiven,
    Seat,
    proxy_fault,
    quorum,
    quorum_over_time,
    share_of,
)
from projectdesk.domain.rules.vote_words import quorum_words

T0 = datetime(2027, 3, 4, 9, tzinfo=UTC)
MEMBERS = "ABCDEFGHIJK"
SEATS = [Seat(name) for name in MEMBERS]
names = st.sampled_from(MEMBERS)
proxies = st.lists(st.builds(ProxyGiven, giver=names, holder=names), max_size=6)


def at(minutes: int) -> datetime:
    """Return an instant so many minutes after the start."""
    return T0 + timedelta(minutes=minutes)


@given(st.integers(0, 300), st.integers(1, 100), st.integers(1, 100))
def test_a_share_is_the_smallest_number_that_reaches_it(whole: int, above: int, below: int) -> None:
    needed = share_of(whole, above, below)

    assert Fraction(needed) >= whole * Fraction(above, below) > needed - 1


def test_eight_of_eleven_are_needed_for_two_thirds() -> None:
    stands = quorum(SEATS, "ABCDEFGH")

    assert (stands.seats, stands.present, stands.needed, stands.met) == (11, 8, 8, True)
    assert not quorum(SEATS, "ABCDEFG").met
    assert quorum_words(stands) == "quorum: 8 of 11 members, 8 needed"


def test_a_proxy_counts_for_who_is_away_while_its_holder_is_there() -> None:
    given_ = [ProxyGiven("K", "A")]

    assert quorum(SEATS, "ABCDEFG", given_).met
    assert quorum(SEATS, "ABCDEFGK", given_).represented == 0
    assert quorum(SEATS, "BCDEFGH", given_).represented == 0
    stands = quorum(SEATS, "ABCDEFG", given_)
    assert quorum_words(stands, "de") == (
        "beschlussfähig: 8 von 11 Mitgliedern, 8 nötig, 1 durch Vollmacht"
    )


def test_proxies_do_not_chain() -> None:
    assert quorum(SEATS, "A", [ProxyGiven("C", "B"), ProxyGiven("B", "A")]).there == {"A", "B"}


@given(st.sets(names), proxies, names)
def test_one_more_member_never_breaks_a_quorum(
    here: set[str], held: list[ProxyGiven[str]], comer: str
) -> None:
    before, after = quorum(SEATS, here, held), quorum(SEATS, {*here, comer}, held)

    assert before.there <= after.there
    assert len(after.there) == after.present + after.represented <= after.seats
    assert after.met or not before.met


def test_a_member_in_default_is_no_seat() -> None:
    seats = [*SEATS[:10], Seat("K", in_default=True)]

    stands = quorum(seats, MEMBERS)

    assert (stands.seats, stands.present, "K" in stands.there) == (10, 10, False)


def test_a_body_without_a_vote_is_never_quorate() -> None:
    assert not quorum([Seat("A", in_default=True)], "A").met


@pytest.mark.parametrize(
    ("giver", "holder", "limit", "fault"),
    [
        ("C", "D", 1, None),
        ("C", "D", 0, ProxyFault.NOT_ALLOWED),
        ("C", "C", 1, ProxyFault.ITSELF),
        ("C", "Z", 1, ProxyFault.NO_MEMBER),
        ("C", "K", 1, ProxyFault.IN_DEFAULT),
        ("A", "C", 1, ProxyFault.TWICE),
        ("C", "A", 1, ProxyFault.CHAIN),
        ("B", "C", 1, ProxyFault.CHAIN),
        ("C", "B", 1, ProxyFault.LIMIT),
        ("C", "B", 2, None),
    ],
)
def test_a_proxy_that_cannot_be_given_says_why(
    giver: str, holder: str, limit: int, fault: ProxyFault | None
) -> None:
    seats = [*SEATS[:10], Seat("K", in_default=True)]

    assert proxy_fault(seats, [ProxyGiven("A", "B")], giver, holder, limit=limit) is fault


def test_the_line_over_time_breaks_and_is_restored() -> None:
    presence = {name: [(at(0), at(90))] for name in "ABCDEFG"} | {
        "H": [(at(5), at(30)), (at(60), at(90)), (at(20), at(40))]
    }

    steps = quorum_over_time(SEATS, presence, [], (at(0), at(90)))

    assert [(step.at, step.quorum.met) for step in steps] == [
        (at(0), False),
        (at(5), True),
        (at(40), False),
        (at(60), True),
    ]


def test_a_proxy_holds_from_when_it_was_announced_until_it_is_taken_back() -> None:
    presence = {name: [(at(0), at(60))] for name in "ABCDEFG"}
    held = [ProxyGiven("K", "A", since=at(10), until=at(30))]

    steps = quorum_over_time(SEATS, presence, held, (at(0), at(60)))

    assert [(step.at, step.quorum.met) for step in steps] == [
        (at(0), False),
        (at(10), True),
        (at(30), False),
    ]


@given(
    st.dictionaries(
        names,
        st.lists(
            st.tuples(st.integers(-5, 60), st.integers(0, 40)).map(
                lambda span: (at(span[0]), at(span[0] + span[1]))
            ),
            max_size=3,
        ),
    ),
    proxies,
    st.integers(0, 59),
)
def test_each_step_is_the_quorum_of_its_time(
    presence: dict[str, list[tuple[datetime, datetime]]],
    held: list[ProxyGiven[str]],
    minute: int,
) -> None:
    steps = quorum_over_time(SEATS, presence, held, (at(0), at(60)))

    now = [step for step in steps if step.at <= at(minute)][-1].quorum
    here = {p for p, spans in presence.items() if any(a <= at(minute) < b for a, b in spans)}
    assert now == quorum(SEATS, here, held)
