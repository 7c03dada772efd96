"""What happened on a host: the append-only journal that the desktop collects (decisions 4).

An entry has a place (journal uuid, epoch, seq) and a uuid of its own, so that applying it twice
does nothing. `at` is the host's clock, UTC. `room` is the room's id, or "" for a desk's entry.
"""

from __future__ import annotations

import msgspec

from projectdesk.signalling.breakouts import PlannedGroup
from projectdesk.signalling.call import Role
from projectdesk.signalling.check import CheckReport
from projectdesk.signalling.desk import Answer
from projectdesk.signalling.instant import Instant
from projectdesk.signalling.leading import Retiming
from projectdesk.signalling.mails import MailOutcome
from projectdesk.signalling.votes import Base, Outcome, Tie


class _Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of what can happen: past tense, tagged by `type`."""


class RoomOpened(_Fact, frozen=True, tag="roomOpened"):
    """The first person or console came."""


class PersonKnocked(_Fact, frozen=True, tag="personKnocked"):
    """Somebody waits in the lobby."""

    invitation: str
    name: str


class PersonRefused(_Fact, frozen=True, tag="personRefused"):
    """Somebody was turned away. by: participant id of who did it, "" for a rule."""

    invitation: str
    by: str


class PersonJoined(_Fact, frozen=True, tag="personJoined"):
    """Somebody is in the call from `at`. name: as shown. by: who admitted, "" = no lobby."""

    invitation: str
    name: str
    by: str = ""


class PersonLeft(_Fact, frozen=True, tag="personLeft"):
    """Somebody is not in the call any more from `at`.

    reason: left, lost (socket gone; at = when it was lost), ended, removed, moved, revoked,
    host_restarted (at = when the host was last known alive).
    """

    invitation: str
    reason: str


class PersonRemoved(_Fact, frozen=True, tag="personRemoved"):
    """Somebody was put out for good; `PersonLeft` (reason removed) follows. by: who did it."""

    invitation: str
    by: str


class PersonLetBackIn(_Fact, frozen=True, tag="personLetBackIn"):
    """Somebody who was removed may knock again. by: who allowed it."""

    invitation: str
    by: str


class RoleChanged(_Fact, frozen=True, tag="roleChanged"):
    """Somebody has another role in this meeting from now on. by: who gave it."""

    invitation: str
    role: Role
    by: str


class ItemStarted(_Fact, frozen=True, tag="itemStarted"):
    """An agenda item became the current one."""

    item: str


class ItemEnded(_Fact, frozen=True, tag="itemEnded"):
    """An agenda item is not the current one any more."""

    item: str


class AgendaRetimed(_Fact, frozen=True, tag="agendaRetimed"):
    """What is left of the agenda was given another time; the plan is unchanged. by: who did."""

    items: list[Retiming]
    by: str


class BreakoutsOpened(_Fact, frozen=True, tag="breakoutsOpened"):
    """People went into groups; they count as present all the while. by: who sent them."""

    groups: list[PlannedGroup]
    by: str


class BreakoutMoved(_Fact, frozen=True, tag="breakoutMoved"):
    """Somebody is in another group from now on; group: its name, "" = the main room.

    by: who moved them, "" = a rule.
    """

    invitation: str
    group: str
    by: str


class BreakoutsClosed(_Fact, frozen=True, tag="breakoutsClosed"):
    """Everybody is in one room again. by: who ended the groups, "" = their time."""

    by: str


class MeetingEnded(_Fact, frozen=True, tag="meetingEnded"):
    """The chair ended the meeting for all (or its time ran out: by = "")."""

    by: str


class MinutesWritten(_Fact, frozen=True, tag="minutesWritten"):
    """The minutes were written in the room while no console was there to take them.

    They are fetched as a whole (`writing.KeptMinutes`). document: id of their revision, "" =
    nobody named it.
    """

    document: str


class PollClosed(_Fact, frozen=True, tag="pollClosed"):
    """A poll was closed and counted.

    poll: its number in the room. voted: how many did. counts: votes by option. names: who chose
    it, by option, where the poll shows names. item: the agenda item during which it was opened. by:
    participant id of who opened it.
    """

    poll: int
    question: str
    options: list[str]
    multiple: bool
    opened_at: Instant
    voted: int
    counts: list[int]
    names: list[list[str]] | None
    item: str | None
    by: str


class VoteSeatRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A seat in a vote of a body. partner: 32 hex digits. present: present or represented.

    voter: invitation of who voted, or may; "" = nobody. proxy: the member that represents it, "" =
    none. choice: of an open vote. voted_at: of an open vote; of a secret one only that it voted is
    known.
    """

    partner: str
    weight: int = 1
    in_default: bool = False
    present: bool = False
    voter: str = ""
    proxy: str = ""
    voted: bool = False
    voted_at: Instant | None = None
    choice: str = ""
    by_hand: bool = False


class VoteRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A vote of a body as it was opened: the question and the rules that it is counted by.

    number: in the room. choices: its own, none = for, against, abstain. item: the agenda item.
    """

    number: int
    question: str
    description: str
    choices: list[str]
    secret: bool
    weighted: bool
    quorum_numerator: int
    quorum_denominator: int
    majority_numerator: int
    majority_denominator: int
    base: Base
    tie: Tie
    item: str | None


class VoteOpened(_Fact, frozen=True, tag="voteOpened"):
    """Members may vote from `at`. by: participant id of who opened it."""

    vote: VoteRecord
    seats: list[VoteSeatRecord]
    by: str


class VoteCast(_Fact, frozen=True, tag="voteCast"):
    """A member voted, or changed its vote, in an open vote. Of a secret one nothing is written.

    by: invitation of who did it; by_hand: the chair wrote it down for people in the room.
    """

    vote: int
    partner: str
    choice: str
    by: str
    by_hand: bool = False


class VoteClosed(_Fact, frozen=True, tag="voteClosed"):
    """A vote was closed and counted; all that the minutes need is in it.

    seats: with who voted (and what, in an open vote), and who was there. counts: weight by choice.
    seats_voting, there: members with a vote, and of them present or represented. words: the result
    by language. by: participant id of who closed it, "" = a rule.
    """

    vote: VoteRecord
    opened_at: Instant
    seats: list[VoteSeatRecord]
    counts: list[int]
    result: Outcome
    chosen: str
    seats_voting: int
    there: int
    words: dict[str, str]
    by: str


class VoteCancelled(_Fact, frozen=True, tag="voteCancelled"):
    """An open vote was called off; nothing of it counts. by: who did, "" = a rule."""

    vote: int
    by: str


class VetoNoted(_Fact, frozen=True, tag="vetoNoted"):
    """A member vetoed during the meeting what a vote decided. by: who wrote it down."""

    vote: int
    partner: str
    reason: str
    by: str


class ProxyAnnounced(_Fact, frozen=True, tag="proxyAnnounced"):
    """The member `giver` is represented by `holder` from `at`. by: who announced it."""

    giver: str
    holder: str
    note: str
    by: str


class ProxyEnded(_Fact, frozen=True, tag="proxyEnded"):
    """The member `giver` is not represented any more from `at`."""

    giver: str
    holder: str
    by: str


class MemberInRoom(_Fact, frozen=True, tag="memberInRoom"):
    """The chair counts a member as there, in a room without a link, from `at`; or not any more."""

    partner: str
    there: bool
    by: str


class QuorumChanged(_Fact, frozen=True, tag="quorumChanged"):
    """The body stands otherwise from `at`."""

    seats: int
    present: int
    represented: int
    needed: int
    met: bool


class RecordingAsked(_Fact, frozen=True, tag="recordingAsked"):
    """Everybody is asked to agree to a recording. words: version of the words. by: who asked."""

    recording: str
    words: int
    by: str


class ConsentGiven(_Fact, frozen=True, tag="consentGiven"):
    """Somebody agreed to be recorded. words: version of the words they were shown."""

    recording: str
    invitation: str
    words: int


class ConsentRefused(_Fact, frozen=True, tag="consentRefused"):
    """Somebody did not agree to be recorded."""

    recording: str
    invitation: str
    words: int


class ConsentWithdrawn(_Fact, frozen=True, tag="consentWithdrawn"):
    """Somebody took their consent back; what the recording has of them is erased."""

    recording: str
    invitation: str


class RecordingStarted(_Fact, frozen=True, tag="recordingStarted"):
    """Everybody in the call has agreed, and the recording runs from `at`."""

    recording: str


class RecordingPaused(_Fact, frozen=True, tag="recordingPaused"):
    """Nothing is recorded from `at`. by: who paused, "" = somebody came who has not agreed."""

    recording: str
    by: str


class RecordingResumed(_Fact, frozen=True, tag="recordingResumed"):
    """The recording runs again from `at`."""

    recording: str


class RecordingStopped(_Fact, frozen=True, tag="recordingStopped"):
    """The recording is over; it is kept until the desktop has fetched it, at most 14 days.

    reason: stopped, withdrawn, ended, empty, host_restarted (at = when the host was last known
    alive), or the media server's code (disk_full ...). by: who stopped it, "" = a rule.
    """

    recording: str
    reason: str
    by: str


class RecordingDiscarded(_Fact, frozen=True, tag="recordingDiscarded"):
    """Nothing was recorded. reason: refused, cancelled, ended, empty, host_restarted."""

    recording: str
    reason: str
    by: str


class FileShared(_Fact, frozen=True, tag="fileShared"):
    """Somebody put a file into the chat.

    file: its id on the host; sha256: of its content, hex; by: participant id, by_name: as shown.
    """

    file: str
    name: str
    size: int
    sha256: str
    by: str
    by_name: str


class CaptionWritten(_Fact, frozen=True, tag="captionWritten"):
    """A phrase of captions was typed while they were kept.

    number: of the phrase in the room. corrects: it takes the place of the phrase of this number,
    and an empty text takes that back. language: BCP 47. by: participant id of who typed it.
    """

    number: int
    language: str
    text: str
    by: str
    corrects: bool = False


class Spoken(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """For how long somebody was the loudest."""

    invitation: str
    seconds: float


class TalkMeasured(_Fact, frozen=True, tag="talkMeasured"):
    """Who spoke for how long since the last such entry, or since the call began: sums only."""

    spoken: list[Spoken]


class DeskAnswered(_Fact, frozen=True, tag="deskAnswered"):
    """Somebody answered by a personal link, received at `at`."""

    desk: str
    subject: str
    answer: Answer


class ConnectionChecked(_Fact, frozen=True, tag="connectionChecked"):
    """Somebody checked their computer and network by their personal link, received at `at`."""

    invitation: str
    report: CheckReport


class MailSettled(_Fact, frozen=True, tag="mailSettled"):
    """What became of a mail that was handed over to be sent later (`mails`); once for each.

    mail: the desktop's id of it. messageId: of the version that was sent. words: the mail server's
    answer, or ours. late: it went out more than 15 minutes after its time.
    """

    mail: str
    message_id: str
    outcome: MailOutcome
    words: str = ""
    late: bool = False


class HostStarted(_Fact, frozen=True, tag="hostStarted"):
    """The host process started; `alive_until`: when the one before was last known alive."""

    alive_until: Instant | None


Fact = (
    RoomOpened
    | PersonKnocked
    | PersonRefused
    | PersonJoined
    | PersonLeft
    | PersonRemoved
    | PersonLetBackIn
    | RoleChanged
    | ItemStarted
    | ItemEnded
    | AgendaRetimed
    | BreakoutsOpened
    | BreakoutMoved
    | BreakoutsClosed
    | MeetingEnded
    | MinutesWritten
    | PollClosed
    | VoteOpened
    | VoteCast
    | VoteClosed
    | VoteCancelled
    | VetoNoted
    | ProxyAnnounced
    | ProxyEnded
    | MemberInRoom
    | QuorumChanged
    | FileShared
    | CaptionWritten
    | TalkMeasured
    | RecordingAsked
    | ConsentGiven
    | ConsentRefused
    | ConsentWithdrawn
    | RecordingStarted
    | RecordingPaused
    | RecordingResumed
    | RecordingStopped
    | RecordingDiscarded
    | DeskAnswered
    | ConnectionChecked
    | MailSettled
    | HostStarted
)


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One entry at its place."""

    seq: int
    id: str
    at: Instant
    room: str
    fact: Fact


class JournalBatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Entries after the asked place, in order. `last`: the journal's newest seq for this key.

    collected_until: the host's clock when the batch was read; what happened before it is in.
    """

    journal: str
    epoch: int
    entries: list[JournalEntry]
    last: int
    collected_until: Instant
