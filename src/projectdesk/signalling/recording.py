"""The call page and its host about recording: who asks, who agrees, and what everybody sees.

A recording runs only while everybody in the call has agreed to it. Who comes later is asked before
they are let in; the chair can let them in off the record by pausing. One refusal while it is asked
for, and nothing is kept; who withdraws ends the recording, and what it has of them is erased.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from projectdesk.signalling.instant import Instant

WORDS = 1
"""Version of the words that people agree to; it rises when they change."""

RecordingState = Literal["off", "asked", "running", "paused"]
OwnAnswer = Literal["", "open", "given", "refused"]
Answer = Literal["given", "refused", "withdrawn"]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class Consent(_Record, frozen=True):
    """What somebody answered last, and when. words: version of the words they were shown."""

    participant: str
    name: str
    organisation: str
    answer: Answer
    at: Instant
    words: int


class AskedPerson(_Record, frozen=True):
    """Somebody in the call, and what they answered; for chair, co-hosts and console."""

    participant: str
    name: str
    answer: OwnAnswer


class RecordingView(_Record, frozen=True):
    """The recording as one person sees it.

    words: version of the words to agree to. by: name of who asked. since: when this state began.
    begun: something is recorded already. mine: the reader's own answer, "" where they are not
    asked. missing: how many answers are missing. people: who answered what, for who leads only.
    ended: why the last recording is over ("stopped", "refused", "withdrawn", "cancelled", "empty",
    "ended", "host_restarted", or the media server's code), "" while none is.
    """

    state: RecordingState
    words: int = WORDS
    by: str = ""
    since: Instant | None = None
    begun: bool = False
    mine: OwnAnswer = ""
    missing: int = 0
    people: list[AskedPerson] = []
    ended: str = ""


class ConsentList(_Record, frozen=True):
    """`consents.json` of a recording: what everybody who was asked answered last."""

    recording: str
    room: str
    consents: list[Consent]


class FetchableFile(_Record, frozen=True):
    """A file of a recording. size: bytes; sha256: hex."""

    name: str
    size: int
    sha256: str


class RecordingFacts(_Record, frozen=True):
    """A recording on a host.

    state: under_way (running, or being put together), ready, damaged. seconds: its length.
    interrupted: it ended by a failure; what was recorded before is there. kept_until: when it is
    erased if it is not fetched.
    """

    id: str
    state: Literal["under_way", "ready", "damaged"]
    started_at: Instant | None = None
    seconds: float = 0.0
    interrupted: bool = False
    kept_until: Instant | None = None
    files: list[FetchableFile] = []


class RecordingList(_Record, frozen=True):
    """The recordings of a room, the oldest first."""

    recordings: list[RecordingFacts]


# --- page to host -------------------------------------------------------------------------------


class AskToRecord(_Message, frozen=True, tag="askToRecord"):
    """Chair, co-host: ask everybody; the recording starts when all have agreed."""


class PauseRecording(_Message, frozen=True, tag="pauseRecording"):
    """Chair, co-host: record nothing until it is resumed."""


class ResumeRecording(_Message, frozen=True, tag="resumeRecording"):
    """Chair, co-host: go on; who has not agreed yet is asked first."""


class StopRecording(_Message, frozen=True, tag="stopRecording"):
    """Chair, co-host: end the recording, or take the question back."""


class AnswerRecording(_Message, frozen=True, tag="answerRecording"):
    """Agree to be recorded, or not. words: version of the words that were shown."""

    agreed: bool
    words: int


class WithdrawConsent(_Message, frozen=True, tag="withdrawConsent"):
    """Take one's consent back: the recording ends and holds nothing of this person."""


RecordingRequest = (
    AskToRecord
    | PauseRecording
    | ResumeRecording
    | StopRecording
    | AnswerRecording
    | WithdrawConsent
)

# --- host to page -------------------------------------------------------------------------------


class RecordingChanged(_Message, frozen=True, tag="recordingChanged"):
    """How the recording is now; told to everybody in the call, and to who waits while it runs."""

    recording: RecordingView


RecordingNews = RecordingChanged
