from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.consortium import Partner, PartnerRole
from projectdesk.domain.rules import consortium

MAY, JUNE = date(2027, 5, 31), date(2027, 6, 1)


def partner(number=None, role=PartnerRole.BENEFICIARY, **fields):
    return Partner(project_id=uuid4(), organisation_id=uuid4(), number=number, role=role, **fields)


def coordinator(number=1, **fields):
    return partner(number, PartnerRole.COORDINATOR, **fields)


def test_a_period_holds_its_first_and_last_day() -> None:
    short = partner(2, active_from=date(2027, 1, 1), active_to=MAY)
    assert [consortium.is_active(short, day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [
        False,
        True,
    ]
    assert [consortium.is_active(short, day) for day in (MAY, JUNE)] == [True, False]
    assert consortium.is_active(partner(3), date(1990, 1, 1))
    assert consortium.active_on([short, other := partner(3)], JUNE) == [other]


def test_a_change_of_coordinator_keeps_who_it_was_before() -> None:
    old = partner(1, coordinator_to=MAY)
    new = coordinator(3, coordinator_from=JUNE)
    both = [old, new]
    assert consortium.coordinator_on(both, MAY) is old
    assert consortium.coordinator_on(both, JUNE) is new
    assert consortium.role_on(old, MAY) is PartnerRole.COORDINATOR
    assert consortium.role_on(old, JUNE) is PartnerRole.BENEFICIARY
    assert consortium.role_on(new, MAY) is PartnerRole.BENEFICIARY
    assert consortium.role_on(partner(4, PartnerRole.ASSOCIATED_PARTNER), MAY) is (
        PartnerRole.ASSOCIATED_PARTNER
    )


def test_a_coordinator_that_was_replaced_coordinated_until_its_last_day() -> None:
    old, new = coordinator(active_to=MAY), coordinator(4, active_from=JUNE)
    assert consortium.coordinator_on([new, old], MAY) is old
    assert consortium.coordinator_on([new, old], JUNE) is new
    assert not consortium.coordinate_together(old, new)
    assert consortium.coordinate_together(old, coordinator(2, active_from=MAY))
    assert consortium.coordinate_together(coordinator(), coordinator(2))
    assert not consortium.coordinate_together(coordinator(), partner(2))
    assert consortium.coordinator_on([partner(2)], MAY) is None


def test_partners_are_listed_by_number_with_what_belongs_to_them() -> None:
    first, second, tenth = coordinator(1), partner(2), partner(10)
    affiliated = partner(None, PartnerRole.AFFILIATED_ENTITY, parent_id=second.id)
    shared = partner(None, PartnerRole.THIRD_PARTY, parent_number=1)
    numbered = partner(7, PartnerRole.AFFILIATED_ENTITY, parent_id=first.id)
    unnumbered = partner(None)
    mixed = [unnumbered, tenth, affiliated, shared, numbered, second, first]
    assert consortium.in_order(mixed) == [
        first,
        shared,
        numbered,
        second,
        affiliated,
        tenth,
        unnumbered,
    ]
    found = consortium.parents(mixed)
    assert found == {affiliated.id: second, shared.id: first, numbered.id: first}


def test_nobody_is_lost_where_two_belong_to_each_other() -> None:
    one, other = partner(1), partner(2)
    one.parent_id, other.parent_id = other.id, one.id
    assert consortium.in_order([other, one]) == [one, other]
    one.parent_id = one.id
    assert consortium.parents([one]) == {}


def test_renumbering_closes_gaps_and_keeps_shared_numbers() -> None:
    first, fourth, ninth = coordinator(1), partner(4), partner(9)
    shared = partner(None, PartnerRole.THIRD_PARTY, parent_number=9)
    fresh = partner(None)
    assert consortium.renumbered([first, fourth, ninth, shared, fresh]) == {
        first.id: (1, None),
        fourth.id: (2, None),
        ninth.id: (3, None),
        shared.id: (None, 3),
        fresh.id: (4, None),
    }


def test_the_agreement_lists_the_coordinator_first() -> None:
    old, new = partner(1, coordinator_to=MAY), coordinator(3, coordinator_from=JUNE)
    affiliated = partner(None, PartnerRole.AFFILIATED_ENTITY, parent_id=new.id)
    between = partner(2)
    assert consortium.in_agreements_order([old, between, new, affiliated]) == [
        new,
        affiliated,
        old,
        between,
    ]


days = st.none() | st.integers(0, 6).map(lambda n: MAY + timedelta(days=n))


@given(st.lists(st.tuples(st.sampled_from([1, 2]), days, days, days, days), max_size=4))
def test_two_coordinate_together_exactly_when_some_day_has_both(drawn) -> None:
    roles = {1: PartnerRole.COORDINATOR, 2: PartnerRole.BENEFICIARY}
    everyone = [
        partner(
            n,
            roles[role],
            active_from=a,
            active_to=b,
            coordinator_from=c,
            coordinator_to=d,
        )
        for n, (role, a, b, c, d) in enumerate(drawn, start=1)
    ]
    week = [MAY + timedelta(days=n) for n in range(-2, 9)]
    for n, one in enumerate(everyone):
        for other in everyone[:n]:
            shared = any(
                consortium.coordinates_on(one, day) and consortium.coordinates_on(other, day)
                for day in week
            )
            assert consortium.coordinate_together(one, other) == shared


@given(
    st.lists(
        st.tuples(st.none() | st.integers(1, 5), st.none() | st.integers(1, 5), st.integers(0, 9)),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_every_partner_is_listed_once_and_numbered_once(drawn, random) -> None:
    everyone = [partner(n, parent_number=p, position=at) for n, p, at in drawn]
    for one in everyone:
        one.parent_id = random.choice([None, *(other.id for other in everyone)])
    for ordered in (consortium.in_order(everyone), consortium.in_agreements_order(everyone)):
        assert {p.id for p in ordered} == {p.id for p in everyone}
        assert len(ordered) == len(everyone)
    numbers = [own for own, _ in consortium.renumbered(everyone).values() if own is not None]
    assert numbers == list(range(1, len(numbers) + 1))
