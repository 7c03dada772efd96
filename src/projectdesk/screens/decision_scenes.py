"""Scenes of decisions: the register, one in detail, dialogs, written procedures at each stage."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from projectdesk.desktop.pages.decisions.page import DecisionsPage
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.presenters.procedures import letters_for
from projectdesk.desktop.routes import Place
from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.decision_rows import RegisterRow
from projectdesk.services.procedure_rows import VotingRow
from projectdesk.services.rows import Kind


def register(stage: Stage) -> None:
    """Show the register of decisions."""
    _page(stage)


def detail(stage: Stage) -> None:
    """Show a decision with its vote and what follows it up."""
    page = _page(stage)
    rows = page.register.presenter.rows
    chosen = next((row for row in rows if row.vote_id is not None), rows[0])
    page.register.select(chosen.id)
    stage.settle()


def vetoed(stage: Stage) -> None:
    """Show a decision against which a veto was raised."""
    page = _page(stage)
    row = _open_one(page)
    partner = queries.partners(stage.workspace, row.project_id)[3].id
    if not row.raised:
        commands.raise_veto(
            stage.workspace,
            row.id,
            partner,
            "The shorter period doubles the cost of our field work in the second winter.",
        )
    page.register.select(row.id)
    stage.settle()


def search(stage: Stage) -> None:
    """Show what is found in the minutes as well."""
    page = _page(stage)
    page.register.filter.setText("sensor")
    page.register.presenter.search("sensor")
    stage.settle()


def follow_up(stage: Stage) -> None:
    """Show how a decision is followed up."""
    page = _page(stage)
    row = page.register.presenter.rows[0]
    page.register.select(row.id)
    stage.settle()
    page.register.ask_follow_up(row)


def replace(stage: Stage) -> None:
    """Show how a decision is replaced."""
    page = _page(stage)
    page.register.ask_replacement(page.register.presenter.rows[0])


def veto(stage: Stage) -> None:
    """Show how a veto is noted."""
    page = _page(stage)
    row = _open_one(page)
    page.register.select(row.id)
    stage.settle()
    page.register.ask_veto(row)


def veto_answer(stage: Stage) -> None:
    """Show how a veto is answered."""
    vetoed(stage)
    page = cast(DecisionsPage, stage.workbench.page(Place.DECISIONS))
    row = next(row for row in page.register.presenter.rows if row.raised)
    raised = queries.decision_detail(stage.workspace, row.id).vetoes[0]
    page.register.panel.answer_asked.emit(raised)


def record(stage: Stage) -> None:
    """Show how a vote that was held in a room is written down."""
    _page(stage).ask_vote()
    stage.settle()


def ballots(stage: Stage) -> None:
    """Show how the votes of the members are written down."""
    record(stage)
    dialog = next(each for each in stage.dialogs() if isinstance(each, FormDialog))
    dialog.form.rows["question"].editor.set_value("The second General Assembly is in Cork.")
    dialog.submit()
    stage.settle()


def compile_(stage: Stage) -> None:
    """Show how a period is compiled into one document."""
    _page(stage).ask_compile()
    stage.settle()


def procedures(stage: Stage) -> None:
    """Show a written procedure under way."""
    _procedures(stage)


def procedure_documents(stage: Stage) -> None:
    """Show a draft with the documents that members will vote on, and one that has some."""
    page = _procedures(stage)
    known = page.procedures.procedures.rows
    if not known or known[0].body_id is None:
        return
    question = "The amended budget is sent to the granting authority."
    made = next((row.id for row in known if row.question == question), None)
    if made is None:
        made, _ = commands.create_procedure(stage.workspace, known[0].body_id, question)
        with tempfile.TemporaryDirectory() as folder:
            papers = [Path(folder) / name for name in ("Amended budget.pdf", "Letter.docx")]
            for number, paper in enumerate(papers, 1):
                paper.write_bytes(b"x" * 184_000 * number)
            commands.attach_documents(stage.workspace, Kind.VOTE, made, papers)
        stage.settle()
    page.procedures.select_procedure(made)


def procedure_trail(stage: Stage) -> None:
    """Show the audit trail of a written procedure that was closed."""
    page = _procedures(stage)
    told = next((row for row in page.procedures.procedures.rows if row.counts), None)
    if told is not None:
        page.procedures.select_procedure(told.id)
    page.procedures.by.choose(1)
    page.procedures.show_part(1)
    stage.settle()


def new_procedure(stage: Stage) -> None:
    """Show how a written procedure is made."""
    _procedures(stage).procedures.ask_new()
    stage.settle()


def letters(stage: Stage) -> None:
    """Show how who is missing is reminded."""
    page = _procedures(stage)
    row = _under_way(stage, page)
    if row is None:
        return
    links = commands.ballot_links(stage.workspace, row.id, "https://meet.example.org")
    missing = {seat.id for seat in queries.vote_detail(stage.workspace, row.id).missing}
    wanted = [link for link in links if link.seat_id in missing]
    page.procedures.show_letters(letters_for(stage.workspace, row.id, wanted, reminder=True))


def closing(stage: Stage) -> None:
    """Show what is said before the votes are counted."""
    page = _procedures(stage)
    _under_way(stage, page)
    page.procedures.ask_close()
    stage.settle()


def result(stage: Stage) -> None:
    """Show a procedure whose result the members do not know yet."""
    row = _under_way(stage, _procedures(stage))
    if row is None:
        return
    for seat in queries.vote_detail(stage.workspace, row.id).missing:
        commands.enter_ballot(stage.workspace, seat.id, "for")
    commands.close_procedure(stage.workspace, row.id, even_if_early=True)
    stage.settle()


def _page(stage: Stage, tab: str = "") -> DecisionsPage:
    stage.go(Place.DECISIONS, None, tab)
    stage.settle()
    return cast(DecisionsPage, stage.workbench.page(Place.DECISIONS))


def _procedures(stage: Stage) -> DecisionsPage:
    page = _page(stage, "procedures")
    stage.settle()
    return page


def _under_way(stage: Stage, page: DecisionsPage) -> VotingRow | None:
    """Choose the procedure that members vote in, whatever other scenes have added; return it."""
    rows = page.procedures.procedures.rows
    found = next((row for row in rows if row.stage is ProcedureStage.VOTING), None)
    if found is not None:
        page.procedures.select_procedure(found.id)
        stage.settle()
    return found


def _open_one(page: DecisionsPage) -> RegisterRow:
    """Return a decision that takes a veto."""
    rows = page.register.presenter.rows
    return next((row for row in rows if row.binding_at is None), rows[-1])
