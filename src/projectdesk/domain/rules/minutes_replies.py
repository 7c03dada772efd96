"""What a mail that answers circulated minutes says: a receipt, or an objection in words."""

from __future__ import annotations

import re
from typing import Final

from projectdesk.domain.rules.quoted_mail import own_lines

_WORDS: Final = (
    "received thanks thank you many very much ok okay yes noted confirmed i we have read the",
    "minutes it them well with no objection objections none",
    "erhalten danke vielen dank bestätigt ja gelesen habe haben ich wir das protokoll zur kenntnis",
    "genommen keine einwände einwand",
    "merci reçu bien obrigado obrigada recebido gracias recibido",
)
_RECEIPTS: Final = frozenset(word for line in _WORDS for word in line.split())
_GREETING: Final = re.compile(
    r"^(dear|hello|hi|hallo|liebe[rs]?|sehr geehrte[rs]?|guten tag|best|kind|regards|best regards|"
    r"kind regards|viele grüße|mit freundlichen grüßen|mfg|lg)\b.{0,60}$",
    re.IGNORECASE,
)


def objection_in(text: str) -> str:
    """Return what an answering mail objects to; "" = it only says that the minutes came.

    What it quotes, greetings, and a few words of thanks or receipt are no objection.
    """
    lines = [line.rstrip() for line in own_lines(text)]
    said = [line for line in lines if line.strip() and not _GREETING.match(line.strip())]
    words = re.findall(r"\w+", " ".join(said).casefold())
    if all(word in _RECEIPTS for word in words):
        return ""
    return "\n".join(without_greetings(lines)).strip()


def without_greetings(lines: list[str]) -> list[str]:
    """Return the lines without greetings at the start and blank ones at the end."""
    found = list(lines)
    while found and (not found[0].strip() or _GREETING.match(found[0].strip())):
        found.pop(0)
    while found and not found[-1].strip():
        found.pop()
    return found
