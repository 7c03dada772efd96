"""The dialog of addresses to subscribe to, and the desks that follow the meetings."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from projectdesk.desktop.pages.subscribe_dialog import SubscribeDialog
from projectdesk.desktop.runtime.feed_desks import FeedDesks
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.errors import EnvironmentFailure
from projectdesk.services import calendar_feeds, commands, meeting_hosts, queries
from projectdesk.services.rows import Kind
from projectdesk.signalling.desk import FeedSnapshot
from tests.unit.desktop.conftest import choose, enter
from tests.unit.desktop.runtime.test_effort_desks import Hosts

SERVER = "https://meet.example.org"


class Feeds:
    """Stands for the hosts: each calendar is read at once, or none."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.silent = False
        self.published = []

    def publish(self, owner, then, failed):
        self.published.append(owner)
        if self.silent:
            failed(EnvironmentFailure("host_unreachable", "The host does not answer."))
            return
        row = calendar_feeds.feed(self.workspace, owner)
        link = calendar_feeds.feed_link(self.workspace, owner, row.host or "http://here")
        then(() if link is None else (link,))


@pytest.fixture
def opened(qtbot, session, settle, workspace, sample, dressed):
    meeting_hosts.keep_server(workspace, SERVER, "Computing centre", "pdk_key")
    desks = Feeds(workspace)
    dialogs = []

    def open_dialog(project=None):
        dialog = SubscribeDialog(None, session, desks, project)
        dialogs.append(dialog)
        dialog.open()
        settle()
        return dialog

    open_dialog.desks = desks  # type: ignore[attr-defined]
    yield open_dialog
    for dialog in dialogs:
        dialog.accept()
    settle()


def test_an_address_is_made_shown_and_copied(opened, settle, session, workspace, sample):
    notices = []
    session.noticed.connect(notices.append)
    dialog = opened(sample.project)
    assert dialog.form.rows["name"].editor.value() == "AURORA"
    choose(dialog.form.rows["host"].editor, SERVER)
    assert "always" in dialog.reach.text()
    dialog.make.click()
    settle()
    (row,) = calendar_feeds.feeds(workspace)
    assert (row.name, row.project_id, row.host) == ("AURORA", sample.project, SERVER)
    card = dialog.cards[row.id]
    link = calendar_feeds.feed_link(workspace, row.id, SERVER)
    assert card.link.text() == link.url
    card.copy.click()
    assert QGuiApplication.clipboard().text() == link.url
    assert "AURORA" in notices[-1].text
    assert link.url not in notices[-1].text


def test_this_computer_says_when_it_is_read(opened, workspace, settle):
    dialog = opened()
    assert "only while ProjectDesk runs" in dialog.reach.text()
    dialog.make.click()
    settle()
    (row,) = calendar_feeds.feeds(workspace)
    assert row.project_id is None
    assert "only while ProjectDesk runs" in dialog.cards[row.id].note.text()


def test_without_a_name_nothing_is_made(opened, workspace, settle):
    dialog = opened()
    enter(dialog.form, name=" ")
    dialog.make.click()
    settle()
    assert calendar_feeds.feeds(workspace) == []
    assert dialog.make.isEnabled()


def yes(dialog):
    (asked,) = [d for d in dialog.findChildren(Dialog) if d.isVisible()]
    asked.buttons.itemAt(asked.buttons.count() - 1).widget().click()


def test_an_address_ends_and_begins_anew_after_a_yes(opened, workspace, settle):
    made, _ = commands.create_feed(workspace, "All", host=SERVER)
    dialog = opened()
    first = dialog.cards[made].link.text()
    dialog.cards[made]._ask_revoke()
    yes(dialog)
    settle()
    assert calendar_feeds.feed(workspace, made).revoked
    assert opened.desks.published[-1] == made, "its host is told at once"
    assert not dialog.cards[made].copy.isVisible()
    dialog.cards[made]._ask_renew()
    yes(dialog)
    settle()
    assert dialog.cards[made].link.text() not in ("", first)


def test_a_host_that_does_not_answer_is_said(opened, workspace):
    made, _ = commands.create_feed(workspace, "All", host=SERVER)
    opened.desks.silent = True
    dialog = opened()
    card = dialog.cards[made]
    assert (card.link.text(), card.link.placeholderText()) == ("", "The host does not answer.")
    assert not card.copy.isEnabled()


@pytest.mark.full
def test_a_calendar_is_sent_again_when_a_meeting_changes_and_taken_back_when_it_is_deleted(
    qtbot, qapp, instant, workspace, tmp_path, kick_off
):
    workspace.secrets.durable = True
    hosts = Hosts()
    desks = FeedDesks(hosts, instant, tmp_path)
    made, _ = commands.create_feed(workspace, "All", host=SERVER)
    place = hosts.at(SERVER)

    def content():
        forms = [desk.form for desk in place.desks.values()]
        return forms[0].content if forms and isinstance(forms[0], FeedSnapshot) else ""

    qtbot.waitUntil(lambda: "DTSTART;TZID=Europe/Copenhagen:20270401T100000" in content())
    version = queries.meeting(workspace, kick_off).version
    commands.set_fields(workspace, Kind.MEETING, kick_off, version, {"title": "Beginning"})
    qtbot.waitUntil(lambda: ": Beginning" in content())
    sent = len(place.sent)
    commands.create(workspace, Kind.PERSON, {"family_name": "Nobody"})
    assert len(place.sent) == sent
    feed = calendar_feeds.feed(workspace, made)
    commands.delete(workspace, Kind.CALENDAR_FEED, made, feed.version)
    qtbot.waitUntil(lambda: not place.desks)
    desks.stop()
    desks.deleteLater()
