"""Type into the notes of a meeting until killed; say after each letter when it was typed.

Arguments: data folder, id of the meeting, id of the agenda item.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from uuid import UUID

from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.notes import open_notes
from projectdesk.services.workspace import Workspace

LETTERS_A_SECOND = 40


def main(data: Path, meeting: UUID, item: UUID) -> None:
    notes = open_notes(Workspace.open(data, secrets=MemorySecrets()), meeting)
    typed = 0
    while True:
        notes.edit(item, typed, 0, "abcdefghij"[typed % 10])
        typed += 1
        print(typed, time.monotonic(), flush=True)
        time.sleep(1 / LETTERS_A_SECOND)


if __name__ == "__main__":
    main(Path(sys.argv[1]), UUID(sys.argv[2]), UUID(sys.argv[3]))
