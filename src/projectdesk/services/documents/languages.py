"""In which language documents are written: as asked, as set, or as the person here speaks."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.mine import is_me
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
    from projectdesk.exchange.documents.words import checked_language, language_of

    if asked:
        return checked_language(asked)
    kept = setting(workspace, _KEY)
    if kept:
        return language_of([kept])
    with workspace.read() as session:
        languages = session.scalar(select(schema.person.c.languages).where(is_me(session)).limit(1))
    return language_of(languages or ())


def choose_document_language(workspace: Workspace, language: str) -> None:
    """Keep in which language documents are written from now on.

    Raises:
        DomainError: `unknown_language`.
    """
    from projectdesk.exchange.documents.words import checked_language

    set_setting(workspace, _KEY, checked_language(language))
