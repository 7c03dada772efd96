"""The result of a vote and the state of a quorum in words, with the rule, in English and German.

"carried: 8 of 11 votes cast, 2/3 needed (8)". The words are kept with a vote, go into minutes,
mails and onto the page of a call, so they are made in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from projectdesk.domain.rules.quorum import P, Quorum
from projectdesk.domain.rules.voting import Result, VoteRules
from projectdesk.domain.voting import MajorityBase, VoteResult

LANGUAGES: Final = ("en", "de")
"""In which it can be said."""

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "cast": "{n} of {whole} votes cast",
        "present": "{n} for, of {whole} votes present or represented",
        "all": "{n} for, of all {whole} votes",
        "needed": "{share} needed ({needed})",
        "carried": "carried: {base}, {needed}",
        "lost": "not carried: {base}, {needed}",
        "carried_tie": "carried by the chair's vote: {n} for, {n} against",
        "lost_none": "not carried: no votes were cast for or against",
        "lost_tie": "not carried: a tie, {n} for, {n} against",
        "abstained": "{n} abstained",
        "no_quorum": "no quorum: {there} of {seats} members, {needed} needed",
        "chosen": "chosen: {choice}, {n} of {whole} votes",
        "chosen_tie": "chosen by the chair's vote: {choice}, after a tie of {n} votes each",
        "no_choice": "nothing chosen: a tie of {n} votes each",
        "no_votes": "nothing chosen: no votes",
        "met": "quorum: {there} of {seats} members, {needed} needed",
        "not_met": "no quorum: {there} of {seats} members, {needed} needed",
        "proxies": "{n} by proxy",
        "rule_cast": "{share} of the votes cast",
        "rule_present": "{share} of the members present or represented",
        "rule_all": "{share} of all members",
        "rule_most": "most votes",
    },
    "de": {
        "cast": "{n} von {whole} abgegebenen Stimmen",
        "present": "{n} dafür, von {whole} anwesenden oder vertretenen Stimmen",
        "all": "{n} dafür, von allen {whole} Stimmen",
        "needed": "{share} nötig ({needed})",
        "carried": "angenommen: {base}, {needed}",
        "lost": "nicht angenommen: {base}, {needed}",
        "carried_tie": "angenommen durch die Stimme des Vorsitzes: {n} dafür, {n} dagegen",
        "lost_none": "nicht angenommen: keine Stimmen dafür oder dagegen abgegeben",
        "lost_tie": "nicht angenommen: Stimmengleichheit, {n} dafür, {n} dagegen",
        "abstained": "{n} enthalten",
        "no_quorum": "nicht beschlussfähig: {there} von {seats} Mitgliedern, {needed} nötig",
        "chosen": "gewählt: {choice}, {n} von {whole} Stimmen",
        "chosen_tie": (
            "gewählt durch die Stimme des Vorsitzes: {choice}, nach Gleichstand mit je {n} Stimmen"
        ),
        "no_choice": "nichts gewählt: Gleichstand mit je {n} Stimmen",
        "no_votes": "nichts gewählt: keine Stimmen",
        "met": "beschlussfähig: {there} von {seats} Mitgliedern, {needed} nötig",
        "not_met": "nicht beschlussfähig: {there} von {seats} Mitgliedern, {needed} nötig",
        "proxies": "{n} durch Vollmacht",
        "rule_cast": "{share} der abgegebenen Stimmen",
        "rule_present": "{share} der anwesenden oder vertretenen Mitglieder",
        "rule_all": "{share} aller Mitglieder",
        "rule_most": "die meisten Stimmen",
    },
}


def result_words(result: Result, language: str = "en") -> str:
    """Return a result in words, with the rule that it was counted by.

    Args:
        result: of `voting.count`.
        language: "en" or "de"; another is said in English.
    """
    words = _words(language)
    if result.result is VoteResult.NO_QUORUM:
        return words["no_quorum"].format(
            there=result.there, seats=result.seats, needed=result.quorum_needed
        )
    text = _choice(result, words) if result.rules.choices else _stance(result, words)
    if not result.rules.choices and result.counts[2]:
        text += ", " + words["abstained"].format(n=result.counts[2])
    return text


def quorum_words(stands: Quorum[P], language: str = "en") -> str:
    """Return how a body stands in words: "quorum: 8 of 11 members, 8 needed, 1 by proxy"."""
    words = _words(language)
    text = words["met" if stands.met else "not_met"].format(
        there=stands.present + stands.represented, seats=stands.seats, needed=stands.needed
    )
    if stands.represented:
        text += ", " + words["proxies"].format(n=stands.represented)
    return text


def rule_words(rules: VoteRules, language: str = "en") -> str:
    """Return what carries a vote, in words: "2/3 of the votes cast"."""
    words = _words(language)
    if rules.choices:
        return words["rule_most"]
    return words[f"rule_{rules.base.value}"].format(share=_share(rules))


def _words(language: str) -> Mapping[str, str]:
    return _WORDS.get(language.split("-")[0], _WORDS["en"])


def _share(rules: VoteRules) -> str:
    if rules.majority_denominator == 100:
        return f"{rules.majority_numerator} %"
    return f"{rules.majority_numerator}/{rules.majority_denominator}"


def _stance(result: Result, words: Mapping[str, str]) -> str:
    carried = result.result is VoteResult.CARRIED
    kept = "carried" if carried else "lost"
    if result.tied:
        return words[f"{kept}_tie"].format(n=result.counts[0])
    if not carried and not result.whole and result.rules.base is MajorityBase.CAST:
        return words["lost_none"]
    base = words[_base(result)].format(n=result.counts[0], whole=result.whole)
    needed = words["needed"].format(share=_share(result.rules), needed=result.needed)
    return words[kept].format(base=base, needed=needed)


def _base(result: Result) -> str:
    match result.rules.base:
        case MajorityBase.CAST:
            return "cast"
        case MajorityBase.PRESENT:
            return "present"
        case MajorityBase.ALL:
            return "all"


def _choice(result: Result, words: Mapping[str, str]) -> str:
    most = max(result.counts)
    if result.result is VoteResult.CHOSEN:
        key = "chosen_tie" if result.tied else "chosen"
        return words[key].format(choice=result.chosen, n=most, whole=sum(result.counts))
    return words["no_choice"].format(n=most) if most else words["no_votes"]
