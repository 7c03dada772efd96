"""Ways of a test, and a proxy that is really there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from projectdesk import proxies
from projectdesk.proxies import ProxySettings, Ways
from tests.support.proxy_server import ProxyServer, running

Using = Callable[..., Ways]


@pytest.fixture
def using() -> Iterator[Using]:
    """Return what makes settings those of this process: `using(settings, **secrets by name)`."""

    def use(settings: ProxySettings, secrets: dict[str, str] | None = None) -> Ways:
        ways = Ways(settings, (secrets or {}).get)
        proxies.use(lambda: ways)
        return proxies.current()

    yield use
    proxies.use(None)


@pytest.fixture
def proxy() -> Iterator[ProxyServer]:
    with running(ProxyServer()) as server:
        yield server
