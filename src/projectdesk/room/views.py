"""Who is sent whose picture and voice, and who is told that nobody looks.

The page says what it shows (`Want`). The room makes of it what the media server forwards to that
page: the voices of all, the pictures it shows, and in a room with more people than
`RoomRules.everyone` at most `RoomRules.cameras` of their cameras. `settle`, at the end of every
event, compares that with what was asked and told before, and says what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from projectdesk.room.commands import CloseLegs, HearVoices, Send, WantFeeds
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.meeting import Meeting
from projectdesk.signalling import call, sight
from projectdesk.signalling.media import SOUNDS, FeedSource, WantedFeed

HEAR_ALL = 8
"""Up to so many people in the call, all voices are forwarded (decisions: media)."""
LOUDEST = 3
"""Voices forwarded in a larger call: two who talk and one who breaks in."""

PICTURES: tuple[FeedSource, ...] = ("video", "screen")
_RECENT = 32
"""Speakers remembered, more than a room has cameras to choose."""

TOO_FAST = Refusal("too_fast", "That was too much at once. Please wait a few seconds.")

View = tuple[WantedFeed, ...] | None
"""What one participant gets; None = everything."""


def choose_cameras(
    candidates: Sequence[str], preferred: Iterable[str], limit: int
) -> tuple[str, ...]:
    """Return whose cameras are forwarded to one participant, in the order of `candidates`.

    Args:
        candidates: who has a camera on that the participant shows, without duplicates.
        preferred: who comes first, the most wanted first; may name anybody, and repeat.
        limit: how many at most.
    """
    ranked = dict.fromkeys([*(one for one in preferred if one in candidates), *candidates])
    chosen = set(list(ranked)[:limit])
    return tuple(one for one in candidates if one in chosen)


class Views:
    """What each participant is sent, and what their page was told of it."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._recent: list[str] = []
        self._receiving: set[str] = set()
        """Who has asked this media server for a subscribe leg."""
        self._asked: dict[str, View] = {}
        """What the media server was asked to send to each."""
        self._has_server = False
        self._heard = HearVoices()
        self._chosen: dict[str, tuple[str, ...]] = {}
        """Whose cameras each peer was told; not in it = all."""
        self._unwatched: set[tuple[str, FeedSource]] = set()
        """Peers, and what of theirs they were told that nobody looks at."""
        self._situation: tuple[object, ...] | None = None
        """All that decides on views, as of the last time; None = to be settled anew."""

    # --- what happens -------------------------------------------------------------------------

    def note_want(self, person: Person, want: call.Want) -> Refusal | None:
        """Take what a page shows, or say why not."""
        if not person.wanted_at.allows(self._meeting.now):
            return TOO_FAST
        person.wanted = None if want.feeds is None else tuple(want.feeds)
        person.pinned = tuple(want.pinned)
        return None

    def start_over(self, person: Person) -> None:
        """Note that a page asks for a new subscribe leg: it gets all until it says what it shows.

        Called before the media server is asked for the leg, which then offers the right feeds.
        """
        person.wanted, person.pinned = None, ()
        self._situation = None
        self._receiving.add(person.id)
        others = self._others(person)
        self._ask(person, self._view(person, others, self._choose(person, others)))

    def note_speaker(self, speaker: str | None) -> None:
        """Remember who spoke last."""
        if speaker is not None:
            others = [one for one in self._recent if one != speaker]
            self._recent = [speaker, *others][:_RECENT]

    def server_ready(self) -> None:
        """Note that a new media server is there: it forwards every voice."""
        self._has_server, self._heard, self._situation = True, HearVoices(), None

    def server_lost(self) -> None:
        """Note that the media server is gone, with all that it was asked."""
        self._has_server, self._situation = False, None
        self._receiving.clear()
        self._asked.clear()

    def refused(self, peer: str, request: str) -> None:
        """Note that the media server did not take a `want` of ours, or a page's `openSubscribe`.

        It is not asked again before something changes: it would refuse again at once.
        """
        person = self._meeting.hall.by_peer(peer)
        if person is None:
            return
        if request == "want":
            self._asked.pop(person.id, None)
        elif request == "openSubscribe":
            self._forget_legs(person.id)

    # --- what follows -------------------------------------------------------------------------

    def settle(self) -> None:
        """Ask the media server and tell the pages what changed by the event in hand."""
        here = self._meeting.hall.here()
        for command in self._meeting.commands():
            if isinstance(command, CloseLegs):
                self._forget_legs(command.participant)
        situation = self._read_situation(here)
        if situation == self._situation:
            return
        self._situation = situation
        if not here:
            self.server_lost()  # the room dismisses it
        self._forget_gone(here)
        views: dict[str, View] = {}
        for person in here:
            others = self._others(person)
            chosen = self._choose(person, others)
            views[person.id] = self._view(person, others, chosen)
            if person.id in self._receiving:
                self._ask(person, views[person.id])
            self._tell_chosen(person, chosen)
        self._tell_watched(here, views)
        self._ask_voices(here)

    def _read_situation(self, here: list[Person]) -> tuple[object, ...]:
        people = tuple(
            (p.id, p.peer, p.invitee.role, p.video, p.screen, p.offers_sound, p.wanted, p.pinned)
            for p in here
        )
        meeting = self._meeting
        given = (meeting.partition.now, meeting.snapshot.rules, meeting.recording.state)
        spoken = meeting.languages.split()
        return (people, *given, spoken, self._in_focus(), (*self._recent,))

    def _in_focus(self) -> tuple[str, ...]:
        """Return whom the chair put in focus, and who presents the running item."""
        meeting = self._meeting
        focus = meeting.spotlight.focus(meeting.hall, meeting.agenda).participant
        return tuple(one for one in (focus, meeting.agenda.presenter) if one is not None)

    def _forget_legs(self, participant: str) -> None:
        self._receiving.discard(participant)
        self._asked.pop(participant, None)

    def _forget_gone(self, here: list[Person]) -> None:
        ids = {person.id for person in here}
        peers = {person.peer for person in here}
        for participant in (self._receiving | self._asked.keys()) - ids:
            self._forget_legs(participant)
        self._recent = [one for one in self._recent if one in ids]
        for peer in self._chosen.keys() - peers:
            del self._chosen[peer]
        self._unwatched = {(peer, source) for peer, source in self._unwatched if peer in peers}

    def _others(self, person: Person) -> list[Person]:
        """Return whom a person may see and hear."""
        meeting = self._meeting
        here = meeting.hall.here()
        if meeting.partition.now is None:  # asked for each of many at every change
            return [other for other in here if other is not person]
        return [other for other in here if meeting.together(person.id, other.id)]

    def _choose(self, person: Person, others: list[Person]) -> tuple[str, ...] | None:
        """Return whose cameras a person gets; None = of all, as the room is small enough."""
        rules = self._meeting.snapshot.rules
        if len(others) < rules.everyone:
            return None
        shown = _shown_cameras(person)
        candidates = [
            other.id for other in others if other.video and (shown is None or other.id in shown)
        ]
        preferred = [*person.pinned, *self._in_focus(), *self._recent]
        return choose_cameras(candidates, preferred, rules.cameras)

    def _view(self, person: Person, others: list[Person], chosen: tuple[str, ...] | None) -> View:
        meeting = self._meeting
        is_plain = meeting.partition.now is None and meeting.languages.split() is None
        if person.wanted is None and chosen is None and is_plain:
            return None
        if person.wanted is None:
            pictures = [
                WantedFeed(participant=other.id, source=source)
                for other in others
                for source in PICTURES
            ]
        else:
            known = {other.id for other in others}
            named = {(feed.participant, feed.source): feed for feed in person.wanted}
            pictures = [
                feed
                for feed in named.values()
                if feed.participant in known and feed.source in PICTURES
            ]
        if chosen is not None:
            pictures = [
                feed for feed in pictures if feed.source != "video" or feed.participant in chosen
            ]
        sounds = (
            WantedFeed(participant=other.id, source=source)
            for other in others
            if meeting.languages.hears(person.id, other.id)
            for source in SOUNDS
            if source == "audio" or other.offers_sound
        )
        return (*sounds, *pictures)

    def _ask(self, person: Person, view: View) -> None:
        if self._asked.get(person.id) != view:
            self._asked[person.id] = view
            self._meeting.do(WantFeeds(person.peer or "", person.id, view))

    def _tell_chosen(self, person: Person, chosen: tuple[str, ...] | None) -> None:
        peer = person.peer
        if peer is None or chosen == self._chosen.get(peer):
            return
        if chosen is None:
            del self._chosen[peer]
        else:
            self._chosen[peer] = chosen
        told = sight.CamerasChosen(participants=None if chosen is None else list(chosen))
        self._meeting.do(Send((peer,), told))

    def _tell_watched(self, here: list[Person], views: dict[str, View]) -> None:
        """Tell who sends a picture that nobody looks at, and when somebody does again."""
        named = {(f.participant, f.source) for view in views.values() for f in view or ()}
        watch_all = {participant for participant, view in views.items() if view is None}
        if self._meeting.recording.state == "running":
            watch_all.add("")  # the recorder, which takes the pictures of all
        for person in here:
            for source in PICTURES:
                if person.peer is not None and _sends(person, source):
                    watched = (person.id, source) in named or bool(watch_all - {person.id})
                    self._tell_one(person.peer, source, watched=watched)

    def _tell_one(self, peer: str, source: FeedSource, *, watched: bool) -> None:
        mark = (peer, source)
        if watched == (mark in self._unwatched):
            (self._unwatched.discard if watched else self._unwatched.add)(mark)
            self._meeting.do(Send((peer,), sight.FeedWatched(source=source, watched=watched)))

    def _ask_voices(self, here: list[Person]) -> None:
        if not self._has_server:
            return
        asked = HearVoices()
        # The loudest of the whole call may be in one breakout room: then all are forwarded.
        if len(here) > HEAR_ALL and self._meeting.partition.now is None:
            focus = self._in_focus()
            always = (
                person.id
                for person in here
                if person.id in focus
                or person.invitee.role == "interpreter"
                or person.id in self._meeting.languages.interpreters
            )
            asked = HearVoices(LOUDEST, tuple(always))
        if asked != self._heard:
            self._heard = asked
            self._meeting.do(asked)


def _shown_cameras(person: Person) -> set[str] | None:
    """Return whose cameras a page shows; None = it did not say."""
    if person.wanted is None:
        return None
    return {feed.participant for feed in person.wanted if feed.source == "video"}


def _sends(person: Person, source: FeedSource) -> bool:
    return person.screen if source == "screen" else person.video
