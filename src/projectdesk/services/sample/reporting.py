"""The sample's effort: planned person-months, and what partners stated for the first period.

RP1 has just ended: most figures are approved, some wait, one was sent back, two are missing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from projectdesk.domain.consortium import Partner, PartnerRole
from projectdesk.domain.effort import (
    Effort,
    EffortStatement,
    ReportedEffort,
    ReportingPeriod,
    StatementState,
)
from projectdesk.domain.identity import new_public_id
from projectdesk.domain.rules.effort import planned_share
from projectdesk.services.sample.cast import Cast
from projectdesk.services.session import Unit

_PERIODS = ((1, 8), (9, 24), (25, 42))
_MONTHS = {1: 54, 2: 96, 3: 132, 4: 120, 5: 108, 6: 90, 7: 60}
"""Person-months of each work package."""
_LEADS_SHARE = Decimal("0.3")
_QUARTER = Decimal("0.25")
_WITHOUT = {PartnerRole.GRANTING_AUTHORITY, PartnerRole.SUBCONTRACTOR}
_ASKED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
_DEADLINE = date(2026, 11, 20)
_STATES = (
    *(StatementState.APPROVED,) * 5,
    StatementState.ANSWERED,
    StatementState.SENT_BACK,
    StatementState.ANSWERED,
    StatementState.APPROVED,
    StatementState.ASKED,
    StatementState.ANSWERED,
    StatementState.ASKED,
)
"""Where each partner's statement stands, in the order of the consortium."""
_FACTORS = tuple(Decimal(each) for each in ("1", "0.92", "1.05", "0.98", "1.1", "0.85", "1.6"))
"""What was worked to what was planned."""
_COMMENTS = {
    1: "The second post-doc started in May instead of March.",
    5: "Parental leave until September.",
    6: "Includes the field campaign in June.",
}
_REMARK = "This is well above the plan. Please check whether the campaign belongs to WP3."


def make_reporting(unit: Unit, cast: Cast) -> None:
    """Add planned effort, three reporting periods and the statements of the first one.

    Args:
        unit: the change that the sample is made in.
        cast: the consortium and its work packages, made before.
    """
    partners = [each for each in cast.partners.values() if each.role not in _WITHOUT]
    planned = _plan_effort(unit, cast, partners)
    periods = [
        ReportingPeriod(project_id=cast.project.id, number=number, start_month=start, end_month=end)
        for number, (start, end) in enumerate(_PERIODS, 1)
    ]
    unit.add(*periods)
    for index, partner in enumerate(partners):
        _state(unit, cast, periods[0], partner, index, planned)


def _plan_effort(unit: Unit, cast: Cast, partners: list[Partner]) -> dict[tuple[str, int], Decimal]:
    """Give each work package's lead its share, and the rest to most of the others."""
    planned: dict[tuple[str, int], Decimal] = {}
    for number, package in cast.work_packages.items():
        whole = Decimal(_MONTHS.get(number, 60))
        helpers = [
            each
            for at, each in enumerate(partners)
            if each.id != package.lead_partner_id and (number == 1 or (at + number) % 3)
        ]
        lead = _quarters(whole * _LEADS_SHARE)
        each_one = _quarters((whole - lead) / max(len(helpers), 1))
        for partner in partners:
            if partner.id == package.lead_partner_id:
                months = lead
            elif partner in helpers:
                months = each_one
            else:
                continue
            planned[partner.short_name, number] = months
            unit.add(Effort(partner_id=partner.id, work_package_id=package.id, months=months))
    return planned


def _state(
    unit: Unit,
    cast: Cast,
    period: ReportingPeriod,
    partner: Partner,
    index: int,
    planned: dict[tuple[str, int], Decimal],
) -> None:
    state = _STATES[index % len(_STATES)]
    answered = None if state is StatementState.ASKED else _ASKED + timedelta(days=2 + index % 9)
    decided = state in {StatementState.APPROVED, StatementState.SENT_BACK}
    statement = EffortStatement(
        period_id=period.id,
        partner_id=partner.id,
        person_id=_contact(cast, partner),
        state=state,
        desk=new_public_id(),
        deadline=_DEADLINE,
        asked_at=_ASKED,
        answered_at=answered,
        decided_at=_ASKED + timedelta(days=15) if decided else None,
        comment=_COMMENTS.get(index, "") if answered else "",
        remark=_REMARK if state is StatementState.SENT_BACK else "",
    )
    unit.add(statement)
    if answered is None:
        return
    span = (period.start_month, period.end_month)
    for number, package in cast.work_packages.items():
        work = (package.start_month, package.end_month)
        share = planned_share(planned.get((partner.short_name, number), Decimal(0)), work, span)
        if share:
            months = _quarters(share * _FACTORS[(index + number // 3) % len(_FACTORS)])
            unit.add(
                ReportedEffort(statement_id=statement.id, work_package_id=package.id, months=months)
            )


def _contact(cast: Cast, partner: Partner) -> UUID | None:
    """Return the first of a partner's people that the sample names."""
    keys = (key for key, one in cast.partner_of.items() if one.id == partner.id)
    return next((cast.people[key].id for key in keys), None)


def _quarters(months: Decimal) -> Decimal:
    return (months / _QUARTER).quantize(Decimal(1), ROUND_HALF_UP) * _QUARTER
