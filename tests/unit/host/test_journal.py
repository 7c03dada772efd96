from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from projectdesk.errors import Conflict, EnvironmentFailure, NotFound
from projectdesk.host.journal import desks, entries, keys, rooms, tables
from projectdesk.host.journal.database import claimed, default_url, open_database
from projectdesk.host.journal.worker import JournalThread
from projectdesk.signalling import journal
from projectdesk.signalling.desk import DeskSnapshot, InvitationAnswer, InvitationSnapshot
from tests.unit.host.conftest import NOW
from tests.unit.room.conftest import snapshot


def key(connection, name="desktop"):
    return keys.find(connection, keys.add(connection, name, NOW))


def joined(number, at=NOW):
    return at, journal.PersonJoined(invitation=f"{number:032x}", name="Ada")


def facts(batch):
    return [entry.fact for entry in batch.entries]


def found(connection, desk):
    stored = desks.find(connection, desk)
    assert stored is not None
    return stored


def desk_snapshot(**changes):
    form = InvitationSnapshot(
        room="k3jq8w2xz0",
        title="Kick-off",
        project="TIDEWATER",
        name="Ada",
        organisation="Org",
        role="participant",
        organiser="Ida",
        starts_at=NOW,
        local_start="2026-03-02T10:00",
        zone="Europe/Copenhagen",
        duration_minutes=60,
        opens_at=NOW,
        agenda=[],
    )
    fields = {"subject": "s", "token_hash": "a" * 64, "deadline": None, "form": form}
    return DeskSnapshot(**{**fields, **changes})


def test_the_migrations_make_the_tables_of_the_model(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_what_sqlite_confirmed_survives_a_power_cut(tmp_path):
    engine = open_database(default_url(tmp_path))
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    engine.dispose()


def test_a_database_knows_which_journal_it_is(engine, journal_url):
    with engine.connect() as connection:
        first = entries.identity(connection)
    engine.dispose()
    again = open_database(journal_url)
    with again.connect() as connection:
        assert entries.identity(connection) == first
    again.dispose()


def test_a_database_of_a_later_version_is_not_touched(engine, journal_url):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num='9999'"))
    with pytest.raises(EnvironmentFailure) as caught:
        open_database(journal_url)
    assert caught.value.code == "journal_newer"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sqlite:////no/such/folder/x.sqlite3", "journal_unavailable"),
        ("nonsense", "journal_url_invalid"),
        ("oracle9://x", "journal_url_invalid"),
    ],
)
def test_a_bad_address_is_a_clear_error(url, code):
    with pytest.raises(EnvironmentFailure) as caught:
        open_database(url)
    assert caught.value.code == code
    assert "/no/such" not in caught.value.text


def test_keys_are_hashed_found_and_revoked(engine):
    with engine.begin() as connection:
        secret = keys.add(connection, "Ida's laptop", NOW)
        assert secret.startswith("pdk_")
        assert keys.find(connection, secret)
        assert keys.find(connection, "pdk_wrong") is None
        assert keys.find(connection, "\ud800") is None
        stored = connection.execute(text("SELECT * FROM api_key")).one()
        assert secret not in str(stored)
        assert [k.name for k in keys.list_all(connection)] == ["Ida's laptop"]
        assert keys.revoke(connection, "Ida's laptop", NOW) == 1
        assert keys.find(connection, secret) is None
        with pytest.raises(NotFound):
            keys.revoke(connection, "Ida's laptop", NOW)


def test_a_renewed_key_keeps_what_it_made(engine):
    with engine.begin() as connection:
        old = keys.add(connection, "desktop", NOW)
        made = keys.find(connection, old)
        new = keys.renew(connection, "desktop", NOW)
        assert keys.find(connection, old) is None
        assert keys.find(connection, new) == made
        other = keys.renew(connection, "laptop", NOW)
        assert keys.find(connection, other) not in {None, made}


def test_a_key_sees_its_own_entries_in_order(engine):
    with engine.begin() as connection:
        mine, other = key(connection, "a"), key(connection, "b")
        entries.start(connection, NOW)
        for number in range(3):
            entries.append(connection, mine, "r", [joined(number)])
            entries.append(connection, other, "q", [joined(9)])
        batch = entries.read(connection, mine, 0, 100, NOW)
        started, *own = facts(batch)
        assert isinstance(started, journal.HostStarted)
        assert [fact.invitation for fact in own] == [f"{n:032x}" for n in range(3)]
        assert batch.last == batch.entries[-1].seq
        assert [e.seq for e in batch.entries] == sorted(e.seq for e in batch.entries)
        rest = entries.read(connection, mine, batch.entries[1].seq, 1, NOW)
        assert [e.id for e in rest.entries] == [batch.entries[2].id]
        assert rest.entries[0].at == NOW


def test_only_collected_and_old_entries_are_erased(engine):
    with engine.begin() as connection:
        mine, other = key(connection, "a"), key(connection, "b")
        old = NOW - timedelta(days=31)
        entries.start(connection, old)
        entries.append(connection, mine, "r", [joined(1, old), joined(2, old), joined(3)])
        entries.append(connection, other, "q", [joined(4, old)])
        which = entries.identity(connection)
        batch = entries.read(connection, mine, 0, 100, NOW)
        entries.acknowledge(connection, mine, which.journal, which.epoch, batch.entries[1].seq)
        assert entries.erase_old(connection, NOW) == 1
        left = facts(entries.read(connection, mine, 0, 100, NOW))
        assert [getattr(f, "invitation", "host") for f in left] == [
            "host",
            f"{2:032x}",
            f"{3:032x}",
        ]
        assert len(entries.read(connection, other, 0, 100, NOW).entries) == 2


def test_a_number_is_never_given_twice(engine):
    with engine.begin() as connection:
        mine = key(connection)
        old = NOW - timedelta(days=31)
        entries.append(connection, mine, "r", [joined(1, old), joined(2, old)])
        which = entries.identity(connection)
        entries.acknowledge(connection, mine, which.journal, which.epoch, 2)
        assert entries.erase_old(connection, NOW) == 2
        entries.append(connection, mine, "r", [joined(3)])
        batch = entries.read(connection, mine, 2, 100, NOW)
        assert [e.seq for e in batch.entries] == [3]
        assert batch.epoch == 1


def test_acknowledging_another_journal_is_refused(engine):
    with engine.begin() as connection:
        mine = key(connection)
        which = entries.identity(connection)
        for journal_id, epoch in (("x", which.epoch), (which.journal, which.epoch + 1)):
            with pytest.raises(Conflict):
                entries.acknowledge(connection, mine, journal_id, epoch, 1)


def test_a_place_never_given_proves_a_restored_backup(engine):
    with engine.begin() as connection:
        mine = key(connection)
        entries.append(connection, mine, "r", [joined(1)])
        assert entries.read(connection, mine, 1, 10, NOW).epoch == 1
        assert entries.read(connection, mine, 500, 10, NOW).epoch == 2
        assert len(entries.read(connection, mine, 0, 10, NOW).entries) == 1


def test_starting_from_a_backup_begins_a_new_epoch(engine):
    with engine.begin() as connection:
        entries.start(connection, NOW)
        entries.start(connection, NOW, restored=True)
        assert entries.identity(connection).epoch == 2


def test_the_host_knows_when_it_was_last_alive(engine):
    with engine.begin() as connection:
        mine = key(connection)
        assert entries.start(connection, NOW) is None
        room = rooms.StoredRoom("r", mine, snapshot(), "{}")
        rooms.put(connection, room, NOW)
        later = NOW + timedelta(minutes=3)
        step = entries.RoomStep("r", mine, (joined(1),), '{"opened":true}')
        entries.take_steps(connection, [step], later)
        assert entries.start(connection, NOW + timedelta(hours=1)) == later
        (stored,) = rooms.load_all(connection)
        assert stored.memory == '{"opened":true}'


def test_a_room_sent_again_keeps_its_memory(engine):
    with engine.begin() as connection:
        mine = key(connection)
        rooms.put(connection, rooms.StoredRoom("r", mine, snapshot(), "{}"), NOW)
        step = entries.RoomStep("r", mine, (), '{"opened":true}')
        entries.take_steps(connection, [step], NOW)
        changed = snapshot(title="Moved")
        rooms.put(connection, rooms.StoredRoom("r", mine, changed, "{}"), NOW)
        (stored,) = rooms.load_all(connection)
        assert (stored.snapshot.title, stored.memory) == ("Moved", '{"opened":true}')


def test_sessions_are_kept_until_forgotten(engine):
    with engine.begin() as connection:
        mine = key(connection)
        rooms.put(connection, rooms.StoredRoom("r", mine, snapshot(), "{}"), NOW)
        kept = rooms.StoredSession("h1", "r", "i", "Ada", "r1", NOW)
        rooms.open_session(connection, kept)
        rooms.open_session(connection, rooms.StoredSession("h2", "r", "i", "Ada", "r2", NOW))
        rooms.forget_sessions(connection, ["h2", "never"])
        assert rooms.load_sessions(connection) == [kept]


def test_a_desk_counts_each_submission_once(engine):
    with engine.begin() as connection:
        mine = key(connection)
        desks.put(connection, "d", mine, desk_snapshot(), NOW)
        yes = InvitationAnswer(answer="accepted")
        for _ in range(2):
            after = desks.answer(connection, found(connection, "d"), "one", yes, NOW)
            assert after.answer == yes
        later = NOW + timedelta(minutes=1)
        after = desks.answer(connection, found(connection, "d"), "two", yes, later)
        assert after.answered_at == NOW, "nothing changed"
        no = InvitationAnswer(answer="declined")
        desks.answer(connection, after, "three", no, later)
        answers = [f.answer for f in facts(entries.read(connection, mine, 0, 10, NOW))]
        assert answers == [yes, no]


def test_a_desk_of_another_key_cannot_be_taken(engine):
    with engine.begin() as connection:
        desks.put(connection, "d", key(connection, "a"), desk_snapshot(), NOW)
        thief = key(connection, "b")
        with pytest.raises(Conflict):
            desks.put(connection, "d", thief, desk_snapshot(), NOW)
        assert not desks.withdraw(connection, "d", thief, NOW)


def test_a_replaced_link_of_a_desk_is_remembered(engine):
    with engine.begin() as connection:
        mine = key(connection)
        for token_hash in ("a" * 64, "b" * 64, ""):
            desks.put(connection, "d", mine, desk_snapshot(token_hash=token_hash), NOW)
        assert found(connection, "d").retired == ("a" * 64, "b" * 64)


async def test_a_step_that_fails_leaves_nothing(engine):
    thread = JournalThread(engine)

    def half(connection):
        keys.add(connection, "half", NOW)
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await thread.run(half)
    assert await thread.run(keys.list_all) == []
    assert isinstance(await thread.run(keys.add, "whole", NOW), str)
    with pytest.raises(EnvironmentFailure) as caught:
        await thread.run(lambda connection: connection.execute(text("SELECT * FROM nowhere")))
    assert caught.value.code == "journal_unavailable"
    await thread.close()


def test_times_without_a_zone_are_refused(engine):
    with engine.begin() as connection, pytest.raises(Exception, match="without a zone"):
        keys.add(connection, "x", datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.full
def test_a_postgresql_journal_has_one_host(postgres_url):
    url = postgres_url()
    one, other = open_database(url), open_database(url)
    try:
        with claimed(one):
            with pytest.raises(EnvironmentFailure) as caught, claimed(other):
                pass
            assert caught.value.code == "host_running"
        with claimed(other):
            pass
    finally:
        one.dispose()
        other.dispose()


def test_keys_of_a_team_see_the_same_and_each_collects_for_itself(engine):
    with engine.begin() as connection:
        secrets = [keys.add(connection, name, NOW, team="office") for name in ("one", "two")]
        stranger = key(connection, "stranger")
        owner, same = (keys.find(connection, secret) for secret in secrets)
        one, two = (keys.find_reader(connection, secret) for secret in secrets)
        assert owner == same == one != two
        assert stranger != owner
        entries.append(connection, owner, "", [joined(1)])
        seen = entries.read(connection, owner, 0, 10, NOW)
        assert len(facts(seen)) == 1
        assert facts(entries.read(connection, stranger, 0, 10, NOW)) == []
        assert [k.team for k in keys.list_all(connection)] == ["office", "office", None]


def test_what_one_of_a_team_has_not_collected_is_not_erased_for_it(engine):
    later = NOW + entries.KEPT + timedelta(days=1)
    with engine.begin() as connection:
        secrets = [keys.add(connection, name, NOW, team="office") for name in ("one", "two")]
        owner = keys.find(connection, secrets[0])
        one, two = (keys.find_reader(connection, secret) for secret in secrets)
        entries.append(connection, owner, "", [joined(1)])
        which = entries.identity(connection)
        last = entries.read(connection, owner, 0, 10, NOW).last
        entries.acknowledge(connection, one, which.journal, which.epoch, last)
        assert entries.erase_old(connection, later) == 0
        entries.acknowledge(connection, two, which.journal, which.epoch, last)
        assert entries.erase_old(connection, later) == 1


def test_a_revoked_key_of_a_team_is_not_waited_for(engine):
    later = NOW + entries.KEPT + timedelta(days=1)
    with engine.begin() as connection:
        secret = keys.add(connection, "one", NOW, team="office")
        keys.add(connection, "lost laptop", NOW, team="office")
        owner, one = keys.find(connection, secret), keys.find_reader(connection, secret)
        entries.append(connection, owner, "", [joined(1)])
        which = entries.identity(connection)
        last = entries.read(connection, owner, 0, 10, NOW).last
        entries.acknowledge(connection, one, which.journal, which.epoch, last)
        keys.revoke(connection, "lost laptop", NOW)
        assert entries.erase_old(connection, later) == 1
