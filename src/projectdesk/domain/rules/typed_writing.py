"""How typed lines are written, so that they are read as what they shall say (`typed_lines`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from projectdesk.domain.rules.typed_dates import due_words
from projectdesk.domain.rules.typed_lines import (
    BACKSLASHES,
    HOLDS,
    LETTERS,
    ParsedLine,
    Reading,
    Units,
    parse_line,
    token_at,
)
from projectdesk.domain.rules.typed_vocabulary import Mark, Vocabulary


def format_line(parsed: ParsedLine, reading: Reading, like: str = "") -> str:
    """Write a line that is read as `parsed`.

    Args:
        parsed: what it shall say.
        reading: what it will be read with.
        like: how its date is written now, to be kept.

    Returns:
        The line with its prefix. Where even an escaped and quoted one would be read otherwise (a
        name or label that is not in the vocabulary), what cannot be said is left out.
    """
    head = f"{parsed.prefix}{parsed.letter or LETTERS[parsed.kind]}:"
    wanted = _sayable(parsed, reading.vocabulary)
    for candidate in _candidates(head, wanted, reading, like):
        if parse_line(candidate, reading) == wanted:
            return candidate
    return candidate


def rewritten(line: str, wanted: ParsedLine, reading: Reading) -> str:
    """Return `line` changed as little as can be, so that it says `wanted`.

    What differs is changed where it stands; a line that cannot be changed so is written anew.
    """
    seen = parse_line(line, reading)
    if seen is None:
        return format_line(wanted, reading)
    wanted = replace(wanted, prefix=seen.prefix, letter=seen.letter)
    if wanted.kind is not seen.kind:
        wanted = replace(wanted, letter="")
    if seen == wanted:
        return line
    patched = _patched(line, seen, wanted, reading)
    if patched is not None and parse_line(patched, reading) == wanted:
        return patched
    due = next((each for each in seen.spans if each.mark is Mark.DUE and each.taken), None)
    like = _cut(line, due.start, due.end) if due else ""
    return format_line(wanted, reading, like)


def _cut(line: str, start: int, end: int) -> str:
    """Return the stretch of a line between two UTF-16 positions."""
    return line.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode(
        "utf-16-le", "surrogatepass"
    )


def _sayable(parsed: ParsedLine, vocabulary: Vocabulary) -> ParsedLine:
    """Leave out what the kind has no place for, and whom the vocabulary does not know."""
    holds = HOLDS[parsed.kind]

    def name(record: UUID | None, mark: Mark) -> UUID | None:
        known = record is not None and mark in holds and vocabulary.written(record) is not None
        return record if known else None

    def label(record: UUID | None, mark: Mark) -> UUID | None:
        known = record is not None and mark in holds and vocabulary.label(record) is not None
        return record if known else None

    packages = (label(each, Mark.WORK_PACKAGE) for each in parsed.work_package_ids)
    return replace(
        parsed,
        text=" ".join(parsed.text.splitlines()).strip(),
        person_id=name(parsed.person_id, Mark.PERSON),
        partner_id=name(parsed.partner_id, Mark.PARTNER),
        work_package_ids=tuple(each for each in packages if each),
        deliverable_id=label(parsed.deliverable_id, Mark.DELIVERABLE),
        milestone_id=label(parsed.milestone_id, Mark.MILESTONE),
        due_on=parsed.due_on if Mark.DUE in holds else None,
    )


def _candidates(head: str, wanted: ParsedLine, reading: Reading, like: str) -> Iterator[str]:
    """Yield ways to write a line, the most natural first; the last one is always right."""
    due = due_words(wanted.due_on, reading.frame, like) if wanted.due_on else ""
    light = _escaped(wanted.text, reading, every=False)
    plain = parse_line(f"{head} {light}", reading)
    for quoted in (False, True):
        marks = _marks(wanted, reading.vocabulary, quoted, plain)
        yield _joined(head, *marks, light, due)
        yield _joined(head, *_marks(wanted, reading.vocabulary, quoted, None), light, due)
    strict = _escaped(wanted.text, reading, every=True)
    marks = _marks(wanted, reading.vocabulary, True, None)
    yield _joined(head, *marks, strict, due)
    yield _joined(head, *marks, due, strict)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _marks(
    wanted: ParsedLine, vocabulary: Vocabulary, quoted: bool, given: ParsedLine | None
) -> list[str]:
    """Return the marks for the start of a line; those that its text gives already are left out."""
    marks = []
    for record in (wanted.person_id, wanted.partner_id):
        if record is None or (given and record in (given.person_id, given.partner_id)):
            continue
        written = vocabulary.written(record) or ""
        marks.append(f'@"{written}"' if quoted else f"@{written}")
    labels = [*wanted.work_package_ids, wanted.deliverable_id, wanted.milestone_id]
    leading: list[str] = []
    known: Sequence[UUID | None] = (
        [*given.work_package_ids, given.deliverable_id, given.milestone_id] if given else []
    )
    for each in labels:
        label = vocabulary.label(each) if each is not None and each not in known else None
        if label is not None:
            leading.append(label.label)
    if leading and not marks:
        leading[-1] += ":"
    return marks + leading


def _escaped(text: str, reading: Reading, *, every: bool) -> str:
    """Return a text so that its backslashes, or every mark in it, are read as text."""
    whole, place = [], 0
    text = f" {text}"
    place = 1
    while place < len(text):
        slashes = BACKSLASHES.match(text, place)
        start = slashes.end() if slashes else place
        token = token_at(text, start, reading) if start < len(text) else None
        if token is None:
            whole.append(slashes[0] if slashes else text[place])
            place = start if slashes else place + 1
            continue
        if slashes or every:
            whole.append("\\" + (slashes[0] if slashes else ""))
        whole.append(text[token.start : token.end])
        place = token.end
    return "".join(whole)


def _patched(line: str, seen: ParsedLine, wanted: ParsedLine, reading: Reading) -> str | None:
    """Return the line with single marks replaced, None when more than marks differ."""
    if seen.text != wanted.text or seen.kind is not wanted.kind:
        return None
    cuts: list[tuple[int, int, str]] = []
    if seen.due_on != wanted.due_on:
        cut = _due_cut(line, seen, wanted.due_on, reading)
        if cut is None:
            return None
        cuts.append(cut)
    for mark, before, after in (
        (Mark.PERSON, seen.person_id, wanted.person_id),
        (Mark.PARTNER, seen.partner_id, wanted.partner_id),
        (Mark.DELIVERABLE, seen.deliverable_id, wanted.deliverable_id),
        (Mark.MILESTONE, seen.milestone_id, wanted.milestone_id),
    ):
        if before == after:
            continue
        span = next((s for s in seen.spans if s.mark is mark and s.taken), None)
        if span is None or before is None or after is None:
            return None
        written = reading.vocabulary.written(after)
        label = reading.vocabulary.label(after)
        if written is None and label is None:
            return None
        cuts.append((span.start, span.end, label.label if label else f"@{written}"))
    return _cut_in(line, cuts)


def _due_cut(
    line: str, seen: ParsedLine, due: date | None, reading: Reading
) -> tuple[int, int, str] | None:
    span = next((s for s in seen.spans if s.mark is Mark.DUE and s.taken), None)
    if span is not None and due is not None:
        return span.start, span.end, due_words(due, reading.frame, _cut(line, span.start, span.end))
    if span is None and due is not None and not seen.unread(Mark.DUE):
        end = Units(line).at(len(line.rstrip()))
        return end, end, f" {due_words(due, reading.frame)}"
    return None


def _cut_in(line: str, cuts: list[tuple[int, int, str]]) -> str:
    for start, end, words in sorted(cuts, reverse=True):
        before = _cut(line, 0, start)
        line = before + words + line[len(before) + len(_cut(line, start, end)) :]
    return line
