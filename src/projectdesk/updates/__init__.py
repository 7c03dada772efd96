"""Is there a newer version: a signed feed is read, and a person is told; nothing is downloaded.

`feed` is the document and its signature, `checking` reads it from the network and remembers what
was seen, `built` says where this build's feed is. Nothing is sent but the request.

May import: proxies, policy, folders, errors.
"""
