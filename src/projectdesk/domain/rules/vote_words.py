"""The result of a vote and the state of a quorum in words, with the rule, in every language.

"carried: 8 of 11 votes cast, 2/3 needed (8)". The words are kept with a vote, go into minutes,
mails and onto the page of a call, so they are made in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from projectdesk.catalogues import catalogue, first_known, form, languages
from projectdesk.domain.rules.quorum import P, Quorum
from projectdesk.domain.rules.voting import Result, VoteRules
from projectdesk.domain.voting import MajorityBase, VoteResult


def result_words(result: Result, language: str = "en") -> str:
    """Return a result in words, with the rule that it was counted by.

    Args:
        result: of `voting.count`.
        language: BCP 47; one that there is no catalogue of rules for is said in English.
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


def in_languages(speak: Callable[[str], str]) -> dict[str, str]:
    """Return what `speak` says, by each language in which results can be said."""
    return {language: speak(language) for language in languages("rules")}


@cache
def _words(language: str) -> Mapping[str, str]:
    known = first_known("rules", [language])
    return {
        key.removeprefix("vote."): form(text, known)
        for key, text in catalogue("rules", known).items()
        if key.startswith("vote.")
    }


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
