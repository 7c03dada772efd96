"""Interpretation channels and captions: who sets them, who speaks and types, who gets what."""

from __future__ import annotations

import msgspec
import pytest

from projectdesk.room import commands, events
from projectdesk.room.interpreting import CAPTION_BURST
from projectdesk.room.memory import RoomMemory
from projectdesk.signalling import breakouts, call, floor, journal, languages, media
from tests.unit.room.conftest import Stage, invitee, snapshot
from tests.unit.room.test_floor import codes

CHAIR, INGE, GUEST, PAUL, WATCHER = (f"{number:032x}" for number in range(1, 6))
GERMAN = languages.Listen(language="de")


@pytest.fixture
def hall() -> Stage:
    """Chair 1, interpreters 2 (Inge) and 4 (Paul), guest 3, observer 5; German and French."""
    people = [
        invitee(1, "chair"),
        invitee(2, "interpreter"),
        invitee(3),
        invitee(4, "interpreter"),
        invitee(5, "observer"),
    ]
    stage = Stage(snapshot(people))
    for number in range(1, 6):
        stage.join(number)
    stage.say("p1", call.Admit())
    stage.handle(events.MediaReady)
    for number in range(1, 6):
        stage.say(f"p{number}", call.OpenSubscribe())
    stage.say("p1", languages.SetChannels(languages=["de", "fr"]))
    return stage


def appoint(stage, participant, language):
    return stage.say("p1", languages.AppointInterpreter(participant=participant, language=language))


def now(stage, peer="p3"):
    return stage.got(peer, languages.LanguagesChanged)[-1].languages


def hears(stage, participant):
    """Return whose voices the media server was last asked to send to somebody; None = all."""
    asked = [
        c for c in stage.media if isinstance(c, commands.WantFeeds) and c.participant == participant
    ]
    if not asked or asked[-1].feeds is None:
        return None
    return {feed.participant for feed in asked[-1].feeds if feed.source == "audio"}


def captions(stage, peer):
    lines = [line for news in stage.got(peer, languages.CaptionsWritten) for line in news.lines]
    return [(line.number, line.text) for line in lines]


# --- interpretation -------------------------------------------------------------------------------


def test_an_interpreter_is_heard_by_those_who_listen_to_the_channel(hall):
    appoint(hall, INGE, "de")
    floor_of_guest = {CHAIR, PAUL, WATCHER}
    assert hears(hall, GUEST) == floor_of_guest
    hall.say("p3", GERMAN)
    assert hears(hall, GUEST) == floor_of_guest | {INGE}
    assert hears(hall, CHAIR) == {GUEST, PAUL, WATCHER}
    hall.say("p3", languages.Listen())
    assert hears(hall, GUEST) == floor_of_guest
    appoint(hall, INGE, None)
    assert hears(hall, GUEST) is None


def test_two_take_turns_on_a_channel(hall):
    appoint(hall, INGE, "de")
    appoint(hall, PAUL, "de")
    hall.say("p3", GERMAN)
    assert hears(hall, GUEST) == {CHAIR, INGE, WATCHER}
    hall.say("p2", languages.AskRelief(asks=True))
    assert [(i.on_air, i.asks) for i in now(hall).interpreters] == [(True, True), (False, False)]
    hall.say("p4", languages.TakeAir())
    assert hears(hall, GUEST) == {CHAIR, PAUL, WATCHER}
    assert [(i.on_air, i.asks) for i in now(hall).interpreters] == [(False, False), (True, False)]
    assert codes(hall.say("p2", languages.AskRelief(asks=True))) == ["not_interpreting"]
    assert codes(appoint(hall, CHAIR, "de")) == ["channel_full"]
    appoint(hall, PAUL, None)
    assert [i.on_air for i in now(hall).interpreters] == [True]


def test_relay_an_interpreter_listens_to_another_channel(hall):
    appoint(hall, INGE, "de")
    appoint(hall, PAUL, "fr")
    assert hears(hall, PAUL) == {CHAIR, GUEST, WATCHER}
    hall.say("p4", GERMAN)
    assert hears(hall, PAUL) == {CHAIR, GUEST, WATCHER, INGE}
    assert hears(hall, GUEST) == {CHAIR, WATCHER}


def test_a_channel_that_is_gone_has_no_interpreters(hall):
    appoint(hall, INGE, "de")
    hall.say("p3", GERMAN)
    hall.say("p1", languages.SetChannels(languages=["fr", "fr"]))
    assert (now(hall).channels, now(hall).interpreters) == (["fr"], [])
    assert hears(hall, GUEST) is None
    assert codes(hall.say("p3", GERMAN)) == ["no_channel"]
    assert codes(appoint(hall, INGE, "de")) == ["no_channel"]


def test_only_leaders_set_languages_and_only_who_may_speak_interprets(hall):
    orders = (
        languages.SetChannels(languages=["it"]),
        languages.AppointInterpreter(participant=GUEST, language="de"),
        languages.AppointCaptioner(participant=GUEST, language="de"),
        languages.KeepCaptions(keep=True),
    )
    for order in orders:
        assert codes(hall.say("p3", order)) == ["not_allowed"]
    assert codes(appoint(hall, WATCHER, "de")) == ["not_allowed"]
    assert codes(appoint(hall, "f" * 32, "de")) == ["not_here"]
    for message in (languages.TakeAir(), languages.AskRelief(asks=True)):
        assert codes(hall.say("p3", message)) == ["not_interpreting"]
    hall.handle(events.ConsoleAttached, peer="desk")
    for order in orders:
        assert codes(hall.say("desk", order)) in ([], ["no_channel"])
    assert codes(hall.say("desk", GERMAN)) == ["not_allowed"]
    assert now(hall).channels == ["it"]


def test_the_floors_speaker_is_not_an_interpreter(hall):
    appoint(hall, INGE, "de")
    for who in (GUEST, INGE):
        hall.handle(events.MediaReported, event=media.SpeakerChanged(participant=who))
    assert [news.participant for news in hall.got("p1", call.SpeakerChanged)] == [GUEST]


def test_an_interpreter_who_talks_louder_hides_nobody_on_the_floor(hall):
    appoint(hall, INGE, "de")
    (asked,) = [one for one in hall.media if isinstance(one, commands.SetCircles)]
    assert asked.circles is not None
    assert set(asked.circles[0]) == {CHAIR, GUEST, PAUL, WATCHER}
    among = list(asked.circles[0])
    changed = media.SpeakerChanged(participant=GUEST, among=among)
    hall.handle(events.MediaReported, event=changed)
    for peer in ("p1", "p2", "p5"):
        assert hall.got(peer, call.SpeakerChanged)[-1].participant == GUEST
    appoint(hall, INGE, None)
    assert [one for one in hall.media if isinstance(one, commands.SetCircles)][-1].circles is None


def test_languages_are_set_before_the_call_and_outlive_the_host():
    stage = Stage(snapshot([invitee(1, "chair"), invitee(2, "interpreter")]))
    stage.handle(events.ConsoleAttached, peer="desk")
    stage.say("desk", languages.SetChannels(languages=["de"]))
    stage.say("desk", languages.AppointInterpreter(participant=INGE, language="de"))
    kept = msgspec.json.decode(msgspec.json.encode(stage.room.memory()), type=RoomMemory)
    again = Stage(stage.plan, kept)
    again.join(1)
    [interpreter] = now(again, "p1").interpreters
    assert (interpreter.name, interpreter.on_air) == ("Person 2", True)


def test_who_is_not_invited_any_more_interprets_and_types_no_more(hall):
    appoint(hall, INGE, "de")
    hall.say("p1", languages.AppointCaptioner(participant=INGE, language="de"))
    without = [one for one in hall.plan.invitees if one.id != INGE]
    plan = msgspec.structs.replace(hall.plan, invitees=without)
    hall.handle(events.SnapshotChanged, snapshot=plan)
    assert (now(hall).interpreters, now(hall).captioners) == ([], [])


def test_who_comes_to_a_meeting_without_languages_is_told_nothing(call_with_two):
    assert call_with_two.got("p3", languages.LanguagesChanged) == []


# --- captions -------------------------------------------------------------------------------------


@pytest.fixture
def typed(hall):
    """The guest types captions in German, the chair reads them."""
    hall.say("p1", languages.AppointCaptioner(participant=GUEST, language="de"))
    hall.say("p1", languages.WatchCaptions(language="de"))
    return hall


def test_captions_go_to_those_who_switched_them_on(typed):
    typed.say("p2", languages.WatchCaptions(language="fr"))
    typed.say("p3", languages.WriteCaption(text="  Guten\nTag "))
    assert captions(typed, "p1") == [(1, "Guten Tag")]
    assert captions(typed, "p2") == captions(typed, "p3") == []
    typed.say("p1", languages.WatchCaptions())
    typed.say("p3", languages.WriteCaption(text="mehr"))
    assert captions(typed, "p1") == [(1, "Guten Tag")]
    assert codes(typed.say("p2", languages.WriteCaption(text="x"))) == ["not_captioning"]


def test_captions_stay_in_their_breakout_room(typed):
    typed.say("p4", languages.WatchCaptions(language="de"))
    groups = [breakouts.PlannedGroup(name="A", people=[GUEST, PAUL])]
    typed.say("p1", breakouts.OpenBreakouts(groups=groups))
    typed.say("p3", languages.WriteCaption(text="unter uns"))
    assert captions(typed, "p4") == [(1, "unter uns")]
    assert captions(typed, "p1") == []
    typed.say("p5", languages.WatchCaptions(language="de"))
    assert captions(typed, "p5") == []


def test_a_phrase_is_corrected_where_it_was_said(typed):
    typed.say("p3", languages.WriteCaption(text="an alle"))
    groups = [breakouts.PlannedGroup(name="A", people=[GUEST, PAUL])]
    typed.say("p1", breakouts.OpenBreakouts(groups=groups))
    typed.say("p3", languages.WriteCaption(text="unter uns"))
    typed.say("p1", breakouts.CloseBreakouts(at_once=True))
    typed.say("p3", languages.WriteCaption(text="", corrects=True))
    typed.say("p3", languages.WriteCaption(text="wieder alle", corrects=True))
    typed.say("p3", languages.WriteCaption(text="wieder an alle", corrects=True))
    assert captions(typed, "p1") == [(1, "an alle"), (3, "wieder alle"), (3, "wieder an alle")]


def test_the_last_phrase_is_corrected_or_taken_back(typed):
    for text, corrects in (("Eins", False), ("Zwei", False), ("Zwo", True), ("", True)):
        typed.say("p3", languages.WriteCaption(text=text, corrects=corrects))
    assert captions(typed, "p1") == [(1, "Eins"), (2, "Zwei"), (2, "Zwo"), (2, "")]
    typed.say("p4", languages.WatchCaptions(language="de"))
    assert captions(typed, "p4") == [(1, "Eins")]
    assert typed.say("p3", languages.WriteCaption(text="  ")) == []


def test_who_switches_on_late_is_sent_the_last_phrases(typed):
    for number in range(8):
        typed.say("p3", languages.WriteCaption(text=str(number)))
    typed.say("p4", languages.WatchCaptions(language="de"))
    assert [text for _, text in captions(typed, "p4")] == ["3", "4", "5", "6", "7"]


def test_captions_are_kept_only_while_the_chair_says_so(typed):
    typed.say("p3", languages.WriteCaption(text="not kept"))
    assert typed.facts(journal.CaptionWritten) == []
    typed.say("p1", languages.KeepCaptions(keep=True))
    assert now(typed, "p3").keeps
    typed.say("p3", languages.WriteCaption(text="kept"))
    typed.say("p3", languages.WriteCaption(text="kept!", corrects=True))
    typed.say("p1", languages.KeepCaptions(keep=False))
    typed.say("p3", languages.WriteCaption(text="not any more"))
    facts = [(f.number, f.text, f.corrects) for f in typed.facts(journal.CaptionWritten)]
    assert facts == [(2, "kept", False), (2, "kept!", True)]


def test_numbers_of_captions_go_on_after_the_host_restarted(typed):
    typed.say("p3", languages.WriteCaption(text="one"))
    typed.say("p1", languages.KeepCaptions(keep=True))
    again = Stage(typed.plan, typed.room.memory())
    again.join(1)
    again.join(3)
    again.say("p3", languages.WriteCaption(text="two", corrects=True))
    assert [f.number for f in again.facts(journal.CaptionWritten)] == [2]


def test_captions_have_limits(typed):
    long = languages.WriteCaption(text="x" * 301)
    assert codes(typed.say("p3", long)) == ["caption_too_long"]
    for number in range(CAPTION_BURST):
        assert codes(typed.say("p3", languages.WriteCaption(text=str(number)))) == []
    assert codes(typed.say("p3", languages.WriteCaption(text="x"))) == ["too_fast"]
    typed.say("p1", languages.AppointCaptioner(participant=GUEST))
    assert codes(typed.say("p3", languages.WriteCaption(text="x"))) == ["not_captioning"]


def test_who_leaves_listens_and_reads_nothing_any_more(typed):
    typed.say("p1", GERMAN)
    typed.say("p1", floor.Appoint(participant=GUEST, role="chair"))
    typed.say("p1", call.Leave())
    typed.join(1, "p1b")
    typed.say("p3", languages.WriteCaption(text="x"))
    assert captions(typed, "p1b") == []


@pytest.mark.parametrize("tag", ["", "d", "de_DE", "de-", "x" * 25, "de-DE-1-2-3-4"])
def test_what_is_no_language_is_no_message(tag):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"language": tag, "type": "listen"}, languages.Listen)
