from __future__ import annotations

import pytest

from projectdesk.domain.identity import new_id
from projectdesk.domain.rules.leaders import Candidate, project_manager, work_package_leader


def people(*functions: str) -> list[Candidate]:
    return [Candidate(new_id(), function, function) for function in functions]


@pytest.mark.parametrize(
    ("functions", "expected"),
    [
        (["Financial officer", "WP3 leader"], "WP3 leader"),
        (["WP1 leader", "WP 3 team", "Scientific lead"], "WP 3 team"),
        (["WP1 leader", "Scientific lead"], "Scientific lead"),
        (["Project manager", "Principal investigator"], "Principal investigator"),
        (["Financial officer", "Project manager"], "Project manager"),
        (["", ""], ""),
        (["WP13 leader", "Leader"], "Leader"),
    ],
)
def test_a_work_package_is_presented_by_its_leader(functions, expected):
    chosen = work_package_leader(people(*functions), 3)
    assert chosen is not None
    assert chosen.function == expected


@pytest.mark.parametrize(
    ("functions", "expected"),
    [
        (["Scientific lead", "Project manager"], "Project manager"),
        (["WP1 leader", "Head of office"], "Head of office"),
        (["WP1 leader", "Coordinator"], "Coordinator"),
        (["Developer", "Secretary"], "Developer"),
    ],
)
def test_a_project_is_run_by_its_manager(functions, expected):
    chosen = project_manager(people(*functions))
    assert chosen is not None
    assert chosen.function == expected


def test_a_partner_without_people_has_nobody():
    assert work_package_leader([], 1) is None
    assert project_manager([]) is None
