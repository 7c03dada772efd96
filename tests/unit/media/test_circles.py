"""Who speaks in each circle of people, as a room tells it; nobody is connected."""

from __future__ import annotations

from projectdesk.media.embedded.sfu import Sfu
from projectdesk.signalling.media import Configure, SpeakerChanged
from tests.integration.media.support import write_offer

LOUDNESS = {"anna": 90.0, "bert": 80.0, "inge": 120.0}


class Hall:
    """A room in which Anna, Bert and Inge talk at the same time, Inge the loudest."""

    def __init__(self) -> None:
        self.told: list[SpeakerChanged] = []
        self.sfu = Sfu(Configure(id=1, room="r", interfaces=["127.0.0.1"]), self._hear)
        self.now = self.sfu._around.clock()

    def _hear(self, event: object) -> None:
        if isinstance(event, SpeakerChanged):
            self.told.append(event)

    async def enter(self) -> None:
        self.sfu._ports.open_missing()
        for name in LOUDNESS:
            sdp, mids = write_offer("audio")
            await self.sfu.publish(name, sdp, mids, rebuild=False)

    def talk(self, seconds: float) -> list[SpeakerChanged]:
        """Let everybody talk for a while; return what was told meanwhile."""
        before = len(self.told)
        for _ in range(round(5 * seconds)):
            self.now += 0.2
            for name, loudness in LOUDNESS.items():
                feed = self.sfu._participants[name].feeds["audio"]
                feed.loudness = loudness
                for track in feed.layers:
                    track.received_at = self.now
            self.sfu._watch_speaker(self.now)
        return self.told[before:]


async def test_each_circle_is_told_of_its_own_speaker():
    hall = Hall()
    await hall.enter()
    try:
        assert hall.talk(2) == [SpeakerChanged(participant="inge")]
        hall.sfu.set_circles([["anna"], ["bert"]])
        spoken = {(one.participant, *one.among) for one in hall.talk(2)}
        assert spoken == {("anna", "anna"), ("bert", "bert")}
        hall.sfu.set_circles(None)
        assert hall.told[-1].among == []
    finally:
        await hall.sfu.close()
