"""Our own media server: a selective forwarding unit in a process of its own, one per room.

It forwards what participants send and never decodes a picture or a sound. The host's side is
`backend` and needs nothing but the wire; everything else runs inside the process that
`projectdesk sfu` starts:

    process   control connection, requests in, events out
    sfu       the room: participants, feeds, who receives what, timers
    publish   a leg that brings packets in        subscribe   a leg that takes packets out
    track     one incoming stream and its ring    downstream  one feed on its way to one subscriber
    rtp, rtcp, feedback, sdp, description         the bytes and texts of the protocols
    udp       one UDP port for all legs           _aiortc_seam   ICE, DTLS and SRTP from aiortc

`_aiortc_seam` is the only file that touches private names of aiortc, aioice and pylibsrtp.

May import: signalling, errors; aiortc, aioice, pylibsrtp.
"""
