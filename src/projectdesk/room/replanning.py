"""A changed plan reaches a room: clocks and people stay, withdrawn links throw out."""

from __future__ import annotations

from projectdesk.room.comings import Comings
from projectdesk.room.commands import ForgetSession
from projectdesk.room.entrance import window
from projectdesk.room.goings import Goings
from projectdesk.room.meeting import Meeting
from projectdesk.room.moderation import follow_role
from projectdesk.room.permissions import Act
from projectdesk.room.voting import Voting
from projectdesk.signalling.control import Invitee, RoomSnapshot


def replan(
    meeting: Meeting, snapshot: RoomSnapshot, comings: Comings, goings: Goings, voting: Voting
) -> None:
    """Take a changed snapshot, tell everybody, and let in whom it lets in now.

    A room that closed by its time opens again when the meeting is moved; one that somebody ended
    does not, and a room that was withdrawn is back.
    """
    before = {invitee.id: invitee for invitee in meeting.snapshot.invitees}
    meeting.snapshot = snapshot
    meeting.withdrawn = meeting.moved = False
    after = {invitee.id: invitee for invitee in snapshot.invitees}
    for invitation, invitee in before.items():
        _compare(meeting, goings, invitee, after.get(invitation))
    valid = {invitee.token_hash for invitee in snapshot.invitees}
    meeting.retired = [known for known in meeting.retired if known not in valid]
    if not meeting.ended_by and meeting.now < window(snapshot).closes_at:
        meeting.ended_at = None
    meeting.languages.keep_only(after)
    meeting.record(*meeting.agenda.replan(snapshot.agenda, meeting.now))
    for person in meeting.hall.waiting():
        if meeting.enters_directly(person.invitee) and person.peer and not meeting.is_full():
            comings.clear(person, by="")
    meeting.hall.remark(snapshot.invitees)
    _tell_all(meeting, voting)


def _compare(meeting: Meeting, goings: Goings, old: Invitee, new: Invitee | None) -> None:
    if new is None or new.role != old.role:  # the desktop's newer word on the role counts
        meeting.roles.pop(old.id, None)
    if new is None or new.writes_minutes != old.writes_minutes:
        meeting.writers.pop(old.id, None)
    if new is not None and new.token_hash == old.token_hash:
        person = meeting.hall.people.get(new.id)
        if person is not None:
            before = person.invitee.role
            person.invitee = meeting.as_now(new)
            if person.invitee.role != before:
                follow_role(meeting, person, before)
        return
    if old.token_hash and old.token_hash not in meeting.retired:
        meeting.retired.append(old.token_hash)
    meeting.admitted.discard(old.id)
    meeting.removed.pop(old.id, None)
    person = meeting.hall.people.get(old.id)
    if person is not None:
        goings.dismiss(person, "revoked")
    elif (pass_ := meeting.passes.pop(old.id, None)) is not None:
        meeting.do(ForgetSession(pass_[0]))


def _tell_all(meeting: Meeting, voting: Voting) -> None:
    for person in meeting.hall.here():
        if person.peer is not None:
            meeting.send_state(person.peer, doorkeeper=person.may(Act.ADMIT))
            meeting.send_polls(person.peer, person.id)
            voting.send_all(person.peer, person.id)
            meeting.send_languages(person.peer)
            meeting.send_notes(person.peer)
    for console in sorted(meeting.hall.consoles):
        meeting.send_state(console, doorkeeper=True)
        voting.send_all(console, "")
