"""The call's media on Janus nodes: the same port and the same page as the embedded SFU.

One WebSocket and one Janus session per room; one publisher handle and one multistream subscriber
handle per participant; one more handle watches who publishes. `connection` speaks the Janus API,
`description` rewrites what clients describe, `publish` and `subscribe` are the two kinds of legs,
`room` is one meeting's media, `backend` chooses a node.

May import: media.port, media.embedded (its SDP reader, writer, limits and tasks, none of which
loads aiortc), signalling, errors. aiohttp in `connection` only.
"""
