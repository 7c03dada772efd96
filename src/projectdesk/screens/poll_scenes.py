"""Scenes of date polls: an open one with answers, its closing, a new one, letters, a draft."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from projectdesk.desktop.pages.find_time.page import FindTimePage
from projectdesk.desktop.pages.find_time.polls_pane import PollsPane
from projectdesk.desktop.presenters.asking import Letters
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.preparation import DateChoice, PollRule
from projectdesk.screens.stage import NOW, Stage
from projectdesk.services import commands, queries
from projectdesk.services.commands import NewVoter

_ZONE = "Europe/Lisbon"
_DAYS = ((7, 10), (8, 15), (10, 9), (14, 11))
"""Days from now, and the hour there."""
_SAID = ("yyny", "ymyn", "nyyy", "yynm", "-", "mymy", "-", "yyyy")
_CHOICES = {"y": DateChoice.YES, "m": DateChoice.IF_NEED_BE, "n": DateChoice.NO}
_COMMENTS = {1: "Tuesday only until 11:30.", 5: "I can join by phone."}


def polls(stage: Stage) -> None:
    """Show an open poll: how its dates stand, who says what, who is missing."""
    _pane(stage)


def closing(stage: Stage) -> None:
    """Show what is said before a date is chosen."""
    pane = _pane(stage)
    found = queries.date_poll(stage.workspace, pane.polls.rows[0].id)
    pane.open_closing(found, found.best[0], can_send=True)


def new(stage: Stage) -> None:
    """Show how a poll is made."""
    _pane(stage).ask_new()
    stage.settle()


def date(stage: Stage) -> None:
    """Show how a date is added."""
    _pane(stage).ask_date()


def letters(stage: Stage) -> None:
    """Show how who is missing is reminded."""
    pane = _pane(stage)
    poll = pane.polls.rows[0].id
    missing = {voter.id for voter in queries.date_poll(stage.workspace, poll).missing}
    made = commands.poll_links(stage.workspace, poll, "https://meet.example.org")
    links = tuple(link for link in made if link.voter_id in missing)
    mails = commands.asking_letters(stage.workspace, poll, links, reminder=True)
    pane.show_letters(Letters(links, mails, can_send=True, reminder=True))


def draft(stage: Stage) -> None:
    """Show a poll that nobody was asked about yet."""
    pane = _pane(stage)
    pane.polls.select(pane.polls.rows[1].id)
    stage.settle()


def _pane(stage: Stage) -> PollsPane:
    _make(stage)
    stage.go(Place.FIND_TIME, None, "polls")
    stage.settle()
    pane = cast(FindTimePage, stage.workbench.page(Place.FIND_TIME)).polls
    pane.polls.select(pane.polls.rows[0].id)
    stage.settle()
    return pane


def _make(stage: Stage) -> None:
    workspace = stage.workspace
    if queries.date_polls(workspace):
        return
    project = queries.projects(workspace)[0].id
    people = queries.mailing_list(workspace, project, "wp2").recipients
    whole = queries.mailing_list(workspace, project, "all").recipients
    asked = {each.person_id: None for each in (*people, *whole)}
    chosen = list(asked)[: len(_SAID)]
    starts = [
        datetime.combine((NOW + timedelta(days=days)).date(), datetime.min.time()).replace(
            hour=hour
        )
        for days, hour in _DAYS
    ]
    poll, _ = commands.create_poll(
        workspace,
        project,
        "WP2 call: sensors and calibration",
        _ZONE,
        starts,
        [NewVoter(person, at < len(chosen) - 2) for at, person in enumerate(chosen)],
        type=MeetingType.WORK_PACKAGE_CALL,
        duration_minutes=90,
        deadline=NOW + timedelta(days=4),
        rule=PollRule.AT_DEADLINE,
        reminder_days=[2, 1],
        description="First results of the autumn campaign.",
    )
    commands.open_poll(workspace, poll)
    _answer(stage, poll)
    commands.create_poll(
        workspace, project, "Preparing the interim review", "Europe/Copenhagen", starts[:2]
    )


def _answer(stage: Stage, poll: UUID) -> None:
    found = queries.date_poll(stage.workspace, poll)
    for at, (voter, said) in enumerate(zip(found.voters, _SAID, strict=False)):
        if said != "-":
            choices = {
                option.id: _CHOICES[each] for option, each in zip(found.options, said, strict=True)
            }
            commands.enter_votes(stage.workspace, voter.id, choices, _COMMENTS.get(at, ""))
