"""The proxies of a command: those of the data folder that it works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from projectdesk import proxies


@contextmanager
def way_out(data: str | None) -> Iterator[None]:
    """Let what runs within take this computer's ways; nothing is read before it connects.

    Args:
        data: the data folder as it was given; None = the usual one.
    """

    def make() -> proxies.Ways:
        from projectdesk import secrets
        from projectdesk.bootstrap import data_folder
        from projectdesk.proxies.settings import in_force, load

        folder = data_folder(data)

        def secret(name: str) -> str | None:
            return secrets.choose(folder).read(name)

        return proxies.Ways(in_force(load(folder)), secret)

    proxies.use(make)
    try:
        yield
    finally:
        proxies.use(None)
