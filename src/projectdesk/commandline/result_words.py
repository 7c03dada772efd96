"""Results of votes, in the language in which documents are written or that was asked for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Protocol

from projectdesk.services.documents.languages import document_language
from projectdesk.services.workspace import Workspace


class Told(Protocol):
    """What has a result in words."""

    @property
    def words(self) -> str:
        """As it is kept, in English."""

    @property
    def said(self) -> Mapping[str, str]:
        """By language."""


Tells = Callable[[Told], str]


def results_in(workspace: Workspace, options: argparse.Namespace) -> Tells:
    """Return what says results: as `--language` says, else as documents are written.

    Raises:
        DomainError: `unknown_language`.
    """
    language = document_language(workspace, getattr(options, "language", ""))
    return lambda row: row.said.get(language, row.words)
