"""Messages and the servers that carry them.

`address` and `message` make a mail of its parts and read them back. No database and no settings are
in here: `services.outbox` keeps what is to be sent.

May import: domain, proxies, errors.
"""
