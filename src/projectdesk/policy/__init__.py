"""What an administrator settles for everybody on a computer, and where it is read from.

One list of keys (`keys.KEYS`) is the schema of all places: the registry of Windows, a profile of
macOS, a file on Linux. A person cannot set any of them; programs read them once, when they start.

May import: errors.
"""

from __future__ import annotations

from projectdesk.errors import EnvironmentFailure
from projectdesk.policy.keys import Policy
from projectdesk.policy.sources import Managed, managed

__all__ = ["Managed", "Policy", "check_hosting", "managed", "policy"]


def check_hosting() -> None:
    """Refuse to hold a meeting on this computer where an administrator settled that.

    Raises:
        EnvironmentFailure: `hosting_forbidden`.
    """
    if not policy().hosting:
        raise EnvironmentFailure(
            "hosting_forbidden",
            "Your organisation has settled that no meetings are held on this computer "
            "({place}). Hold them on a server.",
            place=managed().place,
        )


def policy() -> Policy:
    """Return what is settled on this computer; where nothing is, what is usual."""
    return managed().policy
