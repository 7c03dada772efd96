"""The one type of time on the wires."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A UTC instant (RFC 3339). A time without an offset is refused by the decoder (decisions 10)."""
