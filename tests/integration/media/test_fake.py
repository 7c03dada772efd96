from __future__ import annotations

import pytest

from projectdesk.media.fake import FakeBackend
from projectdesk.media.port import MediaEnded
from projectdesk.signalling.media import FeedStarted, LegChanged
from tests.integration.media.contract import MediaContract


class TestFake(MediaContract):
    @pytest.fixture
    async def backend(self):
        backend = FakeBackend()
        yield backend
        await backend.close()

    async def test_a_test_can_let_things_happen(self, room, recorder):
        await self.publish(room, "anna", "audio")
        room.connect("anna")
        await recorder.next_of(LegChanged, participant="anna", state="connected")
        await recorder.next_of(FeedStarted, participant="anna", source="audio")
        room.die()
        await recorder.next_of(MediaEnded)
