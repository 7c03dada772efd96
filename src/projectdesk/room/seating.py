"""Who of the body is there, who votes and who represents: what chair and co-hosts say of it."""

from __future__ import annotations

from projectdesk.domain.rules.quorum import ProxyFault
from projectdesk.room.entrance import Refusal
from projectdesk.room.meeting import Meeting
from projectdesk.room.names import clean_message
from projectdesk.signalling import journal, votes

NO_BODY = Refusal("no_body", "This meeting is of no body: it has no members who vote.")
UNKNOWN_MEMBER = Refusal("unknown_member", "The body has no such member with a vote.")
UNKNOWN_VOTER = Refusal("unknown_voter", "Who votes for a member must be of it, and in the call.")
NO_PROXY = Refusal("no_proxy", "That member is represented by nobody.")

_PROXY_FAULTS = {
    ProxyFault.NOT_ALLOWED: Refusal("proxy_not_allowed", "The body's rules take no proxies."),
    ProxyFault.NO_MEMBER: UNKNOWN_MEMBER,
    ProxyFault.ITSELF: Refusal("proxy_itself", "A member cannot represent itself."),
    ProxyFault.IN_DEFAULT: Refusal(
        "proxy_in_default", "A member in default has no vote: it gives and takes no proxy."
    ),
    ProxyFault.CHAIN: Refusal("proxy_chain", "Who is represented cannot represent another."),
    ProxyFault.LIMIT: Refusal("proxy_limit", "It represents as many members as one may."),
    ProxyFault.TWICE: Refusal("proxy_twice", "That member is represented already."),
}

SeatingMessage = votes.NameVoter | votes.CountInRoom | votes.AnnounceProxy | votes.EndProxy


class Seating:
    """Answers the messages about the seats of the body."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def handle(self, message: SeatingMessage, by: str) -> Refusal | None:
        """Carry out a message of who leads, or return why not."""
        if isinstance(message, votes.NameVoter | votes.CountInRoom):
            return self._presence(message, by)
        return self._proxy(message, by)

    def _presence(self, message: votes.NameVoter | votes.CountInRoom, by: str) -> Refusal | None:
        meeting, body = self._meeting, self._meeting.snapshot.body
        if body is None or all(one.partner != message.partner for one in body.members):
            return UNKNOWN_MEMBER
        assembly = meeting.assembly
        if isinstance(message, votes.NameVoter):
            return self._name(message)
        if message.there != (message.partner in assembly.in_room):
            (assembly.in_room.add if message.there else assembly.in_room.discard)(message.partner)
            meeting.record(
                journal.MemberInRoom(partner=message.partner, there=message.there, by=by)
            )
        return None

    def _name(self, message: votes.NameVoter) -> Refusal | None:
        meeting = self._meeting
        if message.participant is None:
            meeting.assembly.named.pop(message.partner, None)
            return None
        person = meeting.hall.people.get(message.participant)
        invitee = meeting.invitee(message.participant)
        here = person is not None and person.here
        if not here or invitee is None or invitee.partner != message.partner:
            return UNKNOWN_VOTER
        meeting.assembly.named[message.partner] = message.participant
        return None

    def _proxy(self, message: votes.AnnounceProxy | votes.EndProxy, by: str) -> Refusal | None:
        meeting, body = self._meeting, self._meeting.snapshot.body
        if body is None:
            return NO_BODY
        if isinstance(message, votes.EndProxy):
            holder = meeting.assembly.end(body, message.giver)
            if holder is None:
                return NO_PROXY
            meeting.record(journal.ProxyEnded(giver=message.giver, holder=holder, by=by))
            return None
        note = clean_message(message.note)
        proxy = votes.GivenProxy(giver=message.giver, holder=message.holder, note=note)
        if (fault := meeting.assembly.announce(body, proxy)) is not None:
            return _PROXY_FAULTS[fault]
        meeting.record(
            journal.ProxyAnnounced(giver=proxy.giver, holder=proxy.holder, note=note, by=by)
        )
        return None
