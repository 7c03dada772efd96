"""The sample's meetings: agenda, invitations, and for those held attendance and minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import insert, select

from projectdesk.domain.consortium import BodyKind
from projectdesk.domain.meetings import (
    AgendaItem,
    CallRole,
    Invitation,
    InvitationAnswer,
    ItemKind,
    LeftOut,
    Meeting,
    MeetingState,
    MeetingType,
)
from projectdesk.domain.minutes import (
    Action,
    ActionStatus,
    AttendanceInterval,
    Decision,
    Minutes,
    MinutesState,
)
from projectdesk.domain.rules.zoned_time import to_utc, tzdata_version
from projectdesk.services.rows import Kind
from projectdesk.services.sample.attendance import make_attendance, make_questions
from projectdesk.services.sample.cast import Cast
from projectdesk.services.sample.circulation import make_circulation
from projectdesk.services.session import Unit
from projectdesk.store import schema, search
from projectdesk.text.minutes import MinutesText

_ANSWERED_BEFORE = timedelta(days=12)
_INVITED_BEFORE = timedelta(days=47)
_AGENDA_BEFORE = timedelta(days=23)
_CONFIRMED_AFTER = timedelta(days=2)
_BODIES = {
    MeetingType.GENERAL_ASSEMBLY: BodyKind.GENERAL_ASSEMBLY,
    MeetingType.EXECUTIVE_BOARD: BodyKind.EXECUTIVE_BOARD,
}


def make_meetings(unit: Unit, told: dict[str, Any], cast: Cast) -> None:
    """Add the meetings in the order of time; decisions and actions are numbered through.

    Args:
        unit: the change.
        told: the sample's `meetings.toml`.
        cast: who and what the meetings are about.
    """
    numbers = {Decision: 0, Action: 0}
    for each in told["meetings"]:
        _Making(unit, cast, each, numbers).make()


class _Making:
    """One meeting in the making."""

    def __init__(
        self, unit: Unit, cast: Cast, told: dict[str, Any], numbers: dict[type[Any], int]
    ) -> None:
        self.unit = unit
        self.cast = cast
        self.told = told
        self.numbers = numbers
        self.held = "lasted" in told
        self.meeting = self._meeting()
        self.items: list[AgendaItem] = []
        self.invitations: dict[str, Invitation] = {}
        self.records: list[Decision | Action] = []

    def make(self) -> None:
        self.unit.add(self.meeting)
        self._agenda()
        self._invitations()
        if self.held:
            self._minutes()
            self._decisions()
            self._actions()
            self._circulate()
            make_attendance(self.unit, self.told, self.cast, self.meeting, self.invitations)
            make_questions(self.unit, self.told, self.cast, self.meeting, self.items)

    def _meeting(self) -> Meeting:
        told = self.told
        kind = MeetingType(told["type"])
        local: datetime = told["start"]
        starts_at = to_utc(local, told["zone"])
        body_id = self.unit.session.scalar(
            select(schema.body.c.id).where(
                schema.body.c.project_id == self.cast.project.id,
                schema.body.c.kind == _BODIES.get(kind, BodyKind.OTHER),
            )
        )
        return Meeting(
            project_id=self.cast.project.id,
            type=kind,
            title=told["title"],
            body_id=body_id,
            local_start=local,
            zone=told["zone"],
            starts_at=starts_at,
            tzdata=tzdata_version(),
            duration_minutes=told["duration_minutes"],
            place=told["place"],
            state=MeetingState.HELD if self.held else MeetingState.PLANNED,
            opened_at=starts_at - timedelta(minutes=9) if self.held else None,
            ended_at=self._at(told["lasted"], starts_at) if self.held else None,
            invited_at=starts_at - _INVITED_BEFORE if self.held else None,
            agenda_sent_at=starts_at - _AGENDA_BEFORE if self.held else None,
            attendance_confirmed_at=(
                starts_at + _CONFIRMED_AFTER if told.get("minutes", "draft") != "draft" else None
            ),
        )

    def _at(self, minutes: float, start: datetime | None = None) -> datetime:
        return (start or self.meeting.starts_at) + timedelta(minutes=minutes)

    def _agenda(self) -> None:
        begins = accumulate((each.get("took", 0) for each in self.told["items"]), initial=0)
        for position, (each, begin) in enumerate(zip(self.told["items"], begins, strict=False)):
            package = self.cast.work_packages.get(each.get("work_package", 0))
            deliverable = self.cast.deliverables.get(each.get("deliverable", ""))
            presenter = self.cast.people.get(each.get("presenter", ""))
            self.items.append(
                AgendaItem(
                    meeting_id=self.meeting.id,
                    position=position,
                    title=each["title"],
                    kind=ItemKind(each.get("kind", ItemKind.INFORMATION)),
                    duration_minutes=each["planned"],
                    presenter_id=presenter.id if presenter else None,
                    presenter_text=each.get("presenter_text", ""),
                    work_package_id=package.id if package else None,
                    deliverable_id=deliverable.id if deliverable else None,
                    first_started_at=self._at(begin) if self.held and "took" in each else None,
                    left_out=LeftOut(each.get("left_out", LeftOut.NO)),
                    actual_seconds=60.0 * each.get("took", 0),
                )
            )
        self.unit.add(*self.items)

    # --- people -----------------------------------------------------------------------------------

    def _invitations(self) -> None:
        keys = self.told.get("invitees") or [*self.cast.partner_of, *self.told.get("guests", ())]
        for place, key in enumerate(keys):
            answer = self._answer(key)
            partner = self.cast.partner_of.get(key)
            invitation = Invitation(
                meeting_id=self.meeting.id,
                person_id=self.cast.people[key].id,
                partner_id=partner.id if partner else None,
                role=self._role(key),
                answer=answer,
                answered_at=None
                if answer is InvitationAnswer.NONE
                else self.meeting.starts_at - _ANSWERED_BEFORE + timedelta(hours=place),
            )
            self.unit.add(invitation)
            self.invitations[key] = invitation
            if self.held and key not in self.told["absent"]:
                self._attendance(invitation, key, place)

    def _role(self, key: str) -> CallRole:
        if key == self.told["chair"]:
            return CallRole.CHAIR
        if key == self.told["cohost"]:
            return CallRole.COHOST
        if any(item.get("presenter") == key for item in self.told["items"]):
            return CallRole.PRESENTER
        return CallRole.PARTICIPANT if key in self.cast.partner_of else CallRole.OBSERVER

    def _answer(self, key: str) -> InvitationAnswer:
        if self.held:
            declined = key in self.told.get("declined", ())
            return InvitationAnswer.DECLINED if declined else InvitationAnswer.ACCEPTED
        return InvitationAnswer(self.told.get("answers", {}).get(key, InvitationAnswer.NONE))

    def _attendance(self, invitation: Invitation, key: str, place: int) -> None:
        """Add when somebody was there; people come a little early, one after the other."""
        early = (place * 37 % 240) / 60
        spans = self.told.get("present", {}).get(key, [[-early, self.told["lasted"]]])
        spoken = 60.0 * self.told.get("spoke", {}).get(key, 0)
        for number, (begin, end) in enumerate(spans):
            self.unit.add(
                AttendanceInterval(
                    meeting_id=self.meeting.id,
                    invitation_id=invitation.id,
                    name=self.cast.people[key].name,
                    joined_at=self._at(begin),
                    left_at=self._at(end),
                    reason="left" if end < self.told["lasted"] else "ended",
                    spoken_seconds=spoken if number == 0 else 0.0,
                )
            )

    # --- what came out ----------------------------------------------------------------------------

    def _minutes(self) -> None:
        """Add the notes as what they are: the state of a document that several people write."""
        minutes = Minutes(meeting_id=self.meeting.id, state=MinutesState(self.told["minutes"]))
        self.unit.add(minutes)
        self.minutes = minutes
        text = MinutesText()
        words: list[search.Words] = []
        for item, each in zip(self.items, self.told["items"], strict=True):
            notes = each["notes"].strip()
            text.edit(item.id, 0, 0, notes)
            words.append(
                search.Words(Kind.MINUTES, item.id, self.cast.project.id, item.title, notes)
            )
        update = {"minutes_id": minutes.id, "seq": 1, "update": text.state(), "at": self.unit.now}
        self.unit.session.execute(insert(schema.minutes_update), [update])
        search.add(self.unit.session, words)

    def _circulate(self) -> None:
        noted = [
            (item, each["notes"].strip())
            for item, each in zip(self.items, self.told["items"], strict=True)
            if item.kind is not ItemKind.BREAK
        ]
        make_circulation(
            self.unit,
            self.meeting,
            self.minutes,
            noted,
            self.invitations,
            self.cast.people,
            self.records,
        )

    def _record(self, record: Decision | Action) -> None:
        self.records.append(record)
        self.unit.add(record)

    def _item(self, told: dict[str, Any]) -> AgendaItem:
        number: int = told["item"]
        return self.items[number - 1]

    def _next(self, kind: type[Any]) -> int:
        self.numbers[kind] += 1
        return self.numbers[kind]

    def _decisions(self) -> None:
        for each in self.told["decisions"]:
            item = self._item(each)
            begun = item.first_started_at or self.meeting.starts_at
            self._record(
                Decision(
                    project_id=self.cast.project.id,
                    meeting_id=self.meeting.id,
                    agenda_item_id=item.id,
                    number=self._next(Decision),
                    text=each["text"],
                    rule=each.get("rule", ""),
                    made_at=begun + timedelta(seconds=0.8 * item.actual_seconds),
                )
            )

    def _actions(self) -> None:
        for each in self.told["actions"]:
            owner = each.get("owner", "")
            person = self.cast.people.get(owner)
            partner = self.cast.partner_of.get(owner) or self.cast.partners.get(
                each.get("partner", "")
            )
            deliverable = self.cast.deliverables.get(each.get("deliverable", ""))
            self._record(
                Action(
                    project_id=self.cast.project.id,
                    meeting_id=self.meeting.id,
                    agenda_item_id=self._item(each).id,
                    number=self._next(Action),
                    text=each["text"],
                    owner_person_id=person.id if person else None,
                    owner_partner_id=partner.id if partner else None,
                    due_on=each.get("due"),
                    status=_status(each),
                    done_on=each.get("done"),
                    work_package_id=self.cast.work_packages[each["work_package"]].id,
                    deliverable_id=deliverable.id if deliverable else None,
                )
            )


def _status(told: dict[str, Any]) -> ActionStatus:
    if "done" in told:
        return ActionStatus.DONE
    return ActionStatus.DROPPED if told.get("dropped") else ActionStatus.OPEN
