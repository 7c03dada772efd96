"""Re-planning what is left of an agenda when time ran away (CA-7).

The call page has the same rule (`resources/web/replan.js`), and both read the same examples.
"""

from __future__ import annotations

from collections.abc import Sequence


def share_out(weights: Sequence[float], available: int) -> list[int]:
    """Return minutes in proportion to weights: whole ones, at least one each.

    Their sum is `available` unless there is not even a minute for each.

    Args:
        weights: planned minutes of what is still to come.
        available: whole minutes that are left for it.
    """
    total = sum(weights)
    exact = [
        weight * available / total if total else available / len(weights) for weight in weights
    ]
    shares = [max(1, int(share)) for share in exact]
    spare = max(0, available - sum(shares))
    # What rounding left goes to those who lost most by it, the earlier first.
    losers = sorted(
        (index for index, share in enumerate(exact) if share > shares[index]),
        key=lambda index: (shares[index] - exact[index], index),
    )
    for index in losers[:spare]:
        shares[index] += 1
    for _ in range(sum(shares) - max(available, len(shares))):
        shares[shares.index(max(shares))] -= 1
    return shares
