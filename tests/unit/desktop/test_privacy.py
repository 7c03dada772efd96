"""Settings, Privacy: periods are chosen, what a policy settled is not; what is erased is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projectdesk.desktop.models.retention_words import choices
from projectdesk.desktop.pages.privacy import PrivacyPane
from projectdesk.desktop.runtime.daily import Daily
from projectdesk.domain.rules.retention import Kept
from projectdesk.policy import managed, sources
from projectdesk.services import document_upkeep, retention
from projectdesk.store import backup
from tests.unit.desktop.conftest import NOW, InstantSession


@pytest.fixture
def pane(qtbot, dressed, instant) -> PrivacyPane:
    made = PrivacyPane(instant)
    qtbot.addWidget(made)
    made.presenter.load()
    return made


def choose(pane: PrivacyPane, kept: Kept, days: int | None) -> None:
    editor = pane.editors[kept]
    editor.setCurrentIndex(editor._values.index(days))
    editor.activated.emit(editor.currentIndex())


def test_a_period_is_chosen_and_nothing_shorter_than_allowed_is_offered(
    pane: PrivacyPane, instant: InstantSession
) -> None:
    offered = [int(str(o.value)) for o in choices(pane._periods[Kept.MAIL]) if o.value]
    assert min(offered) == 25
    assert None not in [each.value for each in choices(pane._periods[Kept.JOURNAL])]
    choose(pane, Kept.MAIL, 365)
    assert retention.period(instant.workspace, Kept.MAIL).days == 365
    assert pane.editors[Kept.MAIL].currentText() == "1 year"
    choose(pane, Kept.MAIL, None)
    assert retention.period(instant.workspace, Kept.MAIL).days is None


@pytest.mark.full
def test_what_a_policy_settled_is_grey(
    pane: PrivacyPane, instant: InstantSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_read_system", lambda: ("policy.json", {"KeepMailDays": 90}, ""))
    managed.cache_clear()
    try:
        pane.presenter.load()
        assert not pane.editors[Kept.MAIL].isEnabled()
        assert pane.editors[Kept.MAIL].currentText() == "90 days"
        assert pane.editors[Kept.MAIL].toolTip() == "Set by your organisation"
        assert pane.editors[Kept.CAPTIONS].isEnabled()
        assert not pane._settled.isHidden()
        pane.presenter.choose(Kept.MAIL, 365)
        assert "Your organisation" in instant.notices[-1].text
    finally:
        managed.cache_clear()


def test_once_a_day_it_is_backed_up_and_erased_and_told(instant: InstantSession) -> None:
    workspace = instant.workspace
    daily = Daily(instant)
    retention.set_period(workspace, Kept.BACKUPS, 7)
    before = len(backup.backups(workspace.data))
    workspace.now = lambda: NOW + timedelta(days=9)
    daily.look()
    assert len(backup.backups(workspace.data)) == 1, "a new one is there, the old one is erased"
    assert instant.notices[-1].text == f"Erased after its period: Backups: {before}."
    assert document_upkeep.read_noted(workspace.data).applied_at == NOW + timedelta(days=9)
    told = len(instant.notices)
    daily.look()
    assert len(instant.notices) == told, "not twice a day"
