"""CORDIS: project XML and the exports (project, organization) as CSV, JSON or ZIP.

`read_export` yields plain records, one consortium at a time; what was odd in the files is in the
`Findings` that it is given.

May import: domain, errors.
"""

from projectdesk.exchange.cordis.reader import Tick, read_export
from projectdesk.exchange.cordis.records import (
    ConsortiumRecord,
    OrganisationRecord,
    ParticipationRecord,
    ProjectRecord,
)

__all__ = [
    "ConsortiumRecord",
    "OrganisationRecord",
    "ParticipationRecord",
    "ProjectRecord",
    "Tick",
    "read_export",
]
