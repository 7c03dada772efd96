"""A program that dies at any moment loses nothing that it was told is saved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.workspace import Workspace
from projectdesk.store import backup, schema
from projectdesk.store.engine import database_path

_WRITER = """
import sys
from pathlib import Path
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.commands import create
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
workspace = Workspace.open(Path(sys.argv[1]), secrets=MemorySecrets())
while True:
    print(create(workspace, Kind.PROJECT, {"acronym": "X"})[0], flush=True)
"""


def test_what_was_saved_survives_a_kill(tmp_path: Path) -> None:
    saved = []
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            saved.append(line.strip())
            if len(saved) == 20:
                writer.kill()
        # What was already in the pipe counts as said, too.
    with Workspace.open(tmp_path, secrets=MemorySecrets()) as workspace:
        with workspace.read() as session:
            found = {str(each) for each in session.scalars(select(schema.project.c.id))}
            searchable = len(session.execute(select(schema.search_entry)).all())
            told = len(session.execute(select(schema.history)).all())
        assert set(saved) <= found
        assert searchable == told == len(found)
    backup.check(database_path(tmp_path))
