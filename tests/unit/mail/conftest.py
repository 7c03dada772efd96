"""A server of mail with a certificate of its own."""

from __future__ import annotations

import pytest

from tests.unit.mail.mail_server import Certificate, make_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate of localhost, made once."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))
