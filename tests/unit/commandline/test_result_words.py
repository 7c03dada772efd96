"""Results of votes are told as asked, else as documents are written."""

from __future__ import annotations

import argparse
from types import SimpleNamespace

import pytest

from projectdesk.commandline.result_words import results_in
from projectdesk.errors import DomainError
from projectdesk.services.documents.languages import choose_document_language
from tests.unit.services.conftest import blank_data as blank_data
from tests.unit.services.conftest import clock as clock
from tests.unit.services.conftest import workspace as workspace

ROW = SimpleNamespace(words="carried", said={"de": "angenommen", "en": "carried: 2 of 3"})


def test_a_result_is_told_as_asked_else_as_documents_are_written(workspace):
    choose_document_language(workspace, "de")
    assert results_in(workspace, argparse.Namespace(language=""))(ROW) == "angenommen"
    assert results_in(workspace, argparse.Namespace(language="en"))(ROW) == "carried: 2 of 3"
    assert results_in(workspace, argparse.Namespace())(ROW) == "angenommen"
    assert results_in(workspace, argparse.Namespace(language="fr"))(ROW) == "carried"
    with pytest.raises(DomainError) as caught:
        results_in(workspace, argparse.Namespace(language="xx"))
    assert caught.value.code == "unknown_language"
