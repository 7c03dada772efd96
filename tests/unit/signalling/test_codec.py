from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.errors import LocalProtocolError, RemoteProtocolError
from projectdesk.signalling import call, codec, control, desk


def test_client_fixtures_survive_a_round_trip(client_fixture):
    message = codec.decode_client(json.dumps(client_fixture))
    assert json.loads(codec.encode(message)) == client_fixture
    assert codec.tag_of(message) == client_fixture["type"]


def test_host_fixtures_survive_a_round_trip(host_fixture):
    message = codec.decode_host(json.dumps(host_fixture))
    assert json.loads(codec.encode(message)) == host_fixture


def test_desk_fixtures_survive_a_round_trip(desk_fixture):
    struct = getattr(desk, desk_fixture["struct"])
    message = codec.decode_as(json.dumps(desk_fixture["message"]), struct)
    assert json.loads(codec.encode(message)) == desk_fixture["message"]


def test_call_http_fixtures_survive_a_round_trip(call_http_fixture):
    struct = getattr(call, call_http_fixture["struct"])
    message = codec.decode_as(json.dumps(call_http_fixture["message"]), struct)
    assert json.loads(codec.encode(message)) == call_http_fixture["message"]


def test_every_message_of_the_socket_has_a_fixture(request):
    from tests.unit.signalling.conftest import fixture

    for name, union in (("client", call.ClientMessage), ("host", call.HostMessage)):
        tags = {member.__struct_config__.tag for member in union.__args__}
        assert {message["type"] for message in fixture(name)} == tags


def test_bad_messages_are_refused_with_their_code(client_bad_fixture):
    with pytest.raises(RemoteProtocolError) as caught:
        codec.decode_client(client_bad_fixture["raw"])
    assert caught.value.code == client_bad_fixture["code"]


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_garbage_never_escapes_as_anything_else(raw):
    with pytest.raises(RemoteProtocolError) as caught:
        codec.decode_client(raw)
    assert caught.value.code in {"not_json", "unknown_message", "bad_message"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "sdp", "sources", "item", "version", "feeds", "n"]),
                inner | st.sampled_from(["hello", "publish", "startItem", "want", "ping"]),
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_json_is_decoded_encodes_again(value):
    try:
        message = codec.decode_client(json.dumps(value))
    except RemoteProtocolError:
        return
    assert codec.decode_client(codec.encode(message)) == message


def test_only_sdp_may_be_large():
    long = "x" * call.MAX_MESSAGE
    publish = call.Publish(sdp=long, sources={})
    assert codec.decode_client(codec.encode(publish)) == publish
    with pytest.raises(RemoteProtocolError) as caught:
        codec.decode_client(codec.encode(call.StartItem(item=long)))
    assert caught.value.code == "message_too_large"
    with pytest.raises(RemoteProtocolError) as caught:
        codec.decode_client(codec.encode(call.Publish(sdp="x" * call.MAX_SDP, sources={})))
    assert caught.value.code == "message_too_large"


def test_size_counts_octets_not_characters():
    with pytest.raises(RemoteProtocolError) as caught:
        codec.decode('"' + "ß" * 10 + '"', str, limit=20)
    assert caught.value.code == "message_too_large"


def test_deep_nesting_is_refused():
    with pytest.raises(RemoteProtocolError):
        codec.decode_client('{"type":"want","feeds":' + "[" * 5000)


def test_a_lone_surrogate_is_refused():
    with pytest.raises(RemoteProtocolError) as caught:
        codec.decode_client('{"type":"startItem","item":"\ud800"}')
    assert caught.value.code == "not_json"


def test_a_time_without_offset_is_refused():
    snapshot = {
        "meeting": "m",
        "title": "t",
        "project": "p",
        "organiser": "o",
        "startsAt": "2026-03-02T09:00:00",
        "localStart": "2026-03-02T10:00",
        "zone": "Europe/Copenhagen",
        "durationMinutes": 60,
        "agenda": [],
        "invitees": [],
    }
    with pytest.raises(RemoteProtocolError) as caught:
        codec.decode(json.dumps(snapshot), control.RoomSnapshot)
    assert caught.value.code == "bad_message"
    aware = codec.decode(
        json.dumps({**snapshot, "startsAt": "2026-03-02T09:00:00Z"}), control.RoomSnapshot
    )
    assert aware.rules == control.RoomRules()


def test_what_the_wire_cannot_carry_is_our_bug():
    class Odd(msgspec.Struct):
        value: object

    with pytest.raises(LocalProtocolError):
        codec.encode(Odd(value=object()))


def test_refusals_do_not_echo_long_input():
    with pytest.raises(RemoteProtocolError) as caught:
        codec.decode_client(json.dumps({"type": "z" * 10_000}))
    assert len(caught.value.text) < 300
