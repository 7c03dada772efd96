"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from projectdesk.errors import EnvironmentFailure


def whole(out: Path, write: Callable[[Path], object]) -> Path:
    """Write a file beside its place, move it there when it is whole, and return its path.

    Args:
        out: the file; an older one of that name is replaced only by a whole one.
        write: gets the path to write to.

    Raises:
        EnvironmentFailure: `file_not_written`; what was there before is unchanged.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}-")
        os.close(handle)
        part = Path(name)
        try:
            write(part)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentFailure(
            "file_not_written",
            "The file {file} could not be written ({reason}). What was there before is unchanged.",
            file=str(out),
            reason=error.strerror or str(error),
        ) from error
    return out
