"""What somebody wrote in an answering mail, apart from the mail that it quotes."""

from __future__ import annotations

import re
from typing import Final

_PARTING: Final = (
    re.compile(r"^\s*-{2,}\s*(original|urspr\w+|forwarded|weitergeleitete)\b", re.IGNORECASE),
    re.compile(r"\b(wrote|schrieb|a écrit|escribió|ha scritto|napisał\w*)\b.*:\s*$", re.IGNORECASE),
    re.compile(r"^\s*(from|von|de|da|od)\s*:\s.*@", re.IGNORECASE),
    re.compile(r"^\s*_{10,}\s*$"),
)
_SIGNATURE: Final = re.compile(r"^-- ?$")


def parted(text: str) -> tuple[list[str], list[str]]:
    """Return the lines that were written, and the quoted ones: by `>` or below the parting.

    What follows a signature's "-- " is neither, unless it is quoted.
    """
    own: list[str] = []
    quoted: list[str] = []
    below = signed = False
    for line in text.replace("\r\n", "\n").replace("\N{NO-BREAK SPACE}", " ").split("\n"):
        below = below or any(pattern.search(line) for pattern in _PARTING)
        signed = signed or bool(_SIGNATURE.match(line))
        if below or line.lstrip().startswith((">", "|")):
            quoted.append(line)
        elif not signed:
            own.append(line)
    return own, quoted


def own_lines(text: str) -> list[str]:
    """Return the lines that were written."""
    return parted(text)[0]
