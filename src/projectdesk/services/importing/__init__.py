"""How records of other people's files become records here: matching, updating, counting.

The commands are in `services.commands.imports`; this package holds what they are made of.

May import: store, exchange, domain, errors, services.rows, services.session.
"""
