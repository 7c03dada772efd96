"""What documents say, read out of the data: frozen content that the outlines put in order.

May import: queries, store, domain, exchange.
"""
