"""Where the files that are not code lie.

From source they lie in `resources/` beside `src/`; in an installed wheel or a bundle they lie in
`projectdesk/_resources`. This module imports nothing of the project.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """Return the folder of resources (`web`, `templates`, `i18n`, `icons`, `samples`).

    Raises:
        FileNotFoundError: neither place exists; the installation is broken.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_resources", package.parents[1] / "resources"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"no resources beside {package}")


def path(*parts: str) -> Path:
    """Return the path of one resource, e.g. `path("web", "call.html")`."""
    return root().joinpath(*parts)
