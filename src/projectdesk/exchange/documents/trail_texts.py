"""What steps of an audit trail say, in a document's language.

The words that were written down are those that a check value is made of, so they stay as they are
in the data and in the file of a trail. What the program said in them is known by its form and told
in the reader's language here; what people said is never changed. A form that is not known is told
as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from projectdesk.domain.minutes import Acceptance, ObjectionState
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.exchange.documents.words import Words

_INSTANT: Final = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?Z"
_CIRCULATED: Final = re.compile(rf"Until (?P<until>{_INSTANT}), to (?P<names>.*)", re.DOTALL)
_BEGUN: Final = re.compile(r"(?P<what>.*), revision (?P<number>\d+)", re.DOTALL)
_TOLD: Final = re.compile(r"(?P<how>by mail|to a file): (?P<names>.*)", re.DOTALL)
_ANSWERED: Final = re.compile(
    r"(?P<state>open|upheld|declined|withdrawn)(?P<rest>(?:: .*)?)", re.DOTALL
)
_ACCEPTED: Final = re.compile(
    r"(?:(?P<who>[^:]*): )?"
    r"(?:approved at (?P<title>.*)|(?P<over>the window is over)|nobody objected)",
    re.DOTALL,
)
_HELD: Final = re.compile(rf"(?P<start>{_INSTANT}) until (?P<end>{_INSTANT})")
_STRETCH: Final = re.compile(
    rf"(?P<kind>present|absent)(?: from (?P<start>{_INSTANT}))?(?: until (?P<end>{_INSTANT}))?"
    r"(?P<reason> \(.*\))?",
    re.DOTALL,
)
_MEASURED: Final = "as measured"
_OPENED: Final = re.compile(
    rf"(?:opened|until|veto until) (?P<at>{_INSTANT})(?P<rest>.*)", re.DOTALL
)
_VOTED: Final = re.compile(
    r"(?:(?P<choice>for|against|abstain): )?(?P<name>.*?), "
    r"(?P<way>by link|by mail|by hand|as it was before)(?P<rest>(?: \(.*?\))?(?:: .*)?)",
    re.DOTALL,
)
_WAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "by link": "trail_text_by_link",
        "by mail": "trail_text_by_mail",
        "by hand": "trail_text_by_hand",
        "as it was before": "trail_text_as_before",
    }
)
_Says = Callable[[str, str, Words], str]


def text_in(step: AuditStep | str, text: str, zone: str, words: Words) -> str:
    """Return what a step says, in a document's language.

    Args:
        step: what happened.
        text: as it was written down.
        zone: in whose clock times are told.
        words: of the document's language.
    """
    says = _STEPS.get(step)
    return text if says is None else says(text, zone, words)


def _circulated(text: str, zone: str, words: Words) -> str:
    found = _CIRCULATED.fullmatch(text)
    if found is None:
        return text
    until = _moment(found["until"], zone, words)
    return words("trail_text_circulated", until=until, names=found["names"])


def _begun(text: str, zone: str, words: Words) -> str:
    late = _OPENED.fullmatch(text)
    if late is not None and text.startswith("opened "):
        return f"{words.named(AuditStep.OPENED)}: {_moment(late['at'], zone, words)}"
    found = _BEGUN.fullmatch(text)
    if found is None:
        return text
    return words("trail_text_begun", what=found["what"], number=found["number"])


def _told(text: str, _zone: str, words: Words) -> str:
    found = _TOLD.fullmatch(text)
    if found is None:
        return text
    key = "trail_text_told_mail" if found["how"] == "by mail" else "trail_text_told_file"
    return words(key, names=found["names"])


def _answered(text: str, _zone: str, words: Words) -> str:
    found = _ANSWERED.fullmatch(text)
    if found is None:
        return text
    return words.named(ObjectionState(found["state"])) + found["rest"]


def _accepted(text: str, _zone: str, words: Words) -> str:
    found = _ACCEPTED.fullmatch(text)
    if found is None:
        return text
    who = f"{found['who']}: " if found["who"] else ""
    if found["title"] is not None:
        return who + words("trail_text_approved", title=found["title"])
    return who + (words("trail_text_over") if found["over"] else words.named(Acceptance.UNOPPOSED))


def _gone(text: str, _zone: str, words: Words) -> str:
    start, sign, end = text.rpartition(": ")
    return f"{start}: {words('trail_text_deleted')}" if sign and end == "deleted" else text


def _held(text: str, zone: str, words: Words) -> str:
    if text == "as measured or planned":
        return words("trail_text_planned")
    found = _HELD.fullmatch(text)
    if found is None:
        return text
    start, end = (_moment(found[name], zone, words) for name in ("start", "end"))
    return words("from_to", start=start, end=end)


def _corrected(text: str, zone: str, words: Words) -> str:
    name, sign, said = text.partition(": ")
    if not sign:
        return text
    if said == _MEASURED:
        return f"{name}: {words('trail_text_measured')}"
    told = [_stretch(each, zone, words) for each in said.split("; ")]
    return text if None in told else f"{name}: {'; '.join(each or '' for each in told)}"


def _stretch(text: str, zone: str, words: Words) -> str | None:
    found = _STRETCH.fullmatch(text)
    if found is None:
        return None
    there = found["kind"] == "present"
    kind = words("trail_text_present") if there else words("trail_text_absent")
    start, end = (
        _moment(found[name], zone, words) if found[name] else "" for name in ("start", "end")
    )
    when = ""
    if start and end:
        when = words("from_to", start=start, end=end)
    elif start:
        when = words("since", day=start)
    elif end:
        when = words("until", day=end)
    return f"{kind} {when}".strip() + (found["reason"] or "")


def _opened(text: str, zone: str, words: Words) -> str:
    found = _OPENED.fullmatch(text)
    if found is None:
        return text
    return words("until", day=_moment(found["at"], zone, words)) + found["rest"]


def _told_result(text: str, zone: str, words: Words) -> str:
    if _OPENED.fullmatch(text) is None:
        return text
    return f"{words.named(AuditStep.VETOED)} {_opened(text, zone, words)}"


def _voted(text: str, _zone: str, words: Words) -> str:
    found = _VOTED.fullmatch(text)
    if found is None:
        return text
    choice = f"{words('choice.' + found['choice'])}: " if found["choice"] else ""
    return f"{choice}{found['name']}, {words(_WAYS[found['way']])}{found['rest']}"


def _moment(text: str, zone: str, words: Words) -> str:
    instant = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    return words.moment(instant, zone)


_STEPS: Final[Mapping[AuditStep | str, _Says]] = MappingProxyType(
    {
        AuditStep.BEGUN: _begun,
        AuditStep.CIRCULATED: _circulated,
        AuditStep.NOTIFIED: _told,
        AuditStep.OBJECTION_ANSWERED: _answered,
        AuditStep.ACCEPTED: _accepted,
        AuditStep.VETO_WITHDRAWN: _gone,
        AuditStep.ATTENDANCE_CORRECTED: _corrected,
        AuditStep.TIMES_CORRECTED: _held,
        AuditStep.OPENED: _opened,
        AuditStep.VOTED: _voted,
        AuditStep.VOTE_WITHDRAWN: _voted,
        AuditStep.LINK_RENEWED: _voted,
        AuditStep.RESULT_TOLD: _told_result,
    }
)
