"""Where the feed of this build is, and who signs it.

Whoever publishes a build fills these in. As the source has them there is no feed: then nothing is
asked of anybody, and Settings say so. A policy can name another (`UpdateFeed`, `UpdateKeys`).
"""

from __future__ import annotations

from typing import Final

FEED: Final = ""
"""Address of the feed, https; "" = none."""
KEYS: Final[tuple[str, ...]] = ()
"""Public keys of Ed25519 in base64 (`dev.py feed key` prints one), the one in use and the next.

A build believes a feed that one of its keys has signed. A key is changed so: the next one is added
here; feeds are signed by both (two files of keys) until few builds know only the old one; then the
old one is taken out.
"""
