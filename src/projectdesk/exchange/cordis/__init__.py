"""CORDIS: project XML and the exports (project, organization) as CSV, JSON or ZIP.

`read_export` yields plain records, one consortium at a time; what was odd in the files is in the
`Findings` that it is given. `read_organisations` reads the organisations alone, each once.

May import: domain, errors.
"""

from projectdesk.exchange.cordis.organisations import read_organisations
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
    "read_organisations",
]
