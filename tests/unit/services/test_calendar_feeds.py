"""Addresses to subscribe to: made, renewed, revoked, and what a host is given."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest

from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands
from projectdesk.services.calendar_feeds import (
    feed,
    feed_desks,
    feed_host_key,
    feed_link,
    feeds,
    hosted_feeds,
)
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import DeskSnapshot, FeedSnapshot
from tests.unit.services.test_calendar import add_meeting

SERVER = "https://meet.example.org"


def sent(workspace: Workspace, feed_id) -> DeskSnapshot:
    ((_, snapshot),) = feed_desks(workspace, feed_id).desks
    return snapshot


def token(url: str) -> str:
    return url.rpartition("/")[2].removesuffix(".ics")


def test_a_host_is_given_the_meetings_and_the_hash_of_the_address(workspace, project_id):
    add_meeting(workspace, project_id, "2026-03-10T10:00", title="Ours")
    made, _ = commands.create_feed(workspace, "  Our   meetings ", project_id, SERVER)
    row = feed(workspace, made)
    assert (row.name, row.project, row.host) == ("Our meetings", "AQUA", SERVER)
    assert feed_desks(workspace, made).host == SERVER
    link = feed_link(workspace, made, SERVER + "/")
    assert link is not None
    assert link.url.startswith(f"{SERVER}/d/{row.desk}/feed/")
    assert link.webcal == link.url.replace("https:", "webcal:")
    snapshot = sent(workspace, made)
    assert snapshot.token_hash == hashlib.sha256(token(link.url).encode()).hexdigest()
    assert snapshot.deadline is None
    assert isinstance(snapshot.form, FeedSnapshot)
    assert "SUMMARY:Ours" in snapshot.form.content
    assert token(link.url) not in snapshot.form.content


def test_a_new_address_is_another_and_a_revoked_one_is_none(workspace):
    made, _ = commands.create_feed(workspace, "All", host=SERVER)
    first = feed_link(workspace, made, SERVER)
    assert not commands.renew_feed(workspace, made).change_id, "it cannot be undone"
    second = feed_link(workspace, made, SERVER)
    assert first is not None
    assert second is not None
    assert token(first.url) != token(second.url)
    commands.revoke_feed(workspace, made)
    assert feed_link(workspace, made, SERVER) is None
    snapshot = sent(workspace, made)
    assert snapshot.token_hash == ""
    assert isinstance(snapshot.form, FeedSnapshot)
    assert snapshot.form.content == "", "a host need not keep what nobody may read"
    commands.renew_feed(workspace, made)
    third = feed_link(workspace, made, SERVER)
    assert third is not None
    assert token(third.url) not in {token(first.url), token(second.url)}


def test_a_feed_needs_a_name_and_a_project_that_is_there(workspace):
    with pytest.raises(DomainError) as caught:
        commands.create_feed(workspace, "  ")
    assert caught.value.facts["field"] == "name"
    with pytest.raises(NotFound):
        commands.create_feed(workspace, "All", uuid4())
    assert feeds(workspace) == []
    for run in (commands.renew_feed, commands.revoke_feed):
        with pytest.raises(NotFound):
            run(workspace, uuid4())
    with pytest.raises(NotFound):
        feed_desks(workspace, uuid4())


def test_a_copied_feed_goes_to_no_host_before_it_has_an_address_of_its_own(workspace, project_id):
    made, _ = commands.create(
        workspace, Kind.CALENDAR_FEED, {"project_id": project_id, "name": "Copied"}
    )
    assert hosted_feeds(workspace) == []
    assert feed(workspace, made).host is None
    commands.renew_feed(workspace, made)
    assert hosted_feeds(workspace) == [made]
    assert feed(workspace, made).host == ""
    assert feed_host_key(made).endswith(".host")


def test_a_deleted_feed_comes_back_with_the_same_address(workspace):
    made, _ = commands.create_feed(workspace, "All", host=SERVER)
    before = feed_link(workspace, made, SERVER)
    commands.delete(workspace, Kind.CALENDAR_FEED, made, feed(workspace, made).version)
    assert hosted_feeds(workspace) == []
    commands.undo(workspace)
    assert feed_link(workspace, made, SERVER) == before
