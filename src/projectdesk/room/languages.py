"""The languages of a room: channels, who interprets and who types, and who hears whom by that."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Container
from dataclasses import dataclass

import msgspec

from projectdesk.signalling.languages import CaptionLine

CAPTIONS_KEPT = 5
"""Phrases of a language that somebody is sent who switches its captions on."""


class LanguagesMemory(msgspec.Struct, frozen=True, kw_only=True):
    """The languages as they survive the host. interpreters, captioners: language by invitation.

    on_air: invitation by language. written: number of the last phrase.
    """

    channels: list[str] = []
    interpreters: dict[str, str] = {}
    on_air: dict[str, str] = {}
    captioners: dict[str, str] = {}
    keeps: bool = False
    written: int = 0


@dataclass(frozen=True)
class Ear:
    """What somebody listens to and reads. Both None at first."""

    channel: str | None = None
    captions: str | None = None


class LanguageBook:
    """What is set for all, and what each person chose.

    ears: by invitation, while they are in the call. asks: who on air wants to be relieved.
    """

    def __init__(self, memory: LanguagesMemory) -> None:
        self.channels = list(memory.channels)
        self.interpreters = dict(memory.interpreters)
        self.on_air = dict(memory.on_air)
        self.captioners = dict(memory.captioners)
        self.keeps = memory.keeps
        self.written = memory.written
        self.asks: set[str] = set()
        self.ears: dict[str, Ear] = {}
        self.last_of: dict[str, tuple[str | None, CaptionLine]] = {}
        """By invitation: the breakout room where the last phrase was said, and the phrase."""

        self._recent: dict[str, deque[CaptionLine]] = defaultdict(
            lambda: deque(maxlen=CAPTIONS_KEPT)
        )

    def is_empty(self) -> bool:
        """Tell whether nothing is set."""
        return not (self.channels or self.interpreters or self.captioners or self.keeps)

    def ear(self, participant: str) -> Ear:
        """Return what somebody listens to and reads."""
        return self.ears.get(participant, Ear())

    def hears(self, listener: str, speaker: str) -> bool:
        """Tell whether somebody is to be sent another's voice.

        The floor is everybody's; an interpreter is heard on air, and on their channel alone.
        """
        language = self.interpreters.get(speaker)
        if language is None:
            return True
        return self.on_air.get(language) == speaker and self.ear(listener).channel == language

    def split(self) -> object | None:
        """Return all that decides who hears whom, to be compared; None = everybody hears all."""
        if not self.interpreters:
            return None
        channels = sorted((who, ear.channel) for who, ear in self.ears.items())
        return (sorted(self.interpreters.items()), sorted(self.on_air.items()), channels)

    def appoint(self, participant: str, language: str | None) -> None:
        """Let somebody interpret, or not any more; the first of a channel is on air."""
        before = self.interpreters.pop(participant, None)
        if before is not None and self.on_air.get(before) == participant:
            del self.on_air[before]
            partner = next((p for p, spoken in self.interpreters.items() if spoken == before), None)
            if partner is not None:
                self.on_air[before] = partner
        self.asks.discard(participant)
        if language is not None:
            self.interpreters[participant] = language
            self.on_air.setdefault(language, participant)

    def keep_only(self, invited: Container[str]) -> None:
        """Let those go who are not invited any more."""
        for participant in [who for who in self.interpreters if who not in invited]:
            self.appoint(participant, None)
        for participant in [who for who in self.captioners if who not in invited]:
            del self.captioners[participant]

    def keep_recent(self, line: CaptionLine) -> None:
        """Keep a phrase for who switches captions on; a corrected one in its place."""
        recent = self._recent[line.language]
        for place, known in enumerate(recent):
            if known.number == line.number:
                recent[place] = line
                return
        recent.append(line)

    def recent(self, language: str) -> list[CaptionLine]:
        """Return the last phrases of a language, without those taken back."""
        return [line for line in self._recent.get(language, ()) if line.text]

    def erase(self) -> None:
        """Forget what was typed."""
        self._recent.clear()
        self.last_of.clear()

    def memory(self) -> LanguagesMemory:
        """Return what must survive the host."""
        return LanguagesMemory(
            channels=list(self.channels),
            interpreters=dict(self.interpreters),
            on_air=dict(self.on_air),
            captioners=dict(self.captioners),
            keeps=self.keeps,
            written=self.written,
        )
