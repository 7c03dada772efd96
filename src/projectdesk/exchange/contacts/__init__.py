"""People out of address books: vCard 2.1 to 4.0, CSV of Outlook, Google, Thunderbird, and XLSX.

`read_contacts` yields plain records; what was odd in a file is in the `Findings` that it is given.
The vCard reader is our own: of the 60 real files that it is tested with, vobject, the one library
that reads all three versions, refuses or misreads a fifth.

May import: domain, errors, exchange.
"""

from projectdesk.exchange.contacts.reader import has_people, read_contacts
from projectdesk.exchange.contacts.records import ContactRecord
from projectdesk.exchange.contacts.writer import contacts_form, write_contacts

__all__ = ["ContactRecord", "contacts_form", "has_people", "read_contacts", "write_contacts"]
