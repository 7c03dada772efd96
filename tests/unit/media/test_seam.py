from __future__ import annotations

import pytest
from aioice import Connection

from projectdesk.errors import EnvironmentFailure
from projectdesk.media.embedded import _aiortc_seam
from projectdesk.media.embedded.udp import list_addresses


def test_the_installed_libraries_fit():
    _aiortc_seam.check_hooks()


def test_other_libraries_are_named_with_what_they_lack(monkeypatch):
    monkeypatch.setattr(_aiortc_seam, "_HOOKS", (*_aiortc_seam._HOOKS, (Connection, "gone")))
    with pytest.raises(EnvironmentFailure) as caught:
        _aiortc_seam.check_hooks()
    assert caught.value.code == "media_library_mismatch"
    assert "Connection.gone" in caught.value.text
    assert "aiortc 1.16" in caught.value.text


def test_loopback_is_the_last_resort():
    addresses = list_addresses()
    loopback = [address in ("127.0.0.1", "::1") for address in addresses]
    assert "127.0.0.1" in addresses
    assert loopback == sorted(loopback)
