"""The audit trail of a written procedure, written to a file: as a table, or as a document."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

from projectdesk.services import queries
from projectdesk.services.audit_files import export_procedure_trail as write_table
from projectdesk.services.documents.languages import document_language
from projectdesk.services.documents.trails import procedure_trail
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace

_TABLES: Final = frozenset({"csv", "json"})


def export_procedure_trail(
    workspace: Workspace, vote_id: UUID, out: Path, language: str = ""
) -> int:
    """Write the trail of a procedure to a file, by its ending; return how many steps.

    Args:
        workspace: the open data.
        vote_id: which procedure.
        out: .csv or .json, as it is in the data; .pdf, .docx, .md or .html as a document.
        language: of a document; "" = by `document_language`.

    Raises:
        NotFound: no such procedure.
        DomainError: `unknown_format`, `unknown_language`.
        EnvironmentFailure: `file_not_written`.
    """
    form = out.suffix.lstrip(".").lower()
    if form in _TABLES:
        return write_table(workspace, vote_id, out, form)
    # What documents need loads when it is needed.
    from projectdesk.exchange.documents.trail_outline import of_procedure
    from projectdesk.services.commands.documents import write_outline

    spoken = document_language(workspace, language)
    content = procedure_trail(workspace, vote_id, spoken)
    now, me = workspace.now(), queries.me(workspace)
    made = of_procedure(content, now=now, language=spoken)
    whole(out, lambda path: write_outline(made, path, form, me.name if me else "", now))
    return len(content.trail.steps)
