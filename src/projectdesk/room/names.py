"""Names and messages as people type them, made safe to show (security.md, Text)."""

from __future__ import annotations

import unicodedata

from projectdesk.signalling.files import MAX_FILE_NAME

MAX_NAME = 64
"""Longest name in characters."""

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}
"""Zero-width joiners: format characters, but Persian and Indic names are spelt with them."""


_RESERVED = frozenset('<>:"|?*')
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in range(1, 10))}
"""Names that Windows gives to devices, whatever their ending."""
_MAX_ENDING = 12


def clean_name(text: str) -> str:
    """Return a name as it may be shown: NFC, trimmed, without control and bidi characters.

    Inner white space becomes single spaces. The result may be empty.
    """
    return clean_line(text)[:MAX_NAME].strip()


def clean_line(text: str) -> str:
    """Return a line of text as it may be shown: as a name, but of any length."""
    composed = unicodedata.normalize("NFC", text)
    spaced = " ".join(composed.split())
    return " ".join(_seen(spaced).split())


def clean_message(text: str) -> str:
    """Return a chat message as it may be shown: NFC, trimmed, without control and bidi characters.

    Lines stay lines and tabs become spaces. The result may be empty, and of any length.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "\n".join(_seen(line).rstrip() for line in lines).strip()


def clean_file_name(text: str) -> str:
    """Return a file's name as every system takes it: one line, no folder, no reserved character.

    It keeps its ending, and is at most `MAX_FILE_NAME` characters long; "file" where nothing of it
    is left.
    """
    last = clean_line(text.replace("\\", "/").rpartition("/")[2])
    plain = "".join("_" if c in _RESERVED else c for c in last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > _MAX_ENDING:
        stem, ending = plain, ""
    if stem.partition(".")[0].strip().upper() in _DEVICES:
        stem = f"_{stem}"
    tail = f".{ending}" if ending else ""
    return f"{stem[: MAX_FILE_NAME - len(tail)].rstrip()}{tail}" if stem else "file"


def _seen(text: str) -> str:
    return "".join(c for c in text if c in _JOINERS or unicodedata.category(c) not in _UNSEEN)


def sounding(name: str) -> str:
    """Return what two names share when a reader would take one for the other.

    Compatibility forms, case, joiners and spaces do not tell people apart.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(c for c in folded if c not in _JOINERS and not c.isspace())
    return unicodedata.normalize("NFKC", kept)
