"""What a measurement of the media server plays: who sends what, who wants what, what is lost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from projectdesk.bench.robots import AUDIO_RATE, VIDEO_RATE
from projectdesk.signalling.media import WantedFeed

LAYER_RATES = {"q": VIDEO_RATE // 4, "h": VIDEO_RATE // 2, "f": VIDEO_RATE}
LAYER_HEIGHTS = {"q": 180, "h": 360, "f": 720}
"""Packets per second and height in pixels of each size; the largest is the fixed load."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """How the fixed load differs from everyone sending one size to everyone.

    simulcast: cameras come in three sizes; each robot shows one person large and all others small.
    last_n: cameras that each robot receives; None = all.
    voices: loudest voices that are forwarded; None = all.
    loss: share of media packets that are lost on every way, up and down; sound is not repeated.
    speaker: of cameras in three sizes all show the same person large, as of one who speaks.
    saving: robots send the sizes that somebody gets and no others, as pages do.
    """

    simulcast: bool = False
    speaker: bool = False
    saving: bool = False
    last_n: int | None = None
    voices: int | None = None
    loss: float = 0.0

    @property
    def plain(self) -> bool:
        """Whether it is the fixed load and nothing else."""
        return self == PLAIN

    def _shown(self, names: Sequence[str], name: str) -> list[tuple[str, str]]:
        """Return whose camera a robot receives, and in which size (empty: the only one)."""
        place = names.index(name)
        others = [*names[place + 1 :], *names[:place]]
        if self.speaker:
            large = next(one for one in names if one != name)
            others = [large, *(one for one in others if one != large)]
        others = others[: self.last_n]
        if not self.simulcast:
            return [(other, "") for other in others]
        return [(other, "f" if number == 0 else "q") for number, other in enumerate(others)]

    def wants(self, names: Sequence[str], name: str) -> list[WantedFeed] | None:
        """Return what a robot asks the server for; None is everything."""
        if self.last_n is None and not self.simulcast:
            return None
        voices = [WantedFeed(participant=one, source="audio") for one in names if one != name]
        return voices + [
            WantedFeed(participant=one, source="video", height=LAYER_HEIGHTS.get(size))
            for one, size in self._shown(names, name)
        ]

    def expected(self, names: Sequence[str], sent: Mapping[str, int]) -> Expected:
        """Return how many packets should have come to all robots together.

        Args:
            names: of the robots.
            sent: packets by stream, as `stream_key` names it.
        """
        voices = sum(sent.get(stream_key(name, "audio"), 0) for name in names)
        heard = 1.0 if self.voices is None else min(1.0, self.voices / len(names))
        pictures = sum(
            sent.get(stream_key(other, "video", size), 0)
            for name in names
            for other, size in self._shown(names, name)
        )
        return Expected(voices * heard * (len(names) - 1), pictures)

    def copies(self, participants: int) -> int:
        """Return to how many others a packet goes on the average, at least."""
        names = [str(number) for number in range(participants)]
        rates = {"": VIDEO_RATE, **LAYER_RATES}
        sizes = LAYER_RATES if self.simulcast else {"": VIDEO_RATE}
        sent = {
            stream_key(name, "video", size): rates[size] for name in names for size in sizes
        } | {stream_key(name, "audio"): AUDIO_RATE for name in names}
        wanted = self.expected(names, sent)
        return min(participants - 1, math.ceil((wanted.audio + wanted.video) / sum(sent.values())))


PLAIN = Scenario()
"""Everyone sends one size to everyone."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Packets that should come."""

    audio: float
    video: float


def stream_key(name: str, source: str, size: str = "") -> str:
    """Return how a robot's stream is named in findings."""
    return f"{name} {source} {size}".rstrip()
