"""What an answering mail votes in a written procedure."""

from __future__ import annotations

import pytest

from projectdesk.domain.rules.ballot_replies import read_ballot_reply
from projectdesk.domain.rules.reply_words import plain_word, reply_words
from projectdesk.domain.rules.voting import STANCES

QUOTED = """On Tue, Maya wrote:
> The budget of WP2 is moved to WP3.
> You can vote: for, against, abstention.
> Or answer this mail with a line of its own that says “for”, “against”, “abstain”.
> Ballot abcdefghij-1a2b3c"""


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("For.", "for"),
        ("Dear Maya,\n\nWe vote against!\n\nBest regards, Rui", "against"),
        ("My vote: abstention", "abstain"),
        ("Mon vote\u202f: pour", "for"),
        ("Mi voto: a favor", "for"),
        ("Mój głos: przeciw", "against"),
        ("dafür", "for"),
        ("Contre", "contre"),
        ("Me  abstengo.", "abstain"),
        ("**a favore**", "for"),
        ("za", "for"),
        ("imod", "against"),
        ("نعم", "for"),
        ("For.\nThanks for the good text.", "for"),
    ],
)
def test_a_line_that_votes_is_read_in_every_language(text: str, choice: str) -> None:
    wanted = "against" if choice == "contre" else choice
    assert read_ballot_reply(f"{text}\n\n{QUOTED}", STANCES).choice == wanted


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no line"),
        ("Thanks, we will look at it.", "no line"),
        ("I am not against it.", "no line"),
        ("For.\nAgainst.", "two ways"),
        ("For.\nBut only if WP3 keeps its deliverable.", "may change it"),
        ("Dafür.\nVorausgesetzt, der Betrag stimmt.", "may change it"),
        ("For.\nOur lawyers are against.", "may change it"),
        ("For.\nThat is not what we wanted.", "may change it"),
    ],
)
def test_what_is_not_clear_is_told_and_not_guessed(text: str, why: str) -> None:
    reply = read_ballot_reply(f"{text}\n\n{QUOTED}", STANCES)
    assert reply.choice == ""
    assert why in reply.unclear


def test_only_the_quoted_mail_is_no_vote() -> None:
    assert read_ballot_reply(QUOTED, STANCES).choice == ""
    assert read_ballot_reply("> For.", STANCES).choice == ""


def test_choices_of_the_votes_own_are_repeated_as_they_are() -> None:
    cities = ("Lisbon", "Gdańsk", "No meeting")
    assert read_ballot_reply("gdańsk", cities).choice == "Gdańsk"
    assert read_ballot_reply("No  meeting", cities).choice == "No meeting"
    assert read_ballot_reply("for", cities).choice == ""
    assert read_ballot_reply("Gdańsk\nLisbon would do as well", cities).choice == ""


def test_the_comment_is_what_stands_beside() -> None:
    reply = read_ballot_reply("For.\nWP3 thanks you.\n\n-- \nRui", STANCES)
    assert (reply.choice, reply.comment) == ("for", "WP3 thanks you.")


def test_no_word_votes_in_two_ways() -> None:
    meanings = ("for", "against", "abstain")
    known = [{plain_word(word) for word in reply_words(each)} for each in meanings]
    assert not known[0] & known[1]
    assert not (known[0] | known[1]) & known[2]
