from __future__ import annotations

import pytest

from projectdesk.commandline.serving import media
from projectdesk.errors import DomainError
from projectdesk.media.janus.settings import JanusSettings, read_nodes
from projectdesk.secrets.environment import EnvironmentSecrets


def test_nodes_are_named_by_their_websocket_urls():
    assert read_nodes("janus:ws://one:8188, wss://two/janus") == (
        "ws://one:8188",
        "wss://two/janus",
    )


@pytest.mark.parametrize(
    "text",
    [
        "janus:",
        "janus:http://one",
        "janus:ws://",
        "janus:ws://one:0x",
        "janus:,",
        "ws://one",
        "none",
    ],
)
def test_what_names_no_node_is_refused(text):
    with pytest.raises(DomainError) as caught:
        read_nodes(text)
    assert caught.value.code == "bad_media"


def test_the_secrets_of_nodes_come_from_where_an_administrator_put_them(tmp_path):
    environment = {"PROJECTDESK_SECRET_JANUS_ADMIN_KEY": "key"}
    settings = media("janus:ws://one:8188", EnvironmentSecrets(tmp_path, environment))
    assert settings == JanusSettings(("ws://one:8188",), "key", None)
    assert "key" not in repr(settings).replace("admin_key", "")
    assert media("embedded", EnvironmentSecrets(tmp_path, environment)) == "embedded"
