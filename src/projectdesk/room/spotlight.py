"""Who is in focus for all: whom the chair chose, else who presents the running item (CA-7)."""

from __future__ import annotations

from projectdesk.room.agenda import Agenda
from projectdesk.room.hall import Hall
from projectdesk.signalling.leading import Focus


class Spotlight:
    """The chair's choice, and whether the presenter is in focus without one."""

    def __init__(self, memory: Focus) -> None:
        self._chosen = memory.participant
        self._follows = memory.follows
        self._told = Focus()

    def choose(self, participant: str | None, *, follows: bool) -> None:
        """Put somebody in focus; None = nobody but (with `follows`) who presents."""
        self._chosen, self._follows = participant, follows

    def forget(self, participant: str) -> None:
        """Take somebody out of focus who left for good."""
        if self._chosen == participant:
            self._chosen = None

    def focus(self, hall: Hall, agenda: Agenda) -> Focus:
        """Return who is in focus now; somebody who is not in the call is not."""
        if self._is_here(hall, self._chosen):
            return Focus(participant=self._chosen, chosen=True, follows=self._follows)
        presenter = agenda.presenter if self._follows else None
        shown = presenter if self._is_here(hall, presenter) else None
        return Focus(participant=shown, follows=self._follows)

    def change(self, hall: Hall, agenda: Agenda) -> Focus | None:
        """Return the focus when it is another than what was told last, and count it as told."""
        focus = self.focus(hall, agenda)
        if focus == self._told:
            return None
        self._told = focus
        return focus

    def memory(self) -> Focus:
        """Return what must survive the host: the choice, not who happens to present."""
        return Focus(
            participant=self._chosen, chosen=self._chosen is not None, follows=self._follows
        )

    @staticmethod
    def _is_here(hall: Hall, participant: str | None) -> bool:
        person = hall.people.get(participant or "")
        return person is not None and person.here
