"""How long an Opus packet sounds, by its first bytes (RFC 6716, 3.1)."""

from __future__ import annotations

_SILK = (10.0, 20.0, 40.0, 60.0)
_HYBRID = (10.0, 20.0)
_CELT = (2.5, 5.0, 10.0, 20.0)
_LONGEST_MS = 120.0


def duration_ms(packet: bytes) -> float:
    """Return the duration in milliseconds; 0 for what is no Opus packet."""
    if not packet:
        return 0.0
    configuration, code = packet[0] >> 3, packet[0] & 3
    if configuration < 12:
        frame = _SILK[configuration % 4]
    elif configuration < 16:
        frame = _HYBRID[configuration % 2]
    else:
        frame = _CELT[configuration % 4]
    if code == 3:
        if len(packet) < 2:
            return 0.0
        count = packet[1] & 0x3F
    else:
        count = 1 if code == 0 else 2
    total = frame * count
    return total if 0 < total <= _LONGEST_MS else 0.0
