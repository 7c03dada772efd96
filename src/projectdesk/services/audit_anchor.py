"""The end of a trail, kept so that cutting it off shows (ADR 0086).

A chain shows what was changed inside it, not that its last links are gone. So with each change a
setting keeps how many links a trail has and the last hash, under an HMAC made with the key of the
personal links: that key is among the secrets of the desktop, not in the database. A kept end moves
only forward, from a link that is still there; what was cut stays cut for `audit.verify`.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.audit_chain import Break, Fault, Link
from projectdesk.domain.rules.tokens import read_link_key
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import Kind
from projectdesk.services.unit_settings import keep, kept
from projectdesk.store import schema

if TYPE_CHECKING:  # the workspace keeps the ends itself
    from projectdesk.services.session import Unit
    from projectdesk.services.workspace import Workspace

log = logging.getLogger(__name__)

_PURPOSE: Final = b"projectdesk end of an audit trail"


class Kept(StrEnum):
    """What is known of the end of a trail.

    SIGNED: kept, by this computer's key. BEHIND: so, and steps follow that a desktop without the
    key wrote. OTHER_KEY: kept, by a key that this computer does not have. NOT: nothing is kept, as
    of a trail that was written without any key.
    """

    SIGNED = "signed"
    BEHIND = "behind"
    OTHER_KEY = "other_key"
    NOT = "not"


@dataclass(frozen=True)
class Anchor:
    """An end that was kept. signer: fingerprint of the key. mac: hex."""

    steps: int
    head: str
    signer: str
    mac: str


def anchor_key(chain_id: UUID, kind: Kind = Kind.MINUTES) -> str:
    """Return the key of the setting that keeps the end of the trail of minutes, or of a vote."""
    what = "minutes" if kind is Kind.MINUTES else "written-procedure"
    return f"{what}.{chain_id.hex}.trail-end"


def keep_ends(unit: Unit, workspace: Workspace) -> None:
    """Keep the ends of the trails that a change wrote into, before its commit.

    A desktop without the key keeps none: the next one that has it covers its steps.
    """
    key = _key(workspace) if unit.trails else None
    if key is None:
        return
    for chain_id, kind in unit.trails.items():
        ends, setting = _ends(unit.session, chain_id), anchor_key(chain_id, kind)
        known = read_anchor(kept(unit.session, setting))
        if known is not None and (not _leads_on(known, ends) or _is_forged(known, chain_id, key)):
            continue  # what was cut or forged is not made good by going on
        keep(unit.session, setting, _signed(chain_id, len(ends), ends[-1], key))


def check_end(
    session: Session,
    workspace: Workspace,
    chain_id: UUID,
    links: Sequence[Link],
    kind: Kind = Kind.MINUTES,
) -> tuple[Kept, Break | None]:
    """Return what is known of the end of a trail, and where it does not hold.

    Args:
        session: to read with.
        workspace: whose key it is.
        chain_id: the revision, or the written procedure.
        links: of its trail, which holds in itself.
        kind: of what it is: minutes, or a vote.
    """
    value = kept(session, anchor_key(chain_id, kind))
    if value is None:
        return Kept.NOT, None
    last = Break(len(links), links[-1].step if links else "", Fault.END)
    known, key = read_anchor(value), _key(workspace)
    if known is None or (key is not None and _is_forged(known, chain_id, key)):
        return Kept.SIGNED, last
    state = Kept.SIGNED if key is not None and known.signer == _signer(key) else Kept.OTHER_KEY
    if len(links) < known.steps:
        return state, Break(len(links) + 1, "", Fault.CUT)
    if not _leads_on(known, [link.hash for link in links]):
        return state, Break(known.steps, links[known.steps - 1].step, Fault.END)
    if len(links) > known.steps and state is Kept.SIGNED:
        state = Kept.BEHIND
    return state, None


def read_anchor(value: str | None) -> Anchor | None:
    """Return a kept end; None where nothing, or nonsense, is kept."""
    parts = (value or "").split(" ")
    if len(parts) != 4 or not parts[0].isdecimal() or int(parts[0]) < 1:
        return None
    return Anchor(int(parts[0]), *parts[1:])


# --- inside ---------------------------------------------------------------------------------------


def _leads_on(known: Anchor, hashes: Sequence[str]) -> bool:
    """Return whether the link that was the last one is there, at its place."""
    return len(hashes) >= known.steps and hashes[known.steps - 1] == known.head


def _is_forged(known: Anchor, chain_id: UUID, key: bytes) -> bool:
    """Return whether an end says that this computer's key made it, and it did not."""
    if known.signer != _signer(key):
        return False
    return not hmac.compare_digest(known.mac, _mac(chain_id, known.steps, known.head, key))


def _signed(chain_id: UUID, steps: int, head: str, key: bytes) -> str:
    return f"{steps} {head} {_signer(key)} {_mac(chain_id, steps, head, key)}"


def _mac(chain_id: UUID, steps: int, head: str, key: bytes) -> str:
    own = hmac.digest(key, _PURPOSE, "sha256")
    return hmac.new(own, f"{chain_id.hex} {steps} {head}".encode(), hashlib.sha256).hexdigest()


def _signer(key: bytes) -> str:
    from projectdesk.services.link_keys import fingerprint  # it stands on the workspace

    return fingerprint(key)


def _key(workspace: Workspace) -> bytes | None:
    """Return the key of the personal links of this data; None = this computer has none of it."""
    from projectdesk.services.link_keys import secret_name  # it stands on the workspace

    try:
        text = workspace.secrets.read(secret_name(workspace.database_id))
        return read_link_key(text) if text is not None else None
    except ProjectDeskError as error:  # who collects answers need not have the key
        log.warning("the end of a trail is not kept: %s", error.code)
        return None


def _ends(session: Session, chain_id: UUID) -> Sequence[str]:
    """Return the hashes of a trail, the first one first."""
    entry = schema.audit_entry.c
    query = select(entry.hash).where(entry.minutes_id == chain_id).order_by(entry.seq)
    return session.scalars(query).all()
