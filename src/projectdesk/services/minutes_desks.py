"""What a host is told of circulated minutes: a desk for each reader.

The desks belong to no room. A host gets the SHA-256 of each token only (decisions 1). They are read
until 30 days after the minutes were accepted and the time for vetoes is over; a revision that was
superseded only says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import Minutes, MinutesState
from projectdesk.domain.rules.minutes_life import takes_veto
from projectdesk.domain.rules.tokens import LinkPurpose, link_token, token_hash
from projectdesk.domain.voting import VetoState
from projectdesk.errors import NotFound
from projectdesk.services import queries
from projectdesk.services.circulation_rows import ReaderLink
from projectdesk.services.desk_sets import DeskSet
from projectdesk.services.hosting import link_key
from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.minutes_keys import minutes_host_key, minutes_journal_key
from projectdesk.services.minutes_mail import reader_links
from projectdesk.services.minutes_versions import VersionContent, VersionDecision, newest_content
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.queries.minutes_life import decisions_open_to
from projectdesk.services.queries.names import partner_names, person_name
from projectdesk.services.queries.vote_words import results_said
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import DeskSnapshot
from projectdesk.signalling.outcome import (
    GivenObjection,
    MinutedDecision,
    MinutedItem,
    MinutesSnapshot,
)
from projectdesk.signalling.votes import Words
from projectdesk.store import schema

KEPT_OPEN: Final = timedelta(days=30)
"""How long after they were accepted minutes are read by link (decisions 1)."""
_Status = Literal["circulated", "accepted", "superseded"]
_STATUS: Final[Mapping[MinutesState, _Status]] = {
    MinutesState.CIRCULATED: "circulated",
    MinutesState.ACCEPTED: "accepted",
    MinutesState.SUPERSEDED: "superseded",
}


def keep_journal(workspace: Workspace, minutes_id: UUID, journal: str) -> None:
    """Remember in whose journal the answers to minutes come: its host has the desks now."""
    key = minutes_journal_key(minutes_id)
    if setting(workspace, key) != journal:
        set_setting(workspace, key, journal)


def minutes_desks(workspace: Workspace, minutes_id: UUID) -> DeskSet:
    """Return the desks of a revision's readers, as their host needs them.

    Raises:
        NotFound: no such minutes, or they are a draft.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    key = link_key(workspace)
    with workspace.read() as session:
        minutes = session.get(Minutes, minutes_id)
        content = newest_content(session, minutes_id)
        if minutes is None or content is None or minutes.state is MinutesState.DRAFT:
            raise NotFound("not_found", "These minutes are not circulated.", noun="minutes")
        meeting = queries.meeting(workspace, minutes.meeting_id)
        form = _Form(
            session, minutes, content, meeting.project, organiser(workspace, meeting.project_id)
        )
        desks = []
        for reader in session.execute(_readers(minutes_id)).all():
            token = link_token(key, LinkPurpose.MINUTES, reader.id, reader.generation)
            snapshot = form.of(reader)
            desks.append(
                (
                    reader.desk,
                    DeskSnapshot(
                        subject=reader.id.hex,
                        token_hash="" if reader.revoked else token_hash(token),
                        deadline=form.deadline(snapshot),
                        form=snapshot,
                    ),
                )
            )
    return DeskSet(minutes.host, tuple(desks))


def minutes_links(workspace: Workspace, minutes_id: UUID, public_url: str) -> list[ReaderLink]:
    """Return the links of a revision's readers.

    Raises:
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    return reader_links(workspace, minutes_id, public_url)


def open_minutes(workspace: Workspace) -> list[UUID]:
    """Return the revisions whose links are still looked at.

    Only those that were circulated in this data: a copy of a project does not send its links to a
    host by itself.
    """
    minutes = schema.minutes
    decision = schema.decision.c
    since = workspace.now() - KEPT_OPEN
    vetoes_open = exists().where(
        decision.meeting_id == minutes.c.meeting_id, decision.veto_until >= since
    )
    query = select(minutes.c.id).where(
        minutes.c.circulated_at.is_not(None),
        or_(
            minutes.c.state == MinutesState.CIRCULATED,
            (minutes.c.state == MinutesState.ACCEPTED)
            & ((minutes.c.accepted_at >= since) | vetoes_open),
            (minutes.c.state == MinutesState.SUPERSEDED) & (minutes.c.objections_until >= since),
        ),
    )
    with workspace.read() as session:
        return _hosted(session, session.scalars(query))


def circulated_minutes(workspace: Workspace) -> frozenset[UUID]:
    """Return the revisions that were ever circulated."""
    minutes = schema.minutes.c
    query = select(minutes.id).where(minutes.circulated_at.is_not(None))
    with workspace.read() as session:
        return frozenset(session.scalars(query))


# --- inside ---------------------------------------------------------------------------------------


def _hosted(session: Session, found: Iterable[UUID]) -> list[UUID]:
    kept = schema.setting.c
    ids = sorted(found)
    keys = [minutes_host_key(each) for each in ids]
    known = set(session.scalars(select(kept.key).where(kept.key.in_(keys))))
    return [each for each in ids if minutes_host_key(each) in known]


def _readers(minutes_id: UUID) -> Any:
    reader, person = schema.minutes_reader, schema.person.c
    names = partner_names().subquery()
    return (
        select(
            reader,
            person.given_name,
            person.family_name,
            person.email,
            names.c.name.label("partner"),
        )
        .join_from(reader, schema.person)
        .join(names, names.c.id == reader.c.partner_id, isouter=True)
        .where(reader.c.minutes_id == minutes_id)
        .order_by(reader.c.id)
    )


class _Form:
    """Makes the forms of one revision: all readers see the same minutes, each their own answers."""

    def __init__(
        self,
        session: Session,
        minutes: Minutes,
        content: VersionContent,
        project: str,
        organiser_name: str,
    ) -> None:
        self._session = session
        self._minutes = minutes
        self._content = content
        self._project = project
        self._organiser = organiser_name
        self._vetoes = _raised(session, minutes.meeting_id)
        self._given = _given(session, minutes.id)
        self._until = _veto_ends(session, minutes.meeting_id)
        self._said = _results(session, minutes.meeting_id)

    def of(self, reader: Any) -> MinutesSnapshot:
        """Return the form of one reader."""
        minutes, content = self._minutes, self._content
        open_here = (
            decisions_open_to(self._session, minutes.meeting_id, reader.partner_id)
            if reader.may_object
            else {}
        )
        given = self._given.get(reader.id, [])
        return MinutesSnapshot(
            project=self._project,
            title=content.title,
            date=content.date,
            name=person_name(reader) or reader.email,
            organisation=reader.partner or "",
            organiser=self._organiser,
            revision=minutes.revision,
            status=_STATUS[minutes.state],
            objections_until=self._window_end(),
            may_object=reader.may_object,
            items=[
                MinutedItem(
                    id=item.id,
                    label=item.label,
                    title=item.title,
                    text=item.reading,
                    decisions=[
                        MinutedDecision(
                            id=each.id,
                            label=each.label,
                            text=each.text,
                            rule=self._rule(each),
                            may_veto=self._takes_vetoes(each.id, open_here),
                            veto_until=self._until.get(each.id),
                            vetoed=self._vetoes.get((each.id, reader.partner_id), ""),
                        )
                        for each in item.decisions
                    ],
                    actions=[f"{each.label} {each.line}" for each in item.actions],
                )
                for item in content.items
            ],
            present=content.present,
            absent=content.absent,
            represented=content.represented,
            received_at=reader.received_at,
            given=[objection for objection, _ in given],
            given_at=max((at for _, at in given), default=reader.received_at),
            audit_head=minutes.audit_head,
        )

    def deadline(self, form: MinutesSnapshot) -> datetime:
        """Return until when the host takes answers: the window, or a longer one of vetoes."""
        ends = [
            self._until[each.id]
            for item in form.items
            for each in item.decisions
            if each.may_veto and each.id in self._until
        ]
        return max([form.objections_until, *ends])

    def _takes_vetoes(self, decision: str, open_here: Mapping[UUID, bool]) -> bool:
        """Return whether a decision (hex) takes a reader's veto; until when, the host's clock says.

        Args:
            decision: which one.
            open_here: whether the reader may veto, by decision.
        """
        until = self._until.get(decision)
        in_time = takes_veto(self._minutes.state, until, until or self._window_end())
        return in_time and open_here.get(UUID(decision), False)

    def _rule(self, decision: VersionDecision) -> Words:
        """Return how a decision was carried, as the minutes have it, by language."""
        kept = {"en": decision.rule} if decision.rule else {}
        said = self._said.get(decision.id, {})
        return dict(said) if said.get("en", "") == decision.rule else kept

    def _window_end(self) -> datetime:
        """Return the end of the window; circulated minutes have one."""
        if self._minutes.objections_until is None:
            raise NotFound("not_found", "These minutes are not circulated.", noun="minutes")
        return self._minutes.objections_until


def _raised(session: Session, meeting_id: UUID) -> dict[tuple[str, UUID], str]:
    """Return the reasons of vetoes by decision (hex) and partner."""
    veto, decision = schema.veto.c, schema.decision.c
    query = (
        select(veto.decision_id, veto.partner_id, veto.reason)
        .join_from(schema.veto, schema.decision, decision.id == veto.decision_id)
        .where(decision.meeting_id == meeting_id, veto.state == VetoState.RAISED)
    )
    return {(row.decision_id.hex, row.partner_id): row.reason for row in session.execute(query)}


def _given(session: Session, minutes_id: UUID) -> dict[UUID, list[tuple[GivenObjection, datetime]]]:
    objection = schema.objection
    query = (
        select(objection)
        .where(objection.c.minutes_id == minutes_id)
        .order_by(objection.c.number, objection.c.id)
    )
    found: dict[UUID, list[tuple[GivenObjection, datetime]]] = {}
    for row in session.execute(query):
        item = row.agenda_item_id.hex if row.agenda_item_id is not None else ""
        shown = GivenObjection(item=item, text=row.text, status=row.state.value, answer=row.answer)
        found.setdefault(row.reader_id, []).append((shown, row.answered_at or row.raised_at))
    return found


def _results(session: Session, meeting_id: UUID) -> dict[str, Mapping[str, str]]:
    """Return the results of votes by language, by the decision (hex) that came of each."""
    decision = schema.decision.c
    query = select(decision.id, decision.vote_id).where(
        decision.meeting_id == meeting_id, decision.vote_id.is_not(None)
    )
    votes = {row.id.hex: row.vote_id for row in session.execute(query)}
    said = results_said(session, set(votes.values()))
    return {each: said.get(vote, {}) for each, vote in votes.items()}


def _veto_ends(session: Session, meeting_id: UUID) -> dict[str, datetime]:
    """Return until when the decisions (hex) that do not bind yet take vetoes."""
    decision = schema.decision.c
    query = select(decision.id, decision.veto_until).where(
        decision.meeting_id == meeting_id,
        decision.veto_until.is_not(None),
        decision.binding_at.is_(None),
    )
    return {row.id.hex: row.veto_until for row in session.execute(query)}
