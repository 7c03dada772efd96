"""Agendas as people write them: Markdown, or text pasted out of a mail or a word processor.

`read_agenda` makes items of it, and says in findings what it left out or had to guess.
May import: domain, `exchange.findings`.
"""

from __future__ import annotations

from projectdesk.exchange.agendas.entries import ReadAgenda, ReadItem
from projectdesk.exchange.agendas.reader import read_agenda

__all__ = ["ReadAgenda", "ReadItem", "read_agenda"]
