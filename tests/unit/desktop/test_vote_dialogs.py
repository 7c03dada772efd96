"""The dialog of a vote by hand: who voted how, and what holds if attendance says otherwise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from projectdesk.desktop.pages.decisions.vote_dialogs import _ask_ballots
from projectdesk.domain.voting import FOR
from projectdesk.services.commands.votes import HeldByHand


@pytest.mark.parametrize("there", [False, True])
def test_a_vote_of_who_was_absent_counts_only_when_it_is_said(
    qapp: QApplication, there: bool
) -> None:
    recorded: list[tuple[UUID, HeldByHand]] = []
    member: Any = SimpleNamespace(partner_id=uuid4(), partner="LAB", in_default=False)
    meeting: Any = SimpleNamespace(id=uuid4())
    parent = QWidget()
    dialog = _ask_ballots(
        parent, meeting, HeldByHand("Adopt?"), [member], lambda *told: recorded.append(told[:2])
    )
    for name, value in ((member.partner_id.hex, FOR), ("absent", there)):
        dialog.form.rows[name].editor.set_value(value)
    dialog.submit()
    made = HeldByHand("Adopt?", {member.partner_id: FOR}, voters_there=there)
    assert recorded == [(meeting.id, made)]
    dialog.close_done()
    parent.close()
