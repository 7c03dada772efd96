from __future__ import annotations

from datetime import timedelta

from projectdesk.host.journal import desks, entries, keys, rooms
from projectdesk.host.journal.erasure import erase
from projectdesk.signalling import journal
from projectdesk.signalling.desk import (
    DeskSnapshot,
    EffortSnapshot,
    FeedSnapshot,
    InvitationAnswer,
    PollDate,
    PollSnapshot,
)
from tests.unit.host.conftest import NOW
from tests.unit.host.test_journal import desk_snapshot
from tests.unit.room.conftest import START, snapshot

LONG_AFTER = START + timedelta(days=40)


def kept(connection, key):
    batch = entries.read(connection, key, 0, 100, LONG_AFTER)
    place = entries.identity(connection)
    return batch, lambda: entries.acknowledge(
        connection, key, place.journal, place.epoch, batch.last
    )


def test_a_room_goes_with_its_last_entry_and_not_before(engine):
    with engine.begin() as connection:
        key = keys.find(connection, keys.add(connection, "desktop", NOW))
        assert key is not None
        for name, starts_at in (("old", START), ("new", LONG_AFTER)):
            plan = snapshot(starts_at=starts_at)
            rooms.put(connection, rooms.StoredRoom(name, key, plan, "{}"), NOW)
        session = rooms.StoredSession("h", "old", "i", "Ada", "r", NOW)
        rooms.open_session(connection, session)
        entries.append(connection, key, "old", [(START, journal.RoomOpened())])
        assert erase(connection, LONG_AFTER) == [], "nobody has collected it"
        _, acknowledge = kept(connection, key)
        acknowledge()
        assert erase(connection, LONG_AFTER) == ["old"]
        assert [room.id for room in rooms.load_all(connection)] == ["new"]
        assert rooms.load_sessions(connection) == []
        assert kept(connection, key)[0].entries == []


def test_a_desk_goes_although_others_of_its_desktop_are_answered_since(engine):
    with engine.begin() as connection:
        key = keys.find(connection, keys.add(connection, "desktop", NOW))
        assert key is not None
        for name in ("old", "new"):
            desks.put(connection, name, key, desk_snapshot(), NOW)
        for name, at in (("old", NOW), ("new", LONG_AFTER)):
            desk = desks.find(connection, name)
            assert desk is not None
            desks.answer(connection, desk, "one", InvitationAnswer(answer="accepted"), at)
        kept(connection, key)[1]()
        erase(connection, LONG_AFTER)
        assert desks.find(connection, "old") is None
        assert desks.find(connection, "new") is not None, "its answer is in the journal"


def test_a_desk_goes_when_its_answer_is_collected_and_old(engine):
    with engine.begin() as connection:
        key = keys.find(connection, keys.add(connection, "desktop", NOW))
        assert key is not None
        desks.put(connection, "d", key, desk_snapshot(), NOW)
        desk = desks.find(connection, "d")
        assert desk is not None
        desks.answer(connection, desk, "one", InvitationAnswer(answer="accepted"), NOW)
        erase(connection, LONG_AFTER)
        assert desks.find(connection, "d") is not None, "nobody has collected the answer"
        kept(connection, key)[1]()
        erase(connection, NOW + timedelta(days=20))
        assert desks.find(connection, "d") is not None, "the meeting is not long over"
        erase(connection, LONG_AFTER)
        assert desks.find(connection, "d") is None


def test_a_statement_of_effort_goes_a_month_after_its_deadline(engine):
    form = EffortSnapshot(
        project="TIDEWATER",
        project_title="",
        period="RP1",
        start_month=1,
        end_month=18,
        starts_on=None,
        ends_on=None,
        name="Ada",
        organisation="Org",
        organiser="Ida",
        lines=[],
    )
    with engine.begin() as connection:
        key = keys.find(connection, keys.add(connection, "desktop", NOW))
        assert key is not None
        deadline = NOW + timedelta(days=10)
        desks.put(connection, "d", key, desk_snapshot(form=form, deadline=deadline), NOW)
        desks.put(connection, "open", key, desk_snapshot(form=form), NOW)
        erase(connection, deadline + timedelta(days=29))
        assert desks.find(connection, "d") is not None
        erase(connection, deadline + timedelta(days=31))
        assert desks.find(connection, "d") is None
        assert desks.find(connection, "open") is None, "nothing was heard of it for a month"


def test_a_poll_without_deadline_stays_until_its_last_date_is_over(engine):
    form = PollSnapshot(
        project="TIDEWATER",
        title="Call",
        text="",
        name="Ada",
        organisation="",
        organiser="Ida",
        zone="UTC",
        duration_minutes=60,
        dates=[PollDate(id="d" * 32, starts_at=LONG_AFTER - timedelta(days=5))],
    )
    with engine.begin() as connection:
        key = keys.find(connection, keys.add(connection, "desktop", NOW))
        assert key is not None
        snapshot = DeskSnapshot(subject="s", token_hash="", deadline=None, form=form)
        desks.put(connection, "poll", key, snapshot, NOW)
        erase(connection, LONG_AFTER)
        assert desks.find(connection, "poll") is not None
        erase(connection, LONG_AFTER + timedelta(days=31))
        assert desks.find(connection, "poll") is None


def test_a_feed_stays_until_it_is_revoked_however_long_nothing_changes(engine):
    form = FeedSnapshot(name="All", content="BEGIN:VCALENDAR", changed_at=NOW)
    years = NOW + timedelta(days=800)
    with engine.begin() as connection:
        key = keys.find(connection, keys.add(connection, "desktop", NOW))
        assert key is not None
        for name in ("read", "revoked", "withdrawn"):
            link = "" if name == "revoked" else "a" * 64
            desks.put(connection, name, key, desk_snapshot(form=form, token_hash=link), NOW)
        desks.withdraw(connection, "withdrawn", key, NOW)
        erase(connection, years)
        assert desks.find(connection, "read") is not None
        assert desks.find(connection, "revoked") is None
        assert desks.find(connection, "withdrawn") is None
