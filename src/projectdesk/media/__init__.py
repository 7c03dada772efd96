"""The call's media behind one port.

`port` says what a room needs from a media server; `embedded` is our own SFU process, `fake` keeps
everything in memory for tests of the host. The host forwards, it never transcodes.

May import: signalling, errors.
"""
