from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules import mailing

ADDRESSES = st.lists(
    st.from_regex(r"[a-z0-9.+&%?#/=_-]{1,30}@[a-z]{1,20}\.[a-z]{2,5}", fullmatch=True), max_size=120
)


def test_everybody_stands_once_in_the_row() -> None:
    twice = ["a@x.eu", " ", "B@x.eu", "b@X.eu ", "a@x.eu"]
    assert mailing.in_a_row(twice) == "a@x.eu; B@x.eu"
    assert mailing.in_a_row(twice, mailing.COMMA) == "a@x.eu, B@x.eu"
    assert mailing.in_a_row([]) == ""


def test_addresses_are_hidden_from_one_another_unless_asked() -> None:
    two = ["a@x.eu", "b+c@x.eu"]
    assert mailing.mailto(two) == "mailto:?bcc=a@x.eu,b%2Bc@x.eu"
    assert mailing.mailto(two, ";") == "mailto:?bcc=a@x.eu%3Bb%2Bc@x.eu"
    assert mailing.mailto(two, hidden=False) == "mailto:a@x.eu,b%2Bc@x.eu"
    assert mailing.mailtos([]) == []


@given(ADDRESSES, st.sampled_from([",", ";"]), st.booleans())
def test_long_lists_are_split_and_nobody_is_lost(addresses, separator, hidden) -> None:
    links = mailing.mailtos(addresses, separator, hidden=hidden, longest=200)
    found = []
    for link in links:
        assert len(link) <= 200 or link.count("@") == 1
        parts = urlsplit(link)
        assert parts.scheme == "mailto"
        if hidden:
            assert parts.path == ""
            [row] = parse_qs(parts.query, separator="&")["bcc"]
        else:
            from urllib.parse import unquote

            row = unquote(parts.path)
        found += row.split(separator)
    assert found == mailing.unique_addresses(addresses)
