"""The columns of reporting periods and of statements of effort."""

from __future__ import annotations

from datetime import date

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, person_months
from projectdesk.desktop.models.fields import Column, Entry, Field
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.theme import Tone
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.services.reporting_rows import ReportingPeriodRow, StatementRow


def _month(name: str, label: str) -> Field[ReportingPeriodRow]:
    return Field(
        name,
        label,
        lambda r: getattr(r, name),
        Entry.NUMBER,
        minimum=1,
        maximum=LAST_MONTH,
        prefix="M",
    )


def period_columns() -> list[Column[ReportingPeriodRow]]:
    """Return the columns of reporting periods; months and days to report are edited in place."""
    return [
        Column(say("No."), lambda r: r.label, width=64, strong=True),
        Column(
            say("From"),
            lambda r: f"M{r.start_month}",
            sort=lambda r: r.start_month,
            width=64,
            field=_month("start_month", say("From")),
        ),
        Column(
            say("To"),
            lambda r: f"M{r.end_month}",
            sort=lambda r: r.end_month,
            width=64,
            field=_month("end_month", say("To")),
        ),
        Column(say("Dates"), _days, stretch=2, muted=True, optional=True),
        Column(
            say("Report due"),
            lambda r: formats.day(r.due_on),
            sort=lambda r: (r.due_on is None, r.due_on or date.min),
            width=118,
        ),
        Column(
            say("Days to report"),
            lambda r: str(r.due_days),
            sort=lambda r: r.due_days,
            width=124,
            right=True,
            optional=True,
            field=Field(
                "due_days", say("Days to report"), lambda r: r.due_days, Entry.NUMBER, maximum=1000
            ),
        ),
        Column(
            say("Planned PM"),
            lambda r: person_months.shown(r.planned),
            sort=lambda r: r.planned,
            width=104,
            right=True,
        ),
        Column(
            say("Reported PM"),
            lambda r: person_months.shown(r.reported),
            sort=lambda r: r.reported,
            width=110,
            right=True,
        ),
        Column(say("State"), _period_state, stretch=1, tone=_period_tone),
    ]


def _period_tone(shown: ReportingPeriodRow) -> Tone:
    if shown.frozen_on is not None:
        return Tone.INFO
    if shown.late:
        return Tone.DANGER
    done = bool(shown.partners) and shown.approved == shown.partners
    return Tone.SUCCESS if done else Tone.NEUTRAL


def _days(shown: ReportingPeriodRow) -> str:
    if shown.starts_on is None:
        return ""
    return f"{formats.day(shown.starts_on)} – {formats.day(shown.ends_on)}"


def _period_state(shown: ReportingPeriodRow) -> str:
    if shown.frozen_on is not None:
        return say("Frozen {day}", day=formats.day(shown.frozen_on))
    if shown.late:
        return say("{count} late", count=shown.late)
    return say("{count} of {all} answered", count=shown.answered, all=shown.partners)


def statement_columns() -> list[Column[StatementRow]]:
    """Return the columns of what partners state for a period."""
    return [
        Column(
            say("No."),
            lambda r: "" if r.number is None else str(r.number),
            sort=lambda r: (r.number is None, r.number or 0),
            width=56,
        ),
        Column(say("Partner"), lambda r: r.partner, stretch=2, strong=True),
        Column(
            say("Person asked"),
            lambda r: r.person,
            stretch=2,
            muted=True,
            optional=True,
            tip=lambda r: r.email,
        ),
        Column(say("State"), _statement_state, width=150, tone=_statement_tone),
        Column(
            say("Planned"),
            lambda r: person_months.shown(r.planned),
            sort=lambda r: r.planned,
            width=90,
            right=True,
        ),
        Column(
            say("Reported"),
            lambda r: person_months.shown(r.reported),
            sort=lambda r: (r.reported is None, r.reported or 0),
            width=96,
            right=True,
        ),
        Column(
            say("Deviation"),
            lambda r: person_months.difference(r.deviation),
            sort=lambda r: (r.deviation is None, r.deviation or 0),
            width=96,
            right=True,
        ),
        Column(
            say("Deadline"),
            lambda r: formats.day(r.deadline),
            sort=lambda r: (r.deadline is None, r.deadline or date.min),
            width=120,
            alarm=lambda r: r.late > 0,
            optional=True,
        ),
    ]


def _statement_state(shown: StatementRow) -> str:
    if shown.late:
        return say("Late, {count} days", count=shown.late) if shown.late > 1 else say("Late, 1 day")
    if shown.waiting:
        return say("Waiting for the host")
    return word(shown.state)


def _statement_tone(shown: StatementRow) -> Tone:
    return Tone.DANGER if shown.late else tone(shown.state)
