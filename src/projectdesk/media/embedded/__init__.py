"""Our own SFU: forwards RTP between the legs of one room, in its own process.

May import: media.port, signalling.media, errors; the only package that knows aiortc.
"""
