"""Let atheris look for what breaks a target: `python -m tests.fuzz.with_atheris TARGET ...`."""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(
    include=["projectdesk.media", "projectdesk.signalling", "projectdesk.room", "aioice.stun"]
):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Run until the time given by `-max_total_time` is over, or something breaks."""
    target = TARGETS[sys.argv[1]]
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
