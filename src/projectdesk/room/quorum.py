"""The body that meets: who of it is there, who votes for whom, and its quorum, at every moment.

A member is present when anybody of its partner is in the call (an absence within the grace is
none), or when the chair counts it as there in a room. It votes by its representative, else by its
deputy, else by whom the chair names; one that named neither votes by the only person it has there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec

from projectdesk.domain.rules.quorum import ProxyFault, ProxyGiven, Quorum, Seat, proxy_fault
from projectdesk.domain.rules.quorum import quorum as stands
from projectdesk.domain.rules.vote_words import in_languages, quorum_words
from projectdesk.room.hall import Hall, Person
from projectdesk.room.permissions import Act
from projectdesk.signalling.control import RoomSnapshot
from projectdesk.signalling.journal import QuorumChanged
from projectdesk.signalling.votes import (
    BodyPlan,
    GivenProxy,
    MemberState,
    QuorumState,
    SeatPlan,
    Standing,
)


class AssemblyMemory(msgspec.Struct, frozen=True, kw_only=True):
    """What must survive the host. announced: proxies by giver; ended: planned ones taken back.

    in_room: members that the chair counts as there; named: who votes, by member; recorded: the
    quorum that the journal has last.
    """

    announced: dict[str, GivenProxy] = {}
    ended: list[tuple[str, str]] = []
    in_room: list[str] = []
    named: dict[str, str] = {}
    recorded: QuorumChanged | None = None


class Assembly:
    """The members of the body that meets, as they stand now; a meeting of no body has none."""

    def __init__(self, memory: AssemblyMemory) -> None:
        self.announced = dict(memory.announced)
        self.ended = set(memory.ended)
        self.in_room = set(memory.in_room)
        self.named = dict(memory.named)
        self.recorded = memory.recorded

    def memory(self) -> AssemblyMemory:
        """Return what must survive the host."""
        return AssemblyMemory(
            announced=dict(self.announced),
            ended=sorted(self.ended),
            in_room=sorted(self.in_room),
            named=dict(self.named),
            recorded=self.recorded,
        )

    def proxies(self, body: BodyPlan) -> list[ProxyGiven[str]]:
        """Return the proxies that hold: planned and not taken back, or announced in the call."""
        planned = {
            proxy.giver: proxy.holder
            for proxy in body.proxies
            if (proxy.giver, proxy.holder) not in self.ended
        }
        holders = planned | {giver: proxy.holder for giver, proxy in self.announced.items()}
        return [ProxyGiven(giver, holder) for giver, holder in holders.items()]

    def announce(self, body: BodyPlan, proxy: GivenProxy) -> ProxyFault | None:
        """Let a member be represented, or return why not."""
        fault = proxy_fault(
            seats_of(body),
            self.proxies(body),
            proxy.giver,
            proxy.holder,
            limit=body.rules.proxy_limit,
        )
        if fault is None:
            self.announced[proxy.giver] = proxy
        return fault

    def end(self, body: BodyPlan, giver: str) -> str | None:
        """Take a proxy back; return who held it, or None where there was none."""
        held = next((p.holder for p in self.proxies(body) if p.giver == giver), None)
        if held is not None:
            self.announced.pop(giver, None)
            self.ended.update(
                (proxy.giver, proxy.holder) for proxy in body.proxies if proxy.giver == giver
            )
        return held

    def present(self, snapshot: RoomSnapshot, hall: Hall) -> set[str]:
        """Return the partners of whom somebody is there, also behind another's camera."""
        invitees = {invitee.id: invitee for invitee in snapshot.invitees}
        here = [invitees[person.id] for person in hall.here() if person.id in invitees]
        own = {invitee.partner for invitee in here if invitee.partner is not None}
        return own.union(*(invitee.beside for invitee in here)) | self.in_room

    def quorum(self, body: BodyPlan, present: set[str]) -> Quorum[str]:
        """Return how the body stands."""
        return stands(
            seats_of(body),
            present,
            self.proxies(body),
            numerator=body.rules.quorum_numerator,
            denominator=body.rules.quorum_denominator,
        )

    def voters(self, snapshot: RoomSnapshot, hall: Hall, now: Quorum[str]) -> dict[str, str]:
        """Return who votes (invitation) by member; one for whom nobody does is left out."""
        body = snapshot.body
        if body is None:
            return {}
        partner = {invitee.id: invitee.partner for invitee in snapshot.invitees}
        of: dict[str, list[Person]] = {}
        for person in hall.here():
            of.setdefault(partner.get(person.id) or "", []).append(person)
        own = {
            seat.partner: voter
            for seat in body.members
            if (voter := self._own_voter(seat, of.get(seat.partner, []), hall))
        }
        by_proxy = {
            giver: own[holder]
            for giver, holder in (now.represented_by or {}).items()
            if holder in own and giver not in own
        }
        return own | by_proxy

    def _own_voter(self, seat: SeatPlan, people: list[Person], hall: Hall) -> str:
        for invitation in (seat.representative, seat.deputy, self.named.get(seat.partner)):
            person = hall.people.get(invitation or "")
            if person is not None and person.here:
                return person.id
        if seat.representative is None and seat.deputy is None:
            able = [person for person in people if person.may(Act.VOTE)]
            return able[0].id if len(able) == 1 else ""
        return ""

    def members(
        self,
        body: BodyPlan,
        now: Quorum[str],
        voters: dict[str, str],
        name_of: Callable[[str], str],
    ) -> list[MemberState]:
        """Return the members as everybody sees them."""
        by = dict(now.represented_by or {})
        held = {proxy.giver: proxy.holder for proxy in self.proxies(body)}
        shown = []
        for seat in body.members:
            standing: Standing = "present" if seat.partner in now.there else "absent"
            if seat.partner in by:
                standing = "represented"
            voter = "" if seat.in_default else voters.get(seat.partner, "")
            shown.append(
                MemberState(
                    partner=seat.partner,
                    name=seat.name,
                    weight=seat.weight,
                    in_default=seat.in_default,
                    standing=standing,
                    voter=voter,
                    voter_name=name_of(voter) if voter else "",
                    named=bool(voter) and self.named.get(seat.partner) == voter,
                    proxy=held.get(seat.partner, ""),
                    in_room=seat.partner in self.in_room,
                )
            )
        return shown


def seats_of(body: BodyPlan) -> list[Seat[str]]:
    """Return the seats as the rules know them."""
    return [Seat(one.partner, one.weight, one.in_default) for one in body.members]


def shown_quorum(now: Quorum[str]) -> QuorumState:
    """Return a quorum as everybody sees it."""
    return QuorumState(
        seats=now.seats,
        present=now.present,
        represented=now.represented,
        needed=now.needed,
        met=now.met,
        words=in_languages(partial(quorum_words, now)),
    )
