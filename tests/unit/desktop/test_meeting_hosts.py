"""Where meetings are held, in the settings and in a meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtWidgets import QPushButton

from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.pages.meeting_hosts import HostsPane
from projectdesk.desktop.presenters.meeting import InviteesPresenter
from projectdesk.desktop.presenters.meeting_hosts import found_words, host_meaning, host_options
from projectdesk.desktop.presenters.meetings import plan_meeting
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.host_check import HostFound, SeenCertificate
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.domain.meetings import MeetingType
from projectdesk.errors import DomainError
from projectdesk.services import meeting_hosts, queries
from projectdesk.services.meeting_hosts import LAN, MeetingHosts, Server
from projectdesk.signalling.control import HostFacts
from tests.unit.desktop.conftest import NOW
from tests.unit.desktop.fake_host import FakeHttp

SERVER = "https://meet.example.org"


def facts(**changes):
    fields = {
        "version": "1.2",
        "protocol": 1,
        "journal": "0" * 32,
        "epoch": 1,
        "public_url": SERVER,
        "local": False,
        "now": datetime.now(UTC),
    }
    return HostFacts(**{**fields, **changes})


# --- the service --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("meet.example.org", SERVER),
        (" https://Meet.Example.org/ ", SERVER),
        ("https://meet.example.org:443", SERVER),
        ("https://meet.example.org:8443", "https://meet.example.org:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_address_is_kept_in_one_way(typed, kept):
    assert meeting_hosts.server_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "http://meet.example.org",
        "https://meet.example.org/r/abcd#token",
        "https://me@meet.example.org",
        "ftp://meet.example.org",
        "https://meet.example.org:99999",
        "two words",
        "https://",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(typed):
    with pytest.raises(DomainError) as refused:
        meeting_hosts.server_address(typed)
    assert refused.value.facts["field"] == "url"


def test_a_key_is_among_the_secrets_and_nowhere_in_the_data(workspace):
    meeting_hosts.keep_server(workspace, "meet.example.org", "", "pdk_very-secret")
    (server,) = meeting_hosts.meeting_hosts(workspace).servers
    assert server == Server(SERVER, "meet.example.org", has_key=True)
    assert workspace.secrets.read(f"host-api-key:{SERVER}") == "pdk_very-secret"
    for file in workspace.data.rglob("*"):
        if file.is_file():
            assert b"pdk_very-secret" not in file.read_bytes(), file
    meeting_hosts.keep_server(workspace, SERVER, "Ours")
    assert meeting_hosts.meeting_hosts(workspace).servers == (Server(SERVER, "Ours", True),)
    meeting_hosts.forget_server(workspace, SERVER)
    assert workspace.secrets.read(f"host-api-key:{SERVER}") is None


def test_new_meetings_are_held_where_it_is_set_while_that_is_known(workspace, instant, sample):
    meeting_hosts.keep_server(workspace, SERVER, "Ours", "pdk_one")
    meeting_hosts.set_default_host(workspace, SERVER)
    values = {
        "project_id": sample.project,
        "type": MeetingType.AD_HOC,
        "date": NOW.date(),
        "time": NOW.time(),
        "zone": "Europe/Copenhagen",
        "title": "Call",
        "duration_minutes": 30,
    }
    made = []
    plan_meeting(instant, values, made.append, pytest.fail)
    assert queries.meeting(workspace, made[0]).host == SERVER
    meeting_hosts.forget_server(workspace, SERVER)
    assert meeting_hosts.default_host(workspace) == ""


# --- words --------------------------------------------------------------------------------------


def test_what_a_place_means_is_said_of_each():
    hosts = MeetingHosts((Server(SERVER, "Ours", True), Server("https://x.org", "X", False)), "")
    meanings = {host_meaning(host, hosts) for host in ("", LAN, SERVER, "https://x.org")}
    assert len(meanings) == 4
    assert "no API key" in host_meaning("https://unknown.org", hosts)
    assert [o.label for o in host_options(hosts, "https://gone.org")][-1] == "gone.org"


def test_what_a_server_answered_is_said_with_its_certificate():
    now = datetime.now(UTC)
    certificate = SeenCertificate("meet.example.org", "An Authority", now + timedelta(days=3))
    found = HostFound(facts(public_url="https://other.org"), certificate, timedelta(minutes=2))
    words, well = found_words(found, SERVER, now)
    assert well
    for part in ("1.2", "An Authority", "ends soon", "clock", "https://other.org"):
        assert part in words
    quiet, _ = found_words(HostFound(facts(), None, timedelta()), SERVER, now)
    assert quiet == "Connected: ProjectDesk 1.2."
    other, well = found_words(HostFound(facts(protocol=9), None, timedelta()), SERVER, now)
    assert not well
    assert "Update" in other


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:20000", "this computer only"),
        ("https://192.168.1.20:20000", "browsers warn"),
        ("https://meet.example.org", ""),
    ],
)
def test_who_copies_a_link_hears_whom_it_does_not_reach(instant, workspace, kick_off, url, said):
    rows = queries.invitations(workspace, kick_off)
    links = {row.id: f"{url}/r/abcd#token" for row in rows}
    copied = []
    presenter = InviteesPresenter(
        instant, SimpleNamespace(), lambda _meeting, then, _failed: then(links), copied.append
    )
    presenter.open(kick_off)
    presenter.copy_links(rows[:1])
    assert copied == [f"{url}/r/abcd#token"]
    words = instant.notices[-1].text
    assert words.endswith("one person only.") if not said else said in words
    presenter.close()


# --- the settings -------------------------------------------------------------------------------


@pytest.fixture
def http(qapp):
    made = FakeHttp()
    yield made
    made.close()


@pytest.fixture
def pane(qtbot, dressed, instant):
    made = HostsPane(instant, {SERVER: False}.get)
    with qtbot.waitExposed(made):
        made.show()
    made.presenter.load()
    yield made
    for dialog in made.findChildren(Dialog):
        dialog.reject()
    made.close()
    made.deleteLater()


def test_a_server_is_tried_then_kept(qtbot, pane, http, workspace):
    http.body = msgspec.json.encode(facts(public_url=http.address.url))
    dialog = pane.ask_server(None)
    dialog.submit()
    assert "API key" in dialog._problem.text()
    dialog.url.setText(http.address.url)
    dialog.name.setText("Ours")
    dialog.key.setText("pdk_one")
    dialog.try_it()
    qtbot.waitUntil(lambda: "Connected" in dialog.outcome.text())
    assert http.asked[-1].authorization == "bearer pdk_one"
    with qtbot.waitSignal(pane.changed) as changed:
        dialog.submit()
    assert changed.args == [http.address.url]
    assert meeting_hosts.meeting_hosts(workspace).servers[0].name == "Ours"


def test_a_refused_key_and_a_bad_address_are_said_in_the_dialog(qtbot, pane, http):
    http.status = 401
    http.body = b'{"type":"problem","code":"key_unknown","text":"The API key is wrong."}'
    dialog = pane.ask_server(None)
    dialog.url.setText("ftp://x")
    dialog.key.setText("pdk_one")
    dialog.try_it()
    assert "address like" in dialog._problem.text()
    dialog.url.setText(http.address.url)
    dialog.try_it()
    qtbot.waitUntil(lambda: "wrong" in dialog._problem.text())
    assert dialog.test.isEnabled()
    dialog.reject()


def test_a_known_key_is_tried_without_being_shown(qtbot, pane, http, workspace):
    url = http.address.url
    http.body = msgspec.json.encode(facts(public_url=url))
    meeting_hosts.keep_server(workspace, url, "Ours", "pdk_kept")
    pane.presenter.load()
    dialog = pane.ask_server(meeting_hosts.meeting_hosts(workspace).servers[0])
    assert dialog.key.text() == ""
    dialog.try_it()
    qtbot.waitUntil(lambda: "Connected" in dialog.outcome.text())
    assert http.asked[-1].authorization == "bearer pdk_kept"
    dialog.submit()
    assert workspace.secrets.read(meeting_hosts.key_name(url)) == "pdk_kept"


def test_servers_show_whether_they_answer_and_can_be_forgotten(pane, workspace, qtbot):
    meeting_hosts.keep_server(workspace, SERVER, "Ours", "pdk_one")
    pane.presenter.load()

    def states():
        return [chip.words for chip in pane.findChildren(Chip) if chip.isVisible()]

    qtbot.waitUntil(lambda: states() == ["No answer"])
    pane.ask_forget(meeting_hosts.meeting_hosts(workspace).servers[0])
    (dialog,) = pane.window().findChildren(Dialog)
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Forget").click()
    assert meeting_hosts.meeting_hosts(workspace).servers == ()


def test_the_certificate_of_the_network_is_saved_without_its_key(pane, tmp_path: Path, instant):
    out = tmp_path / "authority.crt"
    pane.presenter.save_authority(out)
    text = out.read_text(encoding="ascii")
    assert "BEGIN CERTIFICATE" in text
    assert "PRIVATE KEY" not in text
    assert "SHA-256" in instant.notices[-1].text


# --- a meeting ----------------------------------------------------------------------------------


def test_moving_a_meeting_is_asked_about_and_can_be_left(
    on_screen, instant, reader, workspace, kick_off
):
    meeting_hosts.keep_server(workspace, SERVER, "Ours", "pdk_one")
    page = on_screen(MeetingPage(instant, reader, lambda *_: None))
    page.open(Route(Place.MEETING, kick_off, tab="details"))
    editor = page.details.form.rows["host"].editor
    editor.setCurrentIndex(editor._values.index(SERVER))
    editor._chosen()
    (dialog,) = page.window().findChildren(Dialog)
    dialog.reject()
    assert queries.meeting(workspace, kick_off).host == ""
    assert editor.value() == ""
    editor.setCurrentIndex(editor._values.index(SERVER))
    editor._chosen()
    dialog = page.window().findChildren(Dialog)[-1]
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Move the meeting").click()
    assert queries.meeting(workspace, kick_off).host == SERVER
    assert page.details.meaning.text().startswith("Guests anywhere")
