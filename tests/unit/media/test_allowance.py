from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.media.embedded.allowance import Allowance


def test_a_quiet_peer_may_take_a_burst_and_then_the_rate():
    allowance = Allowance(rate=10, burst=20)
    assert sum(allowance.take(100.0) for _ in range(50)) == 20
    assert not allowance.take(100.05)
    assert sum(allowance.take(101.0) for _ in range(50)) == 10
    assert sum(allowance.take(900.0) for _ in range(50)) == 20


@given(st.lists(st.floats(0, 0.5), max_size=200))
def test_no_more_is_granted_than_the_burst_and_the_rate(pauses):
    allowance, now, granted = Allowance(rate=5, burst=3), 50.0, 0
    for pause in pauses:
        now += pause
        granted += allowance.take(now)
    assert granted <= 3 + 5 * (now - 50.0) + 1e-6
