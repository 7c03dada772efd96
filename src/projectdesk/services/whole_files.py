"""Files that appear whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from projectdesk.errors import EnvironmentFailure


def whole(out: Path, write: Callable[[Path], object]) -> Path:
    """Write a file beside its place, move it there when it is whole, and return its path.

    Args:
        out: the file; an older one of that name is replaced only by a whole one.
        write: gets the path to write to.

    Raises:
        EnvironmentFailure: `no_such_folder`; `file_not_written`, and what was there before is
            unchanged.
    """
    if not out.parent.is_dir():
        raise EnvironmentFailure(
            "no_such_folder", "There is no folder {folder}.", folder=str(out.parent)
        )
    part = out.with_name(f".{out.name}-{uuid4().hex}")
    try:
        part.touch(exist_ok=False)  # as readable for others as the person's files are
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
