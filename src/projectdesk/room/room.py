"""The meeting itself: events in, commands out.

    Join (HTTP)      SessionOpened     a pass; nobody sees it yet
    first Hello      Connected         into the call (chair, co-host, no lobby, let in before),
                                       else into the lobby
    Admit            waiting -> here   PersonJoined
    socket lost      here -> away      after the grace PersonLeft, dated back to the loss
    Hello again      away -> here      nothing is recorded
    Leave, End ..    gone              PersonLeft

Whom the chair let in once comes back without waiting again, until they are turned away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import assert_never

from projectdesk.room import events
from projectdesk.room.circles import SpeakerCircles
from projectdesk.room.comings import Comings
from projectdesk.room.commands import RoomCommand, Send, StartTimer
from projectdesk.room.entrance import (
    ALREADY_HERE,
    LOBBY_FULL,
    MEETING_ENDED,
    ROOM_FULL,
    ROOM_MOVED,
    ROOM_WITHDRAWN,
    TOO_EARLY,
    Refusal,
    find_link,
    window,
)
from projectdesk.room.files import FileMemory
from projectdesk.room.goings import Goings
from projectdesk.room.grouping import Grouping
from projectdesk.room.meeting import Meeting
from projectdesk.room.memory import RoomMemory
from projectdesk.room.recording import Recording
from projectdesk.room.replanning import replan
from projectdesk.room.requests import Requests
from projectdesk.room.sharing import NOT_IN_CALL, UNKNOWN_FILE, Sharing
from projectdesk.room.sizes import Sizes
from projectdesk.room.speaking import Speaking
from projectdesk.room.timers import (
    BreakoutsOver,
    ClosingTime,
    Grace,
    LobbyPatience,
    MediaRetry,
    MinutesDue,
    NotesDue,
    RelayRenewal,
    Timer,
)
from projectdesk.room.views import Views
from projectdesk.room.voting import Voting
from projectdesk.room.writing import SharedText, Writing
from projectdesk.signalling import call, journal, sight
from projectdesk.signalling import media as wire
from projectdesk.signalling.control import Invitee, RoomFacts, RoomSnapshot


class Room:
    """One meeting on a host: `handle` events, carry out the commands it returns.

    The first event is `RoomLoaded`. Everything else here is a query and changes nothing.
    """

    def __init__(
        self,
        room: str,
        snapshot: RoomSnapshot,
        memory: RoomMemory | None = None,
        *,
        records: bool = False,
        takes_sizes: bool = True,
        video_codecs: Sequence[wire.VideoCodec] = ("vp8",),
        text: SharedText | None = None,
    ) -> None:
        """Make a room that has had no event yet.

        Args:
            room: its public id.
            snapshot: the plan.
            memory: what a host before this one remembered of it.
            records: the host's media server can record.
            takes_sizes: it takes a camera in several sizes at once.
            video_codecs: what it takes pictures in, the best first.
            text: the minutes as they are written together; None where the host keeps none.
        """
        self._memory = memory or RoomMemory()
        self._meeting = Meeting(
            room,
            snapshot,
            self._memory,
            takes_sizes=takes_sizes,
            video_codecs=video_codecs,
            text=text,
        )
        self._writing = Writing(self._meeting)
        self._voting = Voting(self._meeting)
        self._goings = Goings(self._meeting, self._voting)
        self._sharing = Sharing(self._meeting)
        self._comings = Comings(self._meeting, self._goings, self._voting)
        self._views = Views(self._meeting)
        self._sizes = Sizes(self._meeting)
        self._speaking = Speaking()
        self._circles = SpeakerCircles(self._meeting)
        self._grouping = Grouping(self._meeting)
        self._recording = Recording(self._meeting, self._comings, possible=records)
        self._requests = Requests(
            self._meeting,
            self._comings,
            self._goings,
            self._views,
            self._grouping,
            self._recording,
            self._voting,
            self._writing,
        )

    # --- the one way in -----------------------------------------------------------------------

    def handle(self, event: events.RoomEvent) -> list[RoomCommand]:
        """Advance on one event; never blocks, reads no clock."""
        self._meeting.begin(event.at)
        match event:
            case events.SessionOpened(session=session, invitation=invitation, name=name):
                self._comings.open_session(session, invitation, name)
            case events.Connected(peer=peer, session=session):
                self._comings.connect(peer, session)
            case events.ConsoleAttached(peer=peer, seat=seat):
                self._comings.attach_console(peer, seat)
            case events.Disconnected(peer=peer):
                self._goings.disconnect(peer)
            case events.MessageReceived(peer=peer, message=message):
                self._requests.handle(peer, message)
            case events.FileTaken(session=session, file=file, sha256=sha256):
                self._sharing.take(session, file, sha256)
            case events.MinutesKept(numbers=numbers):
                self._writing.kept(numbers)
            case events.MinutesUnkept():
                self._writing.unkept()
            case events.TimerFired(timer=timer):
                self._fire(timer)
            case events.RoomLoaded(alive_until=alive_until):
                self._load(alive_until)
            case events.SnapshotChanged(snapshot=snapshot):
                replan(self._meeting, snapshot, self._comings, self._goings, self._voting)
                self._start_closing_timer()
            case events.RoomWithdrawn(moved=moved):
                self._goings.withdraw(moved=moved)
            case events.HostStopping():
                self._recording.stop("", "host_restarted")
                self._writing.note()
                self._goings.stop()
            case (
                events.BallotTaken()
                | events.BallotRefused()
                | events.TurnoutRead()
                | events.BallotsCounted()
            ):
                self._voting.hear(event)
            case _:
                self._hear_media(event)
        self._grouping.settle()
        self._recording.settle()
        self._views.settle()
        self._sizes.settle()
        self._circles.settle()
        self._voting.settle()
        self._writing.settle()
        self._write_talk(over=isinstance(event, events.HostStopping))
        self._tell_newcomers()
        self._meeting.tell_focus()
        return self._meeting.commands()

    def _hear_media(
        self,
        event: events.MediaReady
        | events.MediaLost
        | events.PublishAccepted
        | events.MediaRefused
        | events.MediaReported,
    ) -> None:
        meeting = self._meeting
        match event:
            case events.MediaReady():
                self._views.server_ready()
                self._recording.server_ready()
                self._circles.server_ready()
                meeting.do(*meeting.media.ready(meeting.now, meeting.hall.listeners()))
            case events.MediaLost():
                self._speaking.note(None, meeting.now)
                self._views.server_lost()
                self._circles.server_lost()
                self._sizes.server_lost()
                meeting.do(*meeting.media.lost(meeting.now, meeting.hall.listeners()))
            case events.PublishAccepted(peer=peer, sdp=sdp):
                if meeting.hall.by_peer(peer) is not None:
                    meeting.do(Send((peer,), call.PublishAnswered(sdp=sdp)))
            case events.MediaRefused(peer=peer, request="want"):
                self._views.refused(peer, "want")  # the room asked, not the page
            case events.MediaRefused(peer=peer, request=request, code=code, text=text):
                self._views.refused(peer, request)
                if meeting.hall.by_peer(peer) is not None:
                    meeting.refuse(peer, Refusal(code, text), request)
            case events.MediaReported(event=reported):
                self._pass_on(reported)
            case _:
                assert_never(event)

    def _pass_on(self, reported: wire.Event) -> None:
        meeting = self._meeting
        match reported:
            case wire.SubscribeOffered(participant=id_, offer=offer, sdp=sdp, feeds=feeds):
                person = meeting.hall.people.get(id_)
                if person is not None and person.here and person.peer is not None:
                    offered = call.SubscribeOffered(offer=offer, sdp=sdp, feeds=feeds)
                    meeting.do(Send((person.peer,), offered))
            case wire.PublishAgain(participant=id_):
                person = meeting.hall.people.get(id_)
                if person is not None and person.here and person.peer is not None:
                    meeting.do(Send((person.peer,), sight.PublishAgain()))
            case wire.LayersWanted():
                self._sizes.note(reported)
            case wire.SpeakerChanged(participant=speaker, among=among):
                self._views.note_speaker(speaker)
                self._tell_speaker(speaker, among)
                counts = speaker not in meeting.languages.interpreters
                self._speaking.note(speaker if counts else None, meeting.now, among)
            case wire.RecordingFailed(code=code):
                self._recording.failed(code)
            case wire.LegChanged() | wire.FeedStarted() | wire.FeedStopped():
                pass  # the page sees its own connections; the others learn by SetMedia and offers
            case _:
                assert_never(reported)

    def _tell_speaker(self, speaker: str | None, among: Sequence[str]) -> None:
        """Tell who is loudest to those who hear them, and to the consoles.

        among: people of one circle, who hear each other; empty = of the whole call.
        """
        if speaker in self._meeting.languages.interpreters:
            return  # who speaks on the floor is what everybody looks for
        hall, told = self._meeting.hall, call.SpeakerChanged(participant=speaker)
        if among:
            here = {person.id for person in hall.here()}
            one = next((name for name in (speaker, *among) if name in here), None)
            if one is not None and (readers := self._meeting.within_earshot(one)):
                self._meeting.do(Send(readers, told))
            return
        if speaker is None:
            self._meeting.tell(told)
            return
        hearers = [p.peer for p in self._meeting.company(speaker) if p.peer is not None]
        if peers := (*hearers, *sorted(hall.consoles)):
            self._meeting.do(Send(peers, told))

    def _tell_newcomers(self) -> None:
        """Tell those who are sent everything who is loudest: that is said at changes alone."""
        hall, together = self._meeting.hall, self._meeting.partition.together
        for command in tuple(self._meeting.commands()):
            if not (isinstance(command, Send) and isinstance(command.message, call.RoomState)):
                continue
            for peer in command.peers:
                person = hall.by_peer(peer)
                seat = hall.seat_of(peer) if person is None else person.id
                speaker = self._speaking.heard(partial(together, seat))
                if speaker is not None:
                    self._meeting.do(Send((peer,), call.SpeakerChanged(participant=speaker)))

    def _write_talk(self, *, over: bool) -> None:
        """Write down who spoke for how long: every few minutes, and when the call is over."""
        meeting, here = self._meeting, self._meeting.hall.here()
        self._speaking.stay({person.id for person in here}, meeting.now)
        over = over or meeting.ended_at is not None or not here
        spoken = self._speaking.take(meeting.now) if over else self._speaking.due(meeting.now)
        if spoken:
            meeting.record(journal.TalkMeasured(spoken=spoken))

    def _fire(self, timer: Timer) -> None:
        meeting = self._meeting
        match timer:
            case Grace(invitation=invitation):
                self._goings.grace_over(invitation)
            case LobbyPatience(invitation=invitation):
                self._goings.patience_over(invitation)
            case ClosingTime():
                if meeting.now >= window(meeting.snapshot).closes_at:
                    self._goings.end(by="")
            case MediaRetry():
                meeting.do(*meeting.media.retry())
            case BreakoutsOver():
                self._grouping.time_over()
            case NotesDue():
                self._writing.show_readers()
            case MinutesDue():
                self._writing.note()
            case RelayRenewal():
                meeting.renew_relays()
            case _:
                assert_never(timer)

    def _load(self, alive_until: datetime | None) -> None:
        """Close what a host that was killed left open: people and item, when it was last alive."""
        meeting = self._meeting
        until = alive_until or meeting.now
        for invitation in list(meeting.recorded_here):
            left = journal.PersonLeft(invitation=invitation, reason="host_restarted")
            meeting.record(left, at=until)
        meeting.record(*meeting.agenda.suspend(until), at=until)
        self._recording.restore(self._memory.recording, until)
        self._start_closing_timer()
        self._grouping.load()
        self._voting.load()
        self._writing.load()

    def _start_closing_timer(self) -> None:
        meeting = self._meeting
        if meeting.ended_at is None and not meeting.withdrawn:
            meeting.do(StartTimer(ClosingTime(), window(meeting.snapshot).closes_at))

    # --- queries ------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The room's public id."""
        return self._meeting.id

    @property
    def snapshot(self) -> RoomSnapshot:
        """The plan as the desktop sent it last."""
        return self._meeting.snapshot

    def is_live(self) -> bool:
        """Tell whether anybody is in the call, in the lobby or at a console."""
        return bool(self._meeting.hall.people) or self._meeting.hall.occupied()

    def is_withdrawn(self) -> bool:
        """Tell whether the desktop deleted the room."""
        return self._meeting.withdrawn

    def find_link(self, token_hash: str) -> Invitee | Refusal:
        """Return whose link has this hash (hex SHA-256), or why it opens nothing."""
        meeting = self._meeting
        found = find_link(token_hash, meeting.snapshot.invitees, meeting.retired)
        if isinstance(found, Refusal):
            return found
        if meeting.withdrawn:
            return ROOM_MOVED if meeting.moved else ROOM_WITHDRAWN
        return meeting.as_now(found)

    def look(self, invitee: Invitee, at: datetime) -> call.Look:
        """Return what the page shows before the call."""
        plan, times = self._meeting.snapshot, window(self._meeting.snapshot)
        state: call.LookState = "open"
        if self._meeting.ended_at is not None or at > times.closes_at:
            state = "ended"
        elif self._is_early(invitee, at):
            state = "early"
        return call.Look(
            state=state,
            title=plan.title,
            project=plan.project,
            name=invitee.name,
            organisation=invitee.organisation,
            role=invitee.role,
            starts_at=plan.starts_at,
            local_start=plan.local_start,
            zone=plan.zone,
            duration_minutes=plan.duration_minutes,
            opens_at=times.opens_at,
            closes_at=times.closes_at,
            now=at,
            desk=invitee.desk,
            present=len(self._meeting.hall.here()),
            elsewhere=self._is_connected(invitee.id),
            organiser=plan.organiser,
            recorded=self._meeting.recording.state in {"running", "paused"},
            meeting=plan.meeting,
        )

    def refusal_to_join(self, invitee: Invitee, at: datetime, *, move: bool) -> Refusal | None:
        """Return why Join is refused now, or None."""
        meeting, times = self._meeting, window(self._meeting.snapshot)
        if meeting.ended_at is not None or at > times.closes_at:
            return MEETING_ENDED
        if self._is_early(invitee, at):
            return TOO_EARLY
        if self._is_connected(invitee.id) and not move:
            return ALREADY_HERE
        if invitee.id in meeting.hall.people:
            return None
        if (refusal := meeting.kept_out(invitee)) is not None:
            return refusal
        if meeting.enters_directly(invitee):
            return ROOM_FULL if meeting.is_full() else None
        return LOBBY_FULL if meeting.is_lobby_full() else None

    def refusal_to_share(self, session: str, size: int) -> Refusal | None:
        """Return why somebody may not put a file of `size` bytes into the chat, or None."""
        return self._sharing.refusal(session, size)

    def file_for(self, session: str, file: str) -> FileMemory | Refusal:
        """Return a file of the chat for somebody in the call, or why they do not get it."""
        person, found = self._sharing.person(session), self.file(file)
        if person is None:
            return NOT_IN_CALL
        if found is None or (found.readers is not None and person.id not in found.readers):
            return UNKNOWN_FILE
        return found

    def file(self, file: str) -> FileMemory | None:
        """Return a file of the chat."""
        return self._meeting.files.get(file)

    def facts(self) -> RoomFacts:
        """Return what the desktop is told of the room."""
        hall = self._meeting.hall
        state = "live" if self._meeting.opened else "waiting"
        if self._meeting.ended_at is not None:
            state = "ended"
        here, waiting = len(hall.here()), len(hall.waiting())
        return RoomFacts(room=self.id, state=state, present=here, waiting=waiting)

    def memory(self) -> RoomMemory:
        """Return what must survive the host; stored with the entries of each event."""
        return self._meeting.memory()

    def _is_early(self, invitee: Invitee, at: datetime) -> bool:
        """Tell whether somebody comes too soon; once a chair began before time, nobody does."""
        meeting = self._meeting
        begun = meeting.opened or invitee.role == "chair"
        return not begun and at < window(meeting.snapshot).opens_at

    def _is_connected(self, invitation: str) -> bool:
        person = self._meeting.hall.people.get(invitation)
        return person is not None and person.peer is not None
