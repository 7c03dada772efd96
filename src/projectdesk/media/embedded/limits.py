"""Numbers that bound what one peer can make the SFU do, each with its reason."""

from __future__ import annotations

MAX_DATAGRAM = 1500
"""Bytes; longer datagrams are dropped unread. WebRTC stays below a path's 1500 bytes, and one
longer datagram would close a DTLS transport of aiortc."""

MAX_SDP_BYTES = 256 * 1024
MAX_SDP_SECTIONS = 64
MAX_SDP_CANDIDATES = 30
"""Remote candidates kept; further ones are ignored, as ICE learns a peer's address anyway."""

MAX_PARTICIPANTS = 25
MAX_SCREENS = 1
"""Defaults of a room; `Configure` may set others. The host's room bounds how many pictures each of
many participants gets (`Want`)."""

MAX_LAYERS = 3
"""Sizes in which one picture is taken."""

MAX_STREAMS = 16
"""Incoming SSRCs that a publish leg remembers, and as many of retransmissions: a feed has one at a
time, and a browser that switches its source or rebuilds brings a few more."""

MAX_DEAD_SECTIONS = 40
"""Ended m-lines of a subscribe leg. An m-line cannot be used for another source, so past this
number the page builds a new peer connection."""

CONNECT_TIMEOUT_S = 30.0
"""A leg that has no DTLS by then has failed: ICE alone would wait for candidates for ever."""

KEY_FRAME_INTERVAL_S = 0.5
"""Least time between two requests for a key frame of one feed: a key frame costs ten others."""

VIDEO_RING = 1024
AUDIO_RING = 128
"""Packets remembered per incoming stream (powers of two): about three seconds of each."""

START_BITRATE = 1_500_000
MIN_BITRATE = 100_000
MAX_BITRATE = 2_500_000
"""Bits per second that a publisher is told to send at most per picture, before and after its
subscribers told what they can take."""

AUDIO_BITRATE = 40_000
"""Bits per second set aside for one voice when a subscriber's estimate is shared out."""

MAX_REPEATS_S, MAX_REPEATS_BURST = 600, 1200
"""Lost packets repeated to one subscriber, by the second and at once. A tenth of twelve pictures at
75 packets a second is 83; what asks for more is a flood, or a path on which repeats do not help."""

MAX_CONTROL_S, MAX_CONTROL_BURST = 400, 800
"""RTCP datagrams read of one leg, by the second and at once; a browser in a large room sends 60."""

MAX_ROUTES = 16
"""Addresses from which one leg is reached; the one not used for longest is forgotten."""
