"""Who plays the demo: the coordinator at the desktop, and guests who come by their links."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from projectdesk.demo import stage, story
from projectdesk.demo.actor import Answer
from projectdesk.demo.coordinator import Coordinator
from projectdesk.demo.troupe import Troupe
from projectdesk.services.rows import InvitationRow
from projectdesk.services.workspace import Workspace

_PATIENCE_S = 45


class Company:
    """The players. Every method raises `stage.DemoFailed` when something does not happen."""

    def __init__(
        self,
        data: Path,
        cordis: Path | None,
        *,
        guests: int = story.GUESTS,
        cameras: Sequence[Path] = (),
        prepare: Callable[[Workspace], story.Story] | None = None,
    ) -> None:
        """Open the desktop; the guests' browser starts meanwhile.

        Args:
            data: the data folder.
            cordis: a CORDIS file to play on; None = the sample project.
            guests: how many, at least 2.
            cameras: what each guest's camera shows (`faces`); a guest without one shows a pattern.
            prepare: plans another meeting than the kick-off.
        """
        stage.application()
        self.troupe = Troupe()
        try:
            plan = prepare or (lambda workspace: story.prepare(workspace, cordis, guests))
            self.desk = Coordinator(data, plan)
        except BaseException:
            self.troupe.end()
            raise
        self.story = self.desk.story
        shown = zip(self.story.guests, cameras, strict=False)
        self._cameras = {guest.id: str(camera) for guest, camera in shown}
        self._names = {row.id.hex: row.name for row in (self.story.chair, *self.story.guests)}

    # --- the guests -------------------------------------------------------------------------

    def guests_knock(self) -> None:
        """Let the guests open their links and join, and wait until the console shows them."""
        for guest in self.story.guests:
            self._open(guest)
        for guest in self.story.guests:
            self.order("join", guest)
        waiting = {guest.id.hex for guest in self.story.guests}
        stage.wait(
            lambda: {person.id for person in self.desk.room.lobby} == waiting, "the guests to wait"
        )

    def admit_all(self) -> None:
        """Let the coordinator admit the guests."""
        self.desk.admit_all()
        people = len(self.story.guests) + 1
        stage.wait(lambda: len(self.desk.room.participants) == people, "all to be in")

    def drop(self, guest: InvitationRow) -> None:
        """Let a guest vanish without a word, and wait until the console misses them."""
        self.order("drop", guest)
        stage.wait(lambda: not self.is_here(guest.id), "the vanished guest to be missed")

    def come_back(self, guest: InvitationRow) -> None:
        """Let a guest open the link again; who was admitted once does not knock again."""
        self._open(guest)
        self.order("join", guest)
        stage.wait(lambda: self.is_here(guest.id), "the guest to be back")

    def is_here(self, invitation: UUID) -> bool:
        """Tell whether the console shows somebody as connected."""
        return any(
            person.id == invitation.hex and not person.away
            for person in self.desk.room.participants
        )

    def _open(self, guest: InvitationRow) -> None:
        camera = self._cameras.get(guest.id, "")
        self.order("open", guest, url=self.desk.link_of(guest.id), camera=camera)

    def order(self, do: str, guest: InvitationRow | None = None, **more: object) -> Answer:
        """Let a guest do something and return what comes of it."""
        name = {"name": guest.name} if guest is not None else {}
        return self.troupe.carry_out(do=do, **name, **more)

    # --- what is seen -----------------------------------------------------------------------

    def frames(self) -> dict[str, dict[str, int]]:
        """Return how many video frames each participant decoded of each other, by name."""
        guests = self.order("read")["guests"]
        seen = {name: self._by_name(guest["statistics"]) for name, guest in guests.items()}
        seen[self.story.chair.name] = self._by_name(self.desk.statistics())
        return seen

    def _by_name(self, statistics: dict[str, Any]) -> dict[str, int]:
        return {
            self._names.get(who, who): int(one["framesDecoded"]) for who, one in statistics.items()
        }

    def watch(self, frames: int) -> None:
        """Wait until everybody decoded `frames` more frames of everybody else."""
        start = self.frames()
        names = list(self._names.values())
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            now = self.frames()
            if all(
                _grew(start, now, viewer, other) >= frames
                for viewer in names
                for other in names
                if viewer != other
            ):
                return
            if time.monotonic() > deadline:
                raise stage.DemoFailed(f"not everybody sees everybody: {now}")
            stage.pause(0.25)

    def take_pictures(self, out: Path, name: str) -> list[str]:
        """Write pictures of the desktop's window and of a guest's page; return their names."""
        made = [f"{name}-desktop.png"]
        self.desk.take_picture(out / made[0])
        if self.troupe.in_browser:
            made.append(f"{name}-guest.png")
            self.order("picture", self.story.guests[0], out=str(out / made[1]))
        return made

    # --- the end ----------------------------------------------------------------------------

    def close(self) -> None:
        """End everything that was started, each whether or not another could be ended."""
        try:
            self.troupe.end()
        finally:
            self.desk.close(end_host=True)


def _grew(
    start: dict[str, dict[str, int]], now: dict[str, dict[str, int]], viewer: str, other: str
) -> int:
    """Return by how much a count grew; a new connection counts from nothing."""
    before, after = (seen.get(viewer, {}).get(other, 0) for seen in (start, now))
    return after - before if after >= before else after
