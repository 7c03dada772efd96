"""ProjectDesk: run an international consortium and its meetings.

Three programs share this package: the *desktop* (Qt, no asyncio) that owns the project's data, the
*host* (asyncio, no Qt) that owns the live call, and the *SFU* (one process per room) that forwards
its media. ARCHITECTURE.md draws the house; each package's docstring says why it exists and what it
may import; the tests hold them to it.
"""

from __future__ import annotations

__version__ = "0.1.0"
