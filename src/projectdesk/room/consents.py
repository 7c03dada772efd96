"""Who agreed to the recording at hand; what of it must survive the host."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from projectdesk.signalling.instant import Instant
from projectdesk.signalling.recording import Consent, RecordingState


class RecordingMemory(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that is asked for or under way. begun: something is recorded already."""

    id: str
    begun: bool
    asked_at: Instant
    erased: list[str] = []
    consents: list[Consent] = []


@dataclass
class ConsentBook:
    """The recording of a meeting, if there is one, and everybody's last answer.

    id: of the recording at hand, "" while there is none. count: recordings so far. erased: of whom
    nothing may be kept. ended: why the last one is over.
    """

    state: RecordingState = "off"
    id: str = ""
    by: str = ""
    since: datetime | None = None
    asked_at: datetime | None = None
    begun: bool = False
    ended: str = ""
    count: int = 0
    erased: set[str] = field(default_factory=set)
    consents: dict[str, Consent] = field(default_factory=dict)

    def has_agreed(self, invitation: str) -> bool:
        """Tell whether somebody agreed and did not take it back."""
        consent = self.consents.get(invitation)
        return consent is not None and consent.answer == "given"

    def bars(self, invitation: str) -> bool:
        """Tell whether somebody may not come in, because the recording runs without their word."""
        return self.state == "running" and not self.has_agreed(invitation)

    def memory(self) -> RecordingMemory | None:
        """Return what must survive the host; None while nothing is asked or recorded."""
        if self.state == "off" or self.asked_at is None:
            return None
        return RecordingMemory(
            id=self.id,
            begun=self.begun,
            asked_at=self.asked_at,
            erased=sorted(self.erased),
            consents=list(self.consents.values()),
        )
