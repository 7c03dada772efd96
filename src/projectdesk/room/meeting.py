"""The state of one meeting, and the ways to tell and to record what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from projectdesk.room.agenda import Agenda
from projectdesk.room.chat import Chat
from projectdesk.room.commands import ClosePeer, Record, RoomCommand, Send
from projectdesk.room.consents import ConsentBook
from projectdesk.room.entrance import LOCKED, REMOVED, Refusal, window
from projectdesk.room.hall import Hall, Person
from projectdesk.room.languages import LanguageBook
from projectdesk.room.media import MediaServer
from projectdesk.room.memory import RoomMemory
from projectdesk.room.names import clean_message
from projectdesk.room.noticeboard import Noticeboard
from projectdesk.room.partition import Partition
from projectdesk.room.permissions import Act, may
from projectdesk.room.polls import Asked, PollBook
from projectdesk.room.quorum import Assembly
from projectdesk.room.relays import RelayPasses
from projectdesk.room.spotlight import Spotlight
from projectdesk.room.votes import VoteBook
from projectdesk.signalling import VERSION, call, floor, journal, languages, leading, notes, polls
from projectdesk.signalling.control import Invitee, RoomSnapshot
from projectdesk.signalling.media import VideoCodec
from projectdesk.signalling.sight import RoomLimits

if TYPE_CHECKING:
    from projectdesk.room.writing import SharedText


class Meeting:
    """What `Comings`, `Goings` and `Requests` share: they decide, this keeps, tells and records.

    passes: session and shown name by invitation; a pass is made by Join, and nobody sees it before
    its first Hello. text: the minutes as they are written together, None where the host keeps none.
    recorded_here: whose PersonJoined has no PersonLeft yet.
    """

    def __init__(
        self,
        room: str,
        snapshot: RoomSnapshot,
        memory: RoomMemory,
        *,
        takes_sizes: bool,
        video_codecs: Sequence[VideoCodec] = ("vp8",),
        text: SharedText | None = None,
    ) -> None:
        self.id = room
        self.text = text
        self.writers = dict(memory.writers)
        self.snapshot = snapshot
        self.takes_sizes = takes_sizes
        self.video_codecs = tuple(video_codecs)
        self.hall = Hall()
        self.agenda = Agenda(snapshot.agenda, memory.clock)
        self.media = MediaServer()
        self.relays = RelayPasses()
        self.passes: dict[str, tuple[str, str]] = {}
        self.opened = memory.opened
        self.ended_at = memory.ended_at
        self.ended_by = memory.ended_by
        self.withdrawn = memory.withdrawn
        self.moved = memory.moved
        self.recorded_here = list(memory.here)
        self.admitted = set(memory.admitted)
        self.retired = list(memory.retired)
        self.locked = memory.locked
        self.removed = dict(memory.removed)
        self.roles = dict(memory.roles)
        self.chat = Chat()
        self.polls = PollBook(memory.polls)
        self.assembly = Assembly(memory.assembly)
        self.votes = VoteBook(memory.votes)
        self.languages = LanguageBook(memory.languages)
        self.files = {file.id: file for file in memory.files}
        for file in memory.files:
            self.chat.keep(file.message(self.chat.next_number()), group=file.readers)
        self.recording = ConsentBook()
        self.spotlight = Spotlight(memory.focus)
        self.lobby_message = memory.lobby_message
        self.noticeboard = Noticeboard(shared=memory.notes_shared)
        self.partition = Partition(memory.breakouts)
        self._now: datetime | None = None
        self._out: list[RoomCommand] = []

    def begin(self, at: datetime) -> None:
        """Take up an event. Time never goes back here, even if the host's clock does."""
        self._now = at if self._now is None else max(self._now, at)
        self._out = []

    def commands(self) -> list[RoomCommand]:
        """Return what the event in hand asks of the host."""
        return self._out

    @property
    def now(self) -> datetime:
        """The instant of the event in hand."""
        assert self._now is not None  # noqa: S101 - read while an event is in hand only
        return self._now

    def memory(self) -> RoomMemory:
        """Return what must survive the host."""
        return RoomMemory(
            opened=self.opened,
            ended_at=self.ended_at,
            ended_by=self.ended_by,
            withdrawn=self.withdrawn,
            moved=self.moved,
            here=list(self.recorded_here),
            admitted=sorted(self.admitted),
            retired=list(self.retired),
            locked=self.locked,
            removed=dict(self.removed),
            roles=dict(self.roles),
            clock=self.agenda.memory(),
            polls=self.polls.memory(),
            files=list(self.files.values()),
            languages=self.languages.memory(),
            recording=self.recording.memory(),
            focus=self.spotlight.memory(),
            lobby_message=self.lobby_message,
            notes_shared=self.noticeboard.shared,
            writers=dict(self.writers),
            breakouts=self.partition.now,
            assembly=self.assembly.memory(),
            votes=self.votes.memory(),
        )

    # --- rules --------------------------------------------------------------------------------

    def invitee(self, invitation: str) -> Invitee | None:
        """Return an invitee of the snapshot, with the role that they have now."""
        found = next((i for i in self.snapshot.invitees if i.id == invitation), None)
        return None if found is None else self.as_now(found)

    def as_now(self, invitee: Invitee) -> Invitee:
        """Return an invitee with role and right to write that the call gave them, if it did."""
        role = self.roles.get(invitee.id, invitee.role)
        writes = self.writers.get(invitee.id, invitee.writes_minutes)
        if (role, writes) == (invitee.role, invitee.writes_minutes):
            return invitee
        return msgspec.structs.replace(invitee, role=role, writes_minutes=writes)

    def kept_out(self, invitee: Invitee) -> Refusal | None:
        """Return why somebody who is not in the call may not even knock, or None."""
        if invitee.id in self.removed:
            return REMOVED
        known = invitee.id in self.admitted or may(invitee.role, Act.ENTER)
        return LOCKED if self.locked and not known else None

    def is_full(self) -> bool:
        """Tell whether nobody more fits in."""
        return len(self.hall.here()) >= self.snapshot.rules.capacity

    def may_enter(self, person: Person) -> bool:
        """Tell whether somebody who was let in while away may come in now."""
        held = self.is_full() or self.recording.bars(person.id)
        return person.cleared_by is not None and not held

    def is_lobby_full(self) -> bool:
        """Tell whether nobody more may wait."""
        return len(self.hall.waiting()) >= self.snapshot.rules.lobby_size

    def enters_directly(self, invitee: Invitee) -> bool:
        """Tell whether somebody does not wait: by the rules, the role, or let in before."""
        return (
            not self.snapshot.rules.lobby
            or may(invitee.role, Act.ENTER)
            or invitee.id in self.admitted
        )

    def name_of(self, participant: str) -> str:
        """Return somebody's name as shown or as invited; "" for who is not known."""
        person, invitee = self.hall.people.get(participant), self.invitee(participant)
        return person.name if person is not None else invitee.name if invitee is not None else ""

    def company(self, participant: str) -> list[Person]:
        """Return who is in the call together with somebody, these themselves included."""
        together = self.partition.together
        return [person for person in self.hall.here() if together(person.id, participant)]

    def within_earshot(self, participant: str) -> tuple[str, ...]:
        """Return the peers of somebody's company, and of the consoles whose sitter is in it."""
        pages = [one.peer for one in self.company(participant) if one.peer is not None]
        hall, together = self.hall, self.partition.together
        desks = [c for c in sorted(hall.consoles) if together(hall.seat_of(c), participant)]
        return (*pages, *desks)

    def together(self, one: str, other: str) -> bool:
        """Tell whether two people of the call see and hear each other; `Views` asks."""
        return one != other and self.partition.together(one, other)

    # --- telling ------------------------------------------------------------------------------

    def do(self, *commands: RoomCommand) -> None:
        """Add commands to what the event in hand asks."""
        self._out.extend(commands)

    def tell(self, message: call.HostMessage, *, but: str | None = None) -> None:
        """Send to everybody in the call and to the consoles, without peer `but`."""
        if peers := self.hall.listeners(but=but):
            self.do(Send(peers, message))

    def refuse(self, peer: str, why: Refusal, request: str | None, *, fatal: bool = False) -> None:
        """Tell a peer that something is refused; after a fatal refusal the socket closes."""
        problem = call.Problem(code=why.code, text=why.text, in_reply_to=request, fatal=fatal)
        self.do(Send((peer,), problem))
        if fatal:
            self.do(ClosePeer(peer))

    def tell_clock(self) -> None:
        """Send the agenda's clock to everybody."""
        self.tell(call.ClockChanged(clock=self.agenda.shown(self.now)))

    def tell_lobby(self) -> None:
        """Send who waits to those who may admit."""
        if peers := self.hall.doorkeepers():
            self.do(Send(peers, call.LobbyChanged(lobby=self.hall.lobby())))

    def tell_removed(self) -> None:
        """Send who is removed to those who may let them back in."""
        if peers := self.hall.doorkeepers():
            self.do(Send(peers, floor.RemovedChanged(removed=self.removed_people())))

    def removed_people(self) -> list[floor.RemovedPerson]:
        """Return who is removed, in the order of removal."""
        return [floor.RemovedPerson(id=id_, name=name) for id_, name in self.removed.items()]

    def tell_changed(self, person: Person, *, but: str | None = None) -> None:
        """Send how somebody in the call or in the lobby is now."""
        if person.here:
            self.tell(call.ParticipantChanged(participant=person.shown()), but=but)
        else:
            self.tell_lobby()

    def tell_poll(self, poll: Asked) -> None:
        """Send a poll to everybody who sees it, to each with their own choice."""
        for peer, invitation in self.hall.readers():
            if poll.state != "draft" or self.hall.may(peer, Act.POLL):
                self.do(Send((peer,), polls.PollChanged(poll=poll.shown(invitation))))

    @property
    def file_limit(self) -> int:
        """Largest file of the chat in bytes; 0 = none may be put into it."""
        return self.snapshot.rules.file_megabytes * 1_000_000

    def shown_languages(self) -> languages.Languages:
        """Return the languages as everybody sees them."""
        book = self.languages
        return languages.Languages(
            channels=list(book.channels),
            interpreters=[
                languages.Interpreter(
                    participant=who,
                    name=self.name_of(who),
                    language=spoken,
                    on_air=book.on_air.get(spoken) == who,
                    asks=who in book.asks,
                )
                for who, spoken in book.interpreters.items()
            ],
            captioners=[
                languages.Captioner(participant=who, name=self.name_of(who), language=written)
                for who, written in book.captioners.items()
            ],
            keeps=book.keeps,
        )

    def tell_languages(self) -> None:
        """Send the languages to everybody in the call and to the consoles."""
        self.tell(languages.LanguagesChanged(languages=self.shown_languages()))

    def send_languages(self, peer: str) -> None:
        """Send the languages to somebody who comes, if anything is set."""
        if not self.languages.is_empty():
            told = languages.LanguagesChanged(languages=self.shown_languages())
            self.do(Send((peer,), told))

    def send_polls(self, peer: str, invitation: str) -> None:
        """Send all polls that somebody ("" = a console) may see; nothing where none was made."""
        if self.polls.is_empty():
            return
        shown = self.polls.shown(invitation, drafts=self.hall.may(peer, Act.POLL))
        self.do(Send((peer,), polls.PollsListed(polls=shown)))

    def close_poll(self) -> None:
        """Close the poll that is open, if one is: count, keep, tell."""
        if (poll := self.polls.open()) is not None:
            self.record(poll.close())
            self.tell_poll(poll)

    def tell_focus(self) -> None:
        """Send who is in focus, when that is another than before."""
        focus = self.spotlight.change(self.hall, self.agenda)
        if focus is not None:
            self.tell(leading.FocusChanged(focus=focus))

    def send_notes(self, peer: str) -> None:
        """Send what may be read of the minutes."""
        for shown in self.noticeboard.readable():
            self.do(Send((peer,), shown))

    def let_write(self, invitation: str, *, writes: bool) -> None:
        """Let somebody write the minutes in this meeting, or not any more."""
        self.writers[invitation] = writes
        person, invitee = self.hall.people.get(invitation), self.invitee(invitation)
        if person is not None and invitee is not None:
            before = person.writes
            person.invitee = invitee
            if person.writes != before:
                self.tell_changed(person, but=None)

    def written(self, item: str, otherwise: str) -> str:
        """Return an item's text as it may be read: the shared one, `otherwise` without any."""
        if self.text is None or not self.text.is_written:
            return otherwise
        return clean_message(self.text.text(item)[: notes.MAX_NOTES])

    def show_notes(self, shown: notes.ItemNotes) -> None:
        """Show an item's notes to those who read, and to who comes later."""
        told = notes.NotesShown(notes=shown, at=self.now)
        self.noticeboard.keep(told)
        if self.noticeboard.shared and (readers := self.hall.seats()):
            self.do(Send(readers, told))

    def remark(self, *, but: Person | None = None) -> None:
        """Mark names anew and tell of those that changed, except of and to `but`."""
        for person in self.hall.remark(self.snapshot.invitees):
            if person is not but:
                self.tell_changed(person, but=but.peer if but is not None else None)

    def welcome(self, peer: str, you: str, role: call.Role) -> None:
        """Answer a Hello."""
        meeting = self.snapshot
        welcome = call.Welcome(
            version=VERSION,
            you=you,
            role=role,
            now=self.now,
            title=meeting.title,
            project=meeting.project,
        )
        self.do(Send((peer,), welcome))

    def give_relays(self, peer: str, participant: str) -> None:
        """Give somebody in the call relays, before the state upon which they connect."""
        ends_at = window(self.snapshot).ends_at
        self.do(*self.relays.give(self.now, ends_at, peer, participant))

    def renew_relays(self) -> None:
        """Give everybody in the call new relays in place of those that run out soon."""
        people = [(p.peer, p.id) for p in self.hall.here() if p.peer is not None]
        self.do(*self.relays.renew(self.now, window(self.snapshot).ends_at, people))

    def send_state(self, peer: str, *, doorkeeper: bool) -> None:
        """Send everything to somebody in the call."""
        rules = self.snapshot.rules
        state = call.RoomState(
            now=self.now,
            participants=self.hall.participants(),
            lobby=self.hall.lobby() if doorkeeper else [],
            clock=self.agenda.shown(self.now),
            ends_at=window(self.snapshot).ends_at,
            locked=self.locked,
            removed=self.removed_people() if doorkeeper else [],
            focus=self.spotlight.focus(self.hall, self.agenda),
            lobby_message=self.lobby_message if doorkeeper else "",
            notes_shared=self.noticeboard.shared,
            breakouts=self.partition.now,
            proposed_groups=self.snapshot.proposed_groups if doorkeeper else [],
            limits=RoomLimits(
                capacity=rules.capacity,
                everyone=rules.everyone,
                cameras=rules.cameras,
                file_bytes=self.file_limit,
                camera_sizes=self.takes_sizes,
                video_codecs=self.video_codecs,
            ),
        )
        self.do(Send((peer,), state))

    # --- recording ----------------------------------------------------------------------------

    def record(self, *facts: journal.Fact, at: datetime | None = None) -> None:
        """Write facts to the journal, dated now or `at`."""
        for fact in facts:
            match fact:
                case journal.PersonJoined(invitation=invitation):
                    self.recorded_here.append(invitation)
                case journal.PersonLeft(invitation=invitation):
                    self.recorded_here.remove(invitation)
                case _:
                    pass
            self.do(Record(at or self.now, fact))

    def open(self) -> None:
        """Note that the first person or console came."""
        if not self.opened:
            self.opened = True
            self.record(journal.RoomOpened())

    def move_to_group(self, participant: str, group: str | None, by: str) -> None:
        """Put somebody into a breakout room, or (None) back into the main room."""
        self.partition.move(participant, group)
        moved = self.partition.group_of(participant)
        name = moved.name if moved is not None else ""
        self.record(journal.BreakoutMoved(invitation=participant, group=name, by=by))

    def forget_wishes(self, participant: str, *, for_good: bool) -> None:
        """Take who left out of focus, and (`for_good`) out of their breakout room."""
        self.spotlight.forget(participant)
        if for_good and self.partition.group_of(participant) is not None:
            self.partition.move(participant, None)

    def dissolve_groups(self, by: str) -> None:
        """Bring everybody together, if there are breakout rooms."""
        if self.partition.now is not None:
            self.partition.close()
            self.record(journal.BreakoutsClosed(by=by))

    def resume_agenda(self) -> None:
        """Let the item go on that stopped when the last one went."""
        if facts := self.agenda.resume(self.now):
            self.record(*facts)
            self.tell_clock()

    def suspend_if_empty(self) -> None:
        """End the media when nobody is in the call, and the clock when nobody is there at all."""
        if not self.hall.here():
            self.do(*self.media.dismiss())
        if not self.hall.occupied():
            self.record(*self.agenda.suspend(self.now))
