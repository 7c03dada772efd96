"""What a room's pictures are sent in: the best codec that everybody in it takes.

Who lacks a codec takes it from the others at once, as they see nothing otherwise. It comes back
only after a while: each change costs a key frame from everybody, and people come and go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from projectdesk.signalling.media import VideoCodec

BACK_AFTER_S = 10.0
"""How long everybody must have taken a codec before it is used again."""

ASK_AGAIN_S = 5.0
"""How long a page may take to offer anew before it is asked again."""


class CodecAgreement:
    """Follows who takes what. Pure: told the time."""

    def __init__(self, names: Sequence[VideoCodec]) -> None:
        """Begin with everything allowed.

        Args:
            names: the best first; those after VP8 are of no use, as everybody takes VP8.
        """
        self._names = tuple(dict.fromkeys(names))
        self._back_at: dict[VideoCodec, float] = {}
        self.agreed: tuple[VideoCodec, ...] = (*self._names, "vp8")
        """The best first; VP8 is always among them."""

        self.settle((), (), 0.0)

    def settle(
        self,
        taken: Iterable[frozenset[VideoCodec] | None],
        refused: Collection[VideoCodec],
        now: float,
    ) -> bool:
        """Work out anew what is agreed; return whether that changed.

        Args:
            taken: what each subscriber takes; None where it has not said yet.
            refused: what is of no use now, whoever takes it.
            now: seconds.
        """
        known = [one for one in taken if one is not None]
        agreed: list[VideoCodec] = []
        for name in self._names:
            if name in refused or any(name not in one for one in known):
                self._back_at[name] = now + BACK_AFTER_S
            elif now >= self._back_at.get(name, now):
                self._back_at.pop(name, None)
                agreed.append(name)
        before = self.agreed
        self.agreed = tuple(dict.fromkeys((*agreed, "vp8")))
        return self.agreed != before
