"""One function per use case.

`commands` change data in one transaction and return what changed; `queries` return frozen rows.
No entity or session leaves this package.

May import: store, exchange, mail, text, secrets, domain, signalling.journal, signalling.control,
signalling.desk, errors, resources.
"""
