from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.work_groups import Member, group_by_work_package

PARTS = {"UNI": [1, 2], "LAB": [2], "FIRM": [4]}


def test_the_function_comes_before_the_partner():
    members = [Member("a", "UNI", "WP4 leader"), Member("b", "UNI"), Member("c", "LAB", "wp 9")]
    assert group_by_work_package(members, PARTS) == {1: ["b"], 2: ["c"], 4: ["a"]}


def test_a_partner_of_several_goes_where_the_fewest_are():
    members = [Member("a", "LAB"), Member("b", "LAB"), Member("c", "UNI"), Member("d", "UNI")]
    assert group_by_work_package(members, PARTS) == {1: ["c", "d"], 2: ["a", "b"]}


def test_who_belongs_to_none_is_in_no_group():
    assert group_by_work_package([Member("a", None), Member("b", "GHOST")], PARTS) == {}


@given(
    st.lists(
        st.tuples(
            st.none() | st.sampled_from(["UNI", "LAB", "FIRM", "GHOST"]),
            st.sampled_from(["", "WP1 leader", "WP 2, WP4", "WP77", "Manager"]),
        )
    )
)
def test_nobody_is_in_two_groups_and_no_group_is_empty(people):
    members = [Member(str(place), *one) for place, one in enumerate(people)]
    groups = group_by_work_package(members, PARTS)
    everybody = [person for group in groups.values() for person in group]
    assert len(set(everybody)) == len(everybody)
    assert all(groups.values())
    assert list(groups) == sorted(groups)
