"""The audit trail of a written procedure in its page: shown, checked, saved."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from sqlalchemy import update

from projectdesk.desktop.pages.decisions.page import DecisionsPage
from projectdesk.desktop.presenters import procedure_trail as presenting
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.errors import NotFound, ProjectDeskError
from projectdesk.services import commands
from projectdesk.store import schema
from tests.unit.desktop.conftest import NOW, InstantSession


def test_the_trail_stands_beside_the_votes_and_is_saved(
    on_screen, instant, reader, workspace, procedure, tmp_path: Path
) -> None:
    page = on_screen(DecisionsPage(instant, reader, lambda: NOW))
    page.tabs.show_tab(1)
    pane = page.procedures
    pane.select_procedure(procedure)
    assert not pane.save_trail.isVisible()
    pane.by.buttons[1].click()
    assert pane.trail.table.rows == ()
    commands.open_procedure(workspace, procedure)
    (seat,) = pane.seats.rows
    commands.enter_ballot(workspace, seat.id, "for")
    assert [row.step for row in pane.trail.table.rows] == [AuditStep.OPENED, AuditStep.VOTED]
    assert pane.trail.table.rows[1].text.startswith("For: ")
    assert pane.trail_sum.text() == "2 steps, none was changed"
    assert pane.save_trail.isVisible()
    for name in ("trail.csv", "trail.md"):
        pane.trail.presenter.save_file(tmp_path / name)
        assert "Send it." in (tmp_path / name).read_text("utf-8")

    with workspace.change("Forge") as unit:
        table = schema.vote_seat
        unit.session.execute(update(table).values(choice="against"))
    pane.trail.presenter.reload()
    assert pane.trail.problem.isVisible()
    assert pane.trail_sum.text() == ""
    pane.by.buttons[0].click()
    assert pane.seats.isVisible()


def test_no_trail_stands_under_another_procedure_that_cannot_be_read(monkeypatch) -> None:
    first, second, gone = uuid4(), uuid4(), uuid4()
    away = ProjectDeskError("database_away", "The database is away.")
    errors = {second: away, gone: NotFound("not_found", "It is gone.")}

    def trail(_workspace, vote, *_):
        if vote in errors:
            raise errors[vote]
        return presenting.ShownTrail(vote, ("a step",), None)

    monkeypatch.setattr(presenting, "_trail", trail)
    shown: list[presenting.ShownTrail] = []
    session = InstantSession(None)
    presenter = presenting.ProcedureTrailPresenter(session, lambda: "UTC", shown.append)
    presenter.activate()
    presenter.choose(first)
    assert shown[-1].steps == ("a step",)
    presenter.choose(second)
    assert (shown[-1].vote_id, shown[-1].steps) == (second, ())
    assert [notice.text for notice in session.notices] == ["The database is away."]
    presenter.choose(gone)
    assert len(session.notices) == 1
