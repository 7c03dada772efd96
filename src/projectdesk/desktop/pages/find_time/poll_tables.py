"""The tables of date polls: the polls, the dates of one, and who says what of each date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, poll_words
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.domain.preparation import DateChoice
from projectdesk.services.poll_rows import DateOptionRow, DatePollDetail, DatePollRow, DateVoterRow

_NEVER = datetime.max.replace(tzinfo=UTC)


def poll_columns() -> list[Column[DatePollRow]]:
    """Return the columns of the list of polls."""
    return [
        Column(say("Date poll"), lambda p: p.title, stretch=2, strong=True,
               tip=lambda p: f"{p.title} ({p.project})"),
        Column(say("Answered"), lambda p: f"{p.answered}/{p.voters}",
               sort=lambda p: p.missing, width=100, right=True),
        Column(say("State"), poll_words.state_words, width=100, tone=poll_words.state_tone),
    ]  # fmt: skip


class DatesTable(DataTable[DateOptionRow]):
    """The dates of a poll in its zone and the reader's, and how they stand."""

    def __init__(self, zone: str) -> None:
        self._own = zone
        self._poll: DatePollRow | None = None
        self.nothing = EmptyState(
            "calendar-plus",
            say("No date yet"),
            say("Add the dates that people can choose from, or take them from the tab Times."),
            say("Add a date"),
        )
        super().__init__(self._columns(), lambda option: option.id, self.nothing, name="poll-dates")
        self.setAccessibleName(say("Dates of the poll"))

    def _columns(self) -> list[Column[DateOptionRow]]:
        return [
            Column(say("No."), lambda o: str(o.number), sort=lambda o: o.number, width=52),
            Column(say("Date"), self._when, sort=lambda o: o.starts_at, stretch=3, strong=True,
                   bold=lambda o: o.chosen),
            Column(say("Yes"), lambda o: str(o.standing.yes),
                   sort=lambda o: -o.standing.yes, width=60, right=True),
            Column(say("If need be"), lambda o: str(o.standing.if_need_be),
                   sort=lambda o: -o.standing.if_need_be, width=92, right=True),
            Column(say("No"), lambda o: str(o.standing.no),
                   sort=lambda o: o.standing.no, width=60, right=True),
            Column(say("Standing"), self._place, sort=lambda o: o.standing.rank, width=150,
                   tone=poll_words.place_tone,
                   about=say("Fewest of the needed who cannot, then most of them who can, then "
                             "who gladly can; after that the others likewise")),
        ]  # fmt: skip

    @property
    def _zone(self) -> str:
        return self._poll.zone if self._poll is not None else "UTC"

    def _when(self, option: DateOptionRow) -> str:
        return poll_words.date_in_zones(option.starts_at, self._zone, self._own)

    def _place(self, option: DateOptionRow) -> str:
        return "" if self._poll is None else poll_words.place_words(option, self._poll)

    def show_poll(self, found: DatePollDetail, own: str) -> None:
        """Show the dates of a poll; the reader's clock beside where it is another."""
        self._poll, self._own = found.poll, own
        self.show_rows(found.options)


class AnswersTable(DataTable[DateVoterRow]):
    """Who says what: a row for each voter, a column for each date; cells can be edited."""

    def __init__(self, options: Sequence[DateOptionRow], zone: str) -> None:
        """Make it for these dates.

        Args:
            options: the dates, one column each.
            zone: of the poll, in which the dates are named.
        """
        self.dates = tuple(option.id for option in options)
        empty = EmptyState(
            "users",
            say("Nobody is asked yet"),
            say("Choose who is asked, and whose presence is needed."),
            say("Choose voters"),
        )
        required: Field[DateVoterRow] = Field(
            "required",
            say("Presence"),
            lambda voter: voter.required,
            Entry.CHOICE,
            options=lambda: [Option(True, say("Needed")), Option(False, say("Optional"))],
        )
        columns: list[Column[DateVoterRow]] = [
            Column(say("Voter"), lambda v: v.name, stretch=2, strong=True,
                   tip=lambda v: v.email or say("No address is known")),
            Column(say("Partner"), lambda v: v.partner, width=110, muted=True, optional=True),
            Column(say("Presence"), poll_words.presence_words, width=96, field=required,
                   tone=lambda v: Tone.ACCENT if v.required else Tone.NEUTRAL),
            *(self._date_column(option, zone) for option in options),
            Column(say("Answered"), lambda v: self._answered(v, zone), stretch=1, optional=True,
                   sort=lambda v: v.answered_at or _NEVER,
                   alarm=lambda v: v.is_missing and v.asked_at is not None),
            Column(say("Comment"), lambda v: v.comment, stretch=2, muted=True, optional=True,
                   tip=lambda v: v.comment),
        ]  # fmt: skip
        super().__init__(columns, lambda voter: voter.id, empty)
        self.setAccessibleName(say("Answers of the voters"))

    def _date_column(self, option: DateOptionRow, zone: str) -> Column[DateVoterRow]:
        date = option.id

        def said(voter: DateVoterRow) -> DateChoice | None:
            return voter.choices.get(date)

        field: Field[DateVoterRow] = Field(
            date.hex,
            poll_words.date_words(option.starts_at, zone),
            said,
            Entry.CHOICE,
            options=poll_words.choice_options,
        )
        return Column(
            poll_words.column_words(option.starts_at, zone),
            lambda voter: poll_words.marked(said(voter)),
            sort=lambda voter: _order(said(voter)),
            width=126,
            tone=lambda voter: poll_words.choice_tone(said(voter)),
            field=field,
            about=poll_words.date_words(option.starts_at, zone),
        )

    def _answered(self, voter: DateVoterRow, zone: str) -> str:
        if voter.revoked:
            return say("Link ended")
        if voter.answered_at is not None:
            return formats.moment(voter.answered_at, zone)
        if voter.reminded_at is not None:
            return say("Missing, reminded {day}", day=formats.day(voter.reminded_at.date()))
        return say("Missing") if voter.asked_at is not None else say("Not asked yet")


def date_of(field: Field[DateVoterRow]) -> UUID | None:
    """Return which date a cell is about; None = not a date."""
    try:
        return UUID(field.name)
    except ValueError:
        return None


def _order(choice: DateChoice | None) -> int:
    return len(DateChoice) if choice is None else list(DateChoice).index(choice)
