"""Documents out of the data: what the tables hold is said, in the language that was asked for."""

from __future__ import annotations

import json
import shutil
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.cli import main
from projectdesk.commandline import exporting
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.minutes import Information, MinutesReader, Objection
from projectdesk.domain.rules.line_steps import Agreed, Tie
from projectdesk.domain.rules.typed_lines import LineKind, ParsedLine
from projectdesk.domain.voting import Vote, VoteResult, VoteSeat, VoteState
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.exchange.documents.outline import Callout, Facts, Grid
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, line_table, queries
from projectdesk.services.commands.documents import meeting_outline
from projectdesk.services.documents.languages import choose_document_language, document_language
from projectdesk.services.documents.meetings import minutes_content
from projectdesk.services.documents.registers import Span, decisions_content
from projectdesk.services.rows import Kind, MeetingRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.documents.example import picture

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)


@pytest.fixture(scope="module")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    with Workspace.open(folder, secrets=MemorySecrets(), now=lambda: NOW) as opened:
        commands.open_sample(opened)
    return folder


@pytest.fixture
def sample(tmp_path: Path, sample_data: Path) -> Iterator[Workspace]:
    shutil.copytree(sample_data, tmp_path / "data")
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets(), now=lambda: NOW) as opened:
        yield opened


def assembly(workspace: Workspace) -> MeetingRow:
    rows = queries.meetings(workspace)
    return next(row for row in rows if row.type is MeetingType.GENERAL_ASSEMBLY)


def vote(workspace: Workspace, *, secret: bool) -> UUID:
    """Write down a vote of the assembly's second item: one partner for, one against."""
    meeting = assembly(workspace)
    item = queries.agenda(workspace, meeting.id)[1]
    first, second, *_ = queries.partners(workspace, meeting.project_id)
    made = Vote(
        project_id=meeting.project_id,
        meeting_id=meeting.id,
        agenda_item_id=item.id,
        number=41 + secret,
        question="Move the money?",
        secret=secret,
        state=VoteState.CLOSED,
        counts=[1, 1, 0],
        result=VoteResult.LOST,
        seats=12,
        present=11,
    )
    with workspace.change("Write a vote down") as unit:
        unit.session.add(made)
        unit.session.flush()
        for partner, choice in ((first, "for"), (second, "against")):
            unit.session.add(
                VoteSeat(
                    vote_id=made.id,
                    partner_id=partner.id,
                    voted_at=NOW,
                    present=True,
                    choice="" if secret else choice,
                )
            )
    return made.id


@pytest.mark.full
def test_a_vote_stands_below_its_item_with_who_voted_how(sample: Workspace) -> None:
    vote(sample, secret=False)
    made = meeting_outline(sample, assembly(sample).id, "minutes")
    callout = next(e for e in made.elements if isinstance(e, Callout) and e.kind == "vote")
    assert callout.label == "Vote V41"
    assert callout.note.startswith("Lost: 1 of 2 votes cast, 2/3 needed · For: 1, Against: 1")
    record = next(e for e in made.elements if isinstance(e, Grid) and "V41" in e.caption)
    first, second, *_ = queries.partners(sample, assembly(sample).project_id)
    assert ("For", first.short_name, "1") in record.rows
    assert ("Against", second.short_name, "1") in record.rows


def test_of_a_secret_vote_no_choice_of_a_member_is_read(sample: Workspace) -> None:
    vote(sample, secret=True)
    content = minutes_content(sample, assembly(sample).id)
    (found,) = content.items[1].outcome.votes
    assert found.secret
    assert [seat.voted for seat in found.record] == [True, True]
    assert {seat.choice for seat in found.record} == {""}


def test_objections_information_and_risks_are_in_the_minutes(sample: Workspace) -> None:
    meeting = assembly(sample)
    item = queries.agenda(sample, meeting.id)[0]
    risk = queries.risks(sample, meeting.project_id)[0]
    minutes = sample_minutes(sample, meeting.id)
    with sample.change("After the call") as unit:
        readers = unit.session.scalars(
            select(schema.minutes_reader.c.person_id).where(
                schema.minutes_reader.c.minutes_id == minutes
            )
        ).all()
        person = next(
            each for each in queries.people(sample, meeting.project_id) if each.id not in readers
        )
        unit.session.add(
            Information(meeting_id=meeting.id, agenda_item_id=item.id, number=1, text="Lunch.")
        )
        reader = MinutesReader(minutes_id=minutes, person_id=person.id)
        unit.session.add(reader)
        unit.session.flush()
        unit.session.add(
            Objection(
                minutes_id=minutes,
                reader_id=reader.id,
                agenda_item_id=item.id,
                number=1,
                text="Not so.",
                raised_at=NOW,
            )
        )
        said = ParsedLine(LineKind.RISK, risk.title)
        agreed = Agreed(
            risk.id, minutes, item.id, LineKind.RISK, Tie.LIVE, "", "R: x", said, said, 1, True
        )
        line_table.write(unit.session, agreed)
    content = minutes_content(sample, meeting.id)
    assert [each.text for each in content.items[0].outcome.information] == ["Lunch."]
    assert [each.label for each in content.items[0].outcome.risks] == [risk.label]
    (objection,) = (each for each in content.objections if each.text == "Not so.")
    assert (objection.item, objection.by.startswith(person.name)) == (item.title, True)


def sample_minutes(workspace: Workspace, meeting_id: UUID) -> UUID:
    """Return the id of the newest minutes."""
    minutes = schema.minutes.c
    with workspace.read() as session:
        return (
            session.execute(
                schema.minutes.select()
                .where(minutes.meeting_id == meeting_id)
                .order_by(minutes.revision.desc())
            )
            .first()
            .id
        )  # type: ignore[union-attr]


def test_the_logo_of_the_project_is_in_its_documents(sample: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "SALTMARK logo.png"
    file.write_bytes(picture().content)
    meeting = assembly(sample)
    commands.attach_documents(sample, Kind.PROJECT, meeting.project_id, [file])
    made = meeting_outline(sample, meeting.id, "agenda", "de")
    assert made.logo is not None
    assert made.logo.alt == "Logo von SALTMARK"


def test_a_register_is_of_a_project_a_meeting_or_a_period(sample: Workspace) -> None:
    meeting = assembly(sample)
    whole = decisions_content(sample, Span(meeting.project_id), "en").decisions
    of_meeting = decisions_content(sample, Span(meeting.project_id, meeting.id), "en").decisions
    day = of_meeting[0].made_on
    span = Span(meeting.project_id, None, day, day)
    of_day = decisions_content(sample, span, "en").decisions
    before = Span(meeting.project_id, None, None, day - timedelta(days=1))
    after = Span(meeting.project_id, None, day + timedelta(days=1))
    assert {each.decision.label for each in of_meeting} == {each.decision.label for each in of_day}
    assert 0 < len(of_meeting) < len(whole)
    others = [decisions_content(sample, span, "en").decisions for span in (before, after)]
    assert sum(map(len, others)) == len(whole) - len(of_day)
    assert {each.meeting for each in of_meeting} == {meeting.title}


def test_the_language_is_as_asked_as_set_or_as_the_person_speaks(sample: Workspace) -> None:
    commands.set_me(sample, {"given_name": "Ada", "family_name": "Lund", "languages": ["pt", "de"]})
    assert document_language(sample) == "de"
    choose_document_language(sample, "en")
    assert document_language(sample) == "en"
    assert document_language(sample, "de") == "de"
    with pytest.raises(DomainError, match="expected en, "):
        document_language(sample, "xx")


def test_what_was_held_says_when_and_the_quorum(sample: Workspace) -> None:
    made = meeting_outline(sample, assembly(sample).id, "attendance", "de")
    facts = dict(next(e for e in made.elements if isinstance(e, Facts)).rows)
    assert facts["Beschlussfähigkeit"].startswith("Durchgehend beschlussfähig")
    assert facts["Dauer"].endswith("min)")


@pytest.mark.full
def test_the_command_line_writes_documents(
    sample: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = str(assembly(sample).id)
    sample.close()
    for what, whose, ending, begins in (
        ("attendance", of, "csv", "\ufeffName;Partner"),
        ("decisions", "SALTMARK", "md", "# Beschlussverzeichnis, SALTMARK"),
    ):
        out = tmp_path / f"{what}.{ending}"
        words = ["export", what, whose, "--out", str(out), "--data", str(tmp_path / "data")]
        language = "de" if what == "decisions" else "en"
        assert main([*words, "--language", language, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["file"] == str(out)
        assert out.read_text("utf-8").startswith(begins)


def options(tmp_path: Path, what: str, name: str | None = None, **more: str) -> Namespace:
    """Return the options of `projectdesk export`."""
    usual = dict.fromkeys(("project", "meeting", "format", "first", "last"))
    out = tmp_path / more.pop("out", "none")
    without = dict.fromkeys(("with_trail", "with_actions"), False)
    given = {"what": what, "name": name, "language": "", "out": out, **more}
    return Namespace(**{**usual, **without, **given})


@pytest.mark.full
def test_every_document_is_written_by_the_name_of_its_file(
    sample: Workspace, tmp_path: Path
) -> None:
    of = str(assembly(sample).id)
    for what, whose, ending, begins in (
        ("minutes", of, "html", "<!DOCTYPE html>"),
        ("agenda", of, "md", "# General Assembly 1"),
        ("actions", of, "csv", "\ufeffNo.;What"),
        ("review-report", of, "markdown", "# General Assembly 1"),
    ):
        asked = options(tmp_path, what, whose, out=f"{what}.{ending}")
        written = exporting.EXPORTS[what](sample, asked)["file"]
        assert written.read_text("utf-8").startswith(begins)


@pytest.mark.parametrize(
    ("what", "name", "more", "code"),
    [
        ("minutes", "ID", {"format": "odt"}, "unknown_format"),
        ("minutes", "ID", {"format": "csv"}, "unknown_format"),
        ("minutes", "ID", {"format": "pdf", "language": "xx"}, "unknown_language"),
        ("minutes", None, {"format": "pdf"}, "meeting_needed"),
        ("decisions", None, {"format": "pdf"}, "project_needed"),
        ("decisions", "NOPE", {"format": "pdf"}, "no_such_project"),
        ("actions", "SALTMARK", {"format": "md", "first": "soon"}, "not_a_date"),
        ("agenda", "ID", {}, "format_needed"),
        ("agenda", "x", {"format": "md"}, "not_an_id"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is(
    sample: Workspace, tmp_path: Path, what: str, name: str | None, more: dict[str, str], code: str
) -> None:
    name = str(assembly(sample).id) if name == "ID" else name
    with pytest.raises(ProjectDeskError) as refused:
        exporting.EXPORTS[what](sample, options(tmp_path, what, name, **more))
    assert refused.value.code == code
    assert not (tmp_path / "none").exists()
