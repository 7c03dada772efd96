from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.store.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("  Straße\t12 ", "strasse 12"),
        ("São Paulo", "sao paulo"),
        ("Ærø", "aero"),
        ("Čeština – příklad", "cestina - priklad"),
        ("ΑΘΉΝΑ", "αθηνα"),
        ("WP3", "wp3"),
        ("İstanbul", "istanbul"),
        ("ｆｕｌｌ", "full"),
        ("𝕬𝖓𝖆", "ana"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
