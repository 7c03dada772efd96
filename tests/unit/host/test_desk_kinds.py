from __future__ import annotations

import msgspec
import pytest

from projectdesk.errors import DomainError
from projectdesk.host.desks.kinds import KINDS, MAX_COMMENT, tidied
from projectdesk.signalling.desk import InvitationAnswer
from tests.unit.host.test_journal import desk_snapshot

FORM = desk_snapshot().form


def test_every_kind_of_the_wire_is_registered():
    for kind, row in KINDS.items():
        assert row.form.__struct_config__.tag == kind
        assert row.answer.__struct_config__.tag == kind


def test_comments_are_plain_text():
    answer = InvitationAnswer(answer="accepted", comment="\u202e e\u0301\r\n\x07ok\n")
    assert tidied(FORM, answer).comment == "é\nok"
    persian = InvitationAnswer(answer="accepted", comment="می\u200cآیم")
    assert tidied(FORM, persian) == persian, "its spelling needs the joiner"
    fits = InvitationAnswer(answer="accepted", comment="x" * MAX_COMMENT)
    assert tidied(FORM, fits) == fits
    with pytest.raises(DomainError) as caught:
        tidied(FORM, msgspec.structs.replace(fits, comment="x" * (MAX_COMMENT + 1)))
    assert caught.value.code == "comment_too_long"
