"""Recordings: what a call's media server received, kept without decoding, and made into one film.

While the call lasts, the SFU hands each packet of who agreed to a process of its own
(`projectdesk recorder`), so that a slow disk never holds a packet back:

    feed      frames between the SFU and the recorder    reorder   packets into order again
    vp8, opus what a packet holds, without decoding it   clock     RTP times onto one timeline
    live      one file per track while it is written     process   the recorder itself
    manifest  what is in a recording's folder            finish    live files into one per person
    combine   everybody in one film, decoded and encoded afterwards (`layout`, `sound`, `picture`)

May import: signalling, errors, media.embedded.rtp; av (PyAV) here only.
"""
