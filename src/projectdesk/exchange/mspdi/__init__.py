"""Microsoft Project's XML (MSPDI), of Project 2003 to 2019, read and written.

May import: domain, errors, exchange.
"""

from projectdesk.exchange.mspdi.reader import is_mspdi, read_mspdi
from projectdesk.exchange.mspdi.writer import write_mspdi

__all__ = ["is_mspdi", "read_mspdi", "write_mspdi"]
