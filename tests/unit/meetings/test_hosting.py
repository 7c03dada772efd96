from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from projectdesk.domain.identity import new_id
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import call_rules
from projectdesk.services.commands.invitations import renew_invitation, revoke_invitation
from projectdesk.services.hosting import desk_snapshots, personal_links, room_snapshot
from projectdesk.services.link_keys import secret_name
from projectdesk.services.queries.meetings import agenda, invitations, meeting
from projectdesk.signalling import codec
from projectdesk.signalling.control import RoomSnapshot
from projectdesk.signalling.desk import DeskSnapshot, InvitationSnapshot

HOST = "https://meet.example.org"


def links(workspace, meeting_id) -> dict[str, tuple[str, str]]:
    found = personal_links(workspace, meeting_id, HOST + "/")
    return {link.name.split()[0]: (link.url, link.desk_url) for link in found}


def token_of(url: str) -> str:
    return url.partition("#")[2]


def test_a_link_is_the_same_each_time_and_one_per_person(workspace, kick_off):
    first = links(workspace, kick_off)
    assert links(workspace, kick_off) == first
    assert len({url for url, _ in first.values()}) == 5
    room = meeting(workspace, kick_off).room
    rows = {row.name.split()[0]: row for row in invitations(workspace, kick_off)}
    for name, (url, desk_url) in first.items():
        assert url.startswith(f"{HOST}/r/{room}#")
        assert desk_url == f"{HOST}/d/{rows[name].desk}#{token_of(url)}"
        assert len(token_of(url)) == 43


def test_a_host_gets_hashes_that_open_to_the_links_and_nothing_else(workspace, kick_off):
    room = room_snapshot(workspace, kick_off)
    desks = dict(desk_snapshots(workspace, kick_off))
    tokens = {token_of(url) for url, _ in links(workspace, kick_off).values()}
    hashes = {hashlib.sha256(token.encode()).hexdigest() for token in tokens}
    assert {invitee.token_hash for invitee in room.invitees} == hashes
    assert {desk.token_hash for desk in desks.values()} == hashes
    wire = codec.encode(room) + b"".join(codec.encode(desk) for desk in desks.values())
    assert not any(token.encode() in wire for token in tokens)
    assert b"example.org" not in wire, "a host needs no mail addresses"


def test_a_room_takes_files_as_large_as_they_may_be(workspace, kick_off):
    assert room_snapshot(workspace, kick_off).rules.file_megabytes == 25
    call_rules.set_file_megabytes(workspace, 0)
    assert room_snapshot(workspace, kick_off).rules.file_megabytes == 0
    call_rules.set_file_megabytes(workspace, 3)  # none of the choices
    assert room_snapshot(workspace, kick_off).rules.file_megabytes == 25


def test_a_room_knows_its_meeting(workspace, kick_off):
    room = room_snapshot(workspace, kick_off)
    assert codec.decode_as(codec.encode(room), RoomSnapshot) == room
    row = meeting(workspace, kick_off)
    assert (room.meeting, room.title, room.project) == (kick_off.hex, "Kick-off meeting", "TIDE")
    assert (room.local_start, room.zone) == ("2026-03-10T10:00", "Europe/Copenhagen")
    assert (room.starts_at, room.duration_minutes) == (row.starts_at, row.duration_minutes)
    assert room.organiser == "Maya Test"
    people = {invitee.name: invitee for invitee in room.invitees}
    assert people["Maya Test"].role == "chair"
    kiri = people["Kiri Test"]
    assert (kiri.organisation, kiri.country, kiri.zone) == ("FIRM", "NZ", "Pacific/Auckland")
    items = agenda(workspace, kick_off)
    assert [item.id for item in room.agenda] == [row.id.hex for row in items]
    assert [item.number for item in room.agenda] == [row.label for row in items]
    presenters = {item.title: item for item in room.agenda}
    assert presenters["WP4 Work 4"].presenter == "Kiri Test"
    assert presenters["WP4 Work 4"].presenter_participant == kiri.id
    assert presenters["WP3 Work 3"].presenter == "GHOST"
    assert presenters["WP3 Work 3"].presenter_participant is None
    groups = {group.name: group.people for group in room.proposed_groups}
    assert kiri.id in groups["WP4 Work 4"]
    everybody = [person for group in groups.values() for person in group]
    assert len(set(everybody)) == len(everybody)
    assert set(everybody) <= {invitee.id for invitee in room.invitees}


def test_a_desk_is_the_form_of_its_invitee(workspace, kick_off):
    rows = {row.desk: row for row in invitations(workspace, kick_off)}
    desks = desk_snapshots(workspace, kick_off)
    assert {desk for desk, _ in desks} == rows.keys()
    for public_id, desk in desks:
        assert codec.decode_as(codec.encode(desk), DeskSnapshot) == desk
        assert desk.subject == rows[public_id].id.hex
        assert desk.deadline is None
        assert isinstance(desk.form, InvitationSnapshot)
        assert desk.form.name == rows[public_id].name
        assert desk.form.role == rows[public_id].role.value
        assert desk.form.opens_at == desk.form.starts_at - timedelta(minutes=30)
        assert desk.form.room == meeting(workspace, kick_off).room
        assert desk.form.agenda[0] == "1. Welcome and purpose of the meeting"


def test_a_revoked_link_is_none_and_its_hash_is_empty(workspace, kick_off):
    row = next(row for row in invitations(workspace, kick_off) if row.name == "Rui Test")
    revoke_invitation(workspace, row.id, row.version)
    assert "Rui" not in links(workspace, kick_off)
    room = room_snapshot(workspace, kick_off)
    assert [i.token_hash for i in room.invitees if i.name == "Rui Test"] == [""]
    assert dict(desk_snapshots(workspace, kick_off))[row.desk].token_hash == ""
    item = next(item for item in room.agenda if item.presenter == "Rui Test")
    assert item.presenter_participant is None


def test_a_renewed_link_is_another(workspace, kick_off):
    before = links(workspace, kick_off)
    row = next(row for row in invitations(workspace, kick_off) if row.name == "Rui Test")
    renew_invitation(workspace, row.id, row.version)
    after = links(workspace, kick_off)
    assert after["Rui"] != before["Rui"]
    assert {name: link for name, link in after.items() if name != "Rui"} == {
        name: link for name, link in before.items() if name != "Rui"
    }


def test_a_damaged_link_key_is_not_replaced_behind_peoples_backs(workspace, kick_off):
    name = secret_name(workspace.database_id)
    workspace.secrets.write(name, "damaged")
    with pytest.raises(DomainError) as caught:
        links(workspace, kick_off)
    assert caught.value.code == "bad_link_key"
    assert workspace.secrets.read(name) == "damaged"


def test_a_meeting_that_is_not_there_has_no_room(workspace):
    for ask in (room_snapshot, desk_snapshots):
        with pytest.raises(NotFound):
            ask(workspace, new_id())


def test_a_room_knows_sections_breaks_and_when_each_item_is_planned(workspace, kick_off):
    items = room_snapshot(workspace, kick_off).agenda
    rows = agenda(workspace, kick_off)
    assert [item.starts_at for item in items] == [row.starts_at for row in rows]
    assert items[0].section == "Opening"
    (pause,) = [item for item in items if item.kind == "break"]
    assert (pause.number, pause.title, pause.track, pause.day) == ("", "Break", "", 1)
    desk = desk_snapshots(workspace, kick_off)[0][1].form
    assert not [line for line in desk.agenda if "Break" in line]
