"""What one subscriber needs of a camera in three sizes: by its tile, its path, what there is."""

from __future__ import annotations

import pytest

from projectdesk.media.embedded import rtp
from projectdesk.media.embedded._aiortc_seam import SrtpBuffer
from projectdesk.media.embedded.demand import COMING_S, LOWER_AFTER_S, LayerDemand
from projectdesk.media.embedded.feed import LAYER_SILENT_S
from projectdesk.media.embedded.track import Track
from tests.unit.media.test_subscribe import Subscriber

RATES = {"q": 150_000.0, "h": 500_000.0, "f": 1_200_000.0}


class Viewer(Subscriber):
    """Somebody who shows one camera, of which the sizes `flowing` come."""

    def __init__(self, height: int | None = 720) -> None:
        super().__init__(0)
        (self.feed,) = self.feeds
        self.feed.stop()
        self.demand = self.feed.demand = LayerDemand(tuple(RATES))
        self.layers = {}
        for rank, (rid, rate) in enumerate(RATES.items()):
            incoming = Track(
                self.feed,
                10 + rank,
                payload_types=(96, 96),
                clock_rate=90_000,
                actions=rtp.extension_actions({}),
                buffers=(SrtpBuffer(4096), SrtpBuffer(4096)),
                ask_key_frame=lambda _: None,
                rid=rid,
                rank=rank,
            )
            incoming.rate = incoming.usual_rate = rate
            incoming.height = 180 << rank
            incoming.received_at = self.now
            self.feed.add(incoming, self.now)
            self.layers[rid] = incoming
        self.heights = {"p0": height}
        self.update()
        self.answer()

    def carries(self, bits: float) -> None:
        """Let the path have shown what it carries."""
        path = self.leg._path
        path.estimate.bits_per_second, path.estimate.limited = bits, True

    def need(self, *flowing: str, after: float = 0.0) -> set[str]:
        """Return what is needed, some seconds later."""
        self.now += after
        for rid in flowing:
            self.layers[rid].received_at = self.now
        self.leg._path._reported_at = self.now
        self.leg.weigh(0.5, self.now)
        ((feed, needed),) = self.leg.needs(self.now)
        assert feed is self.feed
        return needed

    def sleep(self, *rids: str) -> None:
        """Let the publisher have been told to send these sizes and no others, a while ago."""
        self.demand.settle(rids, self.now)
        self.demand.settle(rids, self.now + LOWER_AFTER_S)
        assert self.demand.told == set(rids)
        self.now += LOWER_AFTER_S + LAYER_SILENT_S


@pytest.fixture
async def viewer():
    one = Viewer()
    yield one
    await one.leg.close()


async def test_the_tile_decides_where_the_path_takes_it(viewer):
    viewer.carries(5_000_000)
    assert viewer.need("q", "h", "f") == {"f"}
    viewer.heights["p0"] = 300
    assert viewer.need("q", "h", "f") == {"h"}
    viewer.heights["p0"] = 90
    assert viewer.need("q", "h", "f") == {"q"}


async def test_a_narrow_path_needs_less(viewer):
    viewer.carries(300_000)
    assert viewer.need("q", "h", "f") == {"q"}
    viewer.carries(700_000)
    assert viewer.need("q", "h", "f") == {"h"}


async def test_a_size_that_sleeps_is_needed_once_the_path_takes_it(viewer):
    viewer.sleep("q")
    viewer.carries(300_000)
    assert viewer.need("q") == {"q"}
    assert viewer.leg._missing > 0, "whether the path takes more is tried all the same"
    viewer.carries(5_000_000)
    assert viewer.need("q") == {"f"}


async def test_what_the_publisher_is_short_of_stays_asked_for(viewer):
    viewer.carries(5_000_000)
    assert viewer.need("q", "h", after=LAYER_SILENT_S + COMING_S) == {"h", "f"}
    assert viewer.need("q", after=LAYER_SILENT_S) == {"q", "h", "f"}


async def test_what_was_asked_for_is_given_up_only_after_it_did_not_come(viewer):
    viewer.sleep("q")
    viewer.carries(5_000_000)
    viewer.demand.need(viewer.need("q"), viewer.now)
    assert viewer.need("q", after=COMING_S / 2) == {"f"}
    needed = viewer.need("q", after=COMING_S)
    assert needed == {"h", "f"}, "the next smaller is given, the larger stays asked for"
    for _ in range(40):
        viewer.demand.need(needed, viewer.now)
        needed = viewer.need("q", "h", after=0.5)
        viewer.demand.settle({"q", *needed}, viewer.now)
        assert needed == {"h", "f"}, "nothing goes to and fro"


async def test_a_single_size_is_the_one_that_fills_the_tile(viewer):
    """Where two are in a call the page sends one size, which its receiver's estimate makes fit."""
    viewer.carries(300_000)
    assert viewer.need("f", after=LAYER_SILENT_S + COMING_S) == {"f"}
    viewer.heights["p0"] = 180
    assert viewer.need("f") == {"q"}


async def test_what_is_not_shown_is_not_needed(viewer):
    viewer.leg.update(viewer.feeds, lambda _: False)
    assert list(viewer.leg.needs(viewer.now)) == []
