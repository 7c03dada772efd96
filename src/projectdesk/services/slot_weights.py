"""The weights of the slot finder, kept as a setting with the data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import msgspec

from projectdesk.domain.rules.pain import USUAL, Weights
from projectdesk.errors import DomainError
from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.workspace import Workspace

_KEY: Final = "slots.weights"


def slot_weights(workspace: Workspace) -> Weights:
    """Return what an hour asks of people; the usual weights until somebody changed them."""
    try:
        return msgspec.json.decode(setting(workspace, _KEY, "{}"), type=Weights)
    except (msgspec.MsgspecError, DomainError):
        return USUAL


def keep_slot_weights(workspace: Workspace, weights: Weights) -> None:
    """Keep other weights."""
    set_setting(workspace, _KEY, msgspec.json.encode(asdict(weights)).decode())
