"""In which language documents are written: as asked, as set, or as the person here speaks."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.catalogues import first_known
from projectdesk.services.kept_settings import set_setting
from projectdesk.services.mine import is_me
from projectdesk.services.unit_settings import kept
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_KEY: Final = "documents_language"


def document_languages() -> dict[str, str]:
    """Return the languages that documents are written in: each tag with its own name."""
    from projectdesk.exchange.documents.words import languages, words  # documents load when needed

    return {tag: words(tag)("language") for tag in languages()}


def document_language(workspace: Workspace, asked: str = "") -> str:
    """Return in which language a document is written.

    Args:
        workspace: the open data.
        asked: what was asked for, "" = the setting, else the first language of the person at this
            desktop that documents are written in.

    Raises:
        DomainError: `unknown_language`.
    """
    if asked:
        from projectdesk.exchange.documents.words import checked_language

        return checked_language(asked)
    with workspace.read() as session:
        return language_in(session, "documents")


def language_in(session: Session, kind: str) -> str:
    """Return in which language of a kind of catalogue documents are written: set, else spoken.

    Args:
        session: of the data.
        kind: "documents", "agendas"; see `catalogues`.
    """
    chosen = kept(session, _KEY)
    if chosen:
        return first_known(kind, [chosen])
    spoken = session.scalar(select(schema.person.c.languages).where(is_me(session)).limit(1))
    return first_known(kind, spoken or ())


def choose_document_language(workspace: Workspace, language: str) -> None:
    """Keep in which language documents are written from now on.

    Raises:
        DomainError: `unknown_language`.
    """
    from projectdesk.exchange.documents.words import checked_language

    set_setting(workspace, _KEY, checked_language(language))
