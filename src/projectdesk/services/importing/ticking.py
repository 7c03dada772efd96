"""How far an import is, and the way to stop it."""

from __future__ import annotations

from collections.abc import Callable

from projectdesk.errors import DomainError


def ticking(
    progress: Callable[[int, int], None] | None, cancelled: Callable[[], bool] | None
) -> Callable[[int, int], None]:
    """Return what an import calls at each step with what is done and what there is in all.

    Args:
        progress: told both, on this thread.
        cancelled: asked first; True ends the import.

    Raises:
        DomainError: `import_cancelled`, out of the returned function.
    """

    def tick(done: int, total: int) -> None:
        if cancelled is not None and cancelled():
            raise DomainError("import_cancelled", "The import was cancelled: nothing was changed.")
        if progress is not None:
            progress(done, total)

    return tick
