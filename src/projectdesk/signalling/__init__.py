"""The wires, defined once.

Every message that crosses a process boundary is a msgspec struct in this package: `call` (page and
host), `control` (desktop and host), `desk` (personal links), `journal` (what happened), `media`
(host and SFU process). JSON Schema and TypeScript declarations are generated from them
(`python -m projectdesk.signalling.generate`) and a test fails when they are stale.

May import: errors. Nothing else of the project.
"""

from __future__ import annotations

VERSION = 1
"""Version of the wire. Host and desktop may differ by one (decisions: architecture 12)."""
