"""What typed lines and their problems are called."""

from __future__ import annotations

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.domain.rules.typed_lines import LineKind, Problem, ProblemCode, Reading, Span
from projectdesk.domain.rules.typed_vocabulary import Mark


def kind_words(kind: LineKind) -> str:
    """Return what a kind of line is called."""
    match kind:
        case LineKind.ACTION:
            return say("Action")
        case LineKind.DECISION:
            return say("Decision")
        case LineKind.INFORMATION:
            return say("Information")
        case LineKind.RISK:
            return say("Risk")
        case LineKind.QUESTION:
            return say("Open question")


def problem_words(problem: Problem) -> str:
    """Return why something in a line was not read, as a sentence."""
    what = problem.words
    match problem.code:
        case ProblemCode.EMPTY:
            return say("There are no words yet, so there is no record.")
        case ProblemCode.UNKNOWN_NAME:
            return say("Nobody here is called “{what}”.", what=what.lstrip("@"))
        case ProblemCode.SHARED_NAME:
            names = ", ".join(problem.choices)
            return say("“{what}” may be {names}: write the whole name.", what=what, names=names)
        case ProblemCode.UNKNOWN_LABEL:
            return say("{what} is not in the work plan.", what=what)
        case ProblemCode.UNREADABLE_DATE:
            return say(
                "“{what}” is no date: write //12 Mar, //2027-03-12, //M14, //+2w or //Fri.",
                what=what,
            )
        case ProblemCode.AMBIGUOUS_DATE:
            return say("“{what}” may be two dates: write //12 Mar or //12.3.", what=what)
        case ProblemCode.NO_SUCH_DAY:
            return say("There is no day “{what}”.", what=what)
        case ProblemCode.NO_PROJECT_START:
            return say("“{what}” is counted from the project's start, which is not set.", what=what)
        case ProblemCode.NO_SUCH_MONTH:
            return say("“{what}” is no project month.", what=what)
        case ProblemCode.SECOND_DATE:
            return say("There is a date already: “{what}” stays text.", what=what)
        case ProblemCode.NO_DATE_HERE:
            return say(
                "This kind of line has no date: “{what}” stays text. Write an action (A:) for what "
                "is to be done.",
                what=what,
            )
        case ProblemCode.BEFORE_MEETING:
            return say("“{what}” is before the meeting.", what=what)
        case ProblemCode.SECOND_OWNER:
            return say("There is an owner already: “{what}” stays text.", what=what)


def span_words(span: Span, kind: LineKind, reading: Reading, words: str) -> str:
    """Return what a stretch of a line was read as.

    words: that stand there.
    """
    if span.mark is Mark.KIND:
        return kind_words(kind)
    name = reading.vocabulary.name(span.id) if span.id else None
    if name is not None:
        return formats.joined((name.name, name.detail)) if name.detail else name.name
    label = reading.vocabulary.label(span.id) if span.id else None
    return f"{label.label}  {label.title}" if label else words
