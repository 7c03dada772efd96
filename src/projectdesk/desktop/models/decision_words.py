"""What the register of decisions and written procedures say: standing, stages, votes, vetoes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from projectdesk.desktop.language import current, say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.minutes import DecisionOrigin
from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import ABSTAIN, AGAINST, FOR, VetoState, VoteResult
from projectdesk.services.decision_rows import RegisterRow, Standing, VetoRow
from projectdesk.services.procedure_rows import SeatRow, VotingDetail, VotingRow


class Counted(Protocol):
    """What has the result of a vote. words: as it is kept; said: the same by language."""

    @property
    def words(self) -> str:
        """Return the result as it is kept."""

    @property
    def said(self) -> Mapping[str, str]:
        """Return it by language, {} = only as it is kept."""


_TONES: Final = {
    Standing.BINDING: Tone.SUCCESS,
    Standing.VETO_OPEN: Tone.WARNING,
    Standing.VETO_WAITING: Tone.WARNING,
    Standing.NOTICE_DUE: Tone.WARNING,
    Standing.VETOED: Tone.DANGER,
}
_STAGE_TONES: Final = {
    ProcedureStage.VOTING: Tone.ACCENT,
    ProcedureStage.WAITING: Tone.WARNING,
    ProcedureStage.DUE: Tone.WARNING,
    ProcedureStage.RESULT: Tone.WARNING,
    ProcedureStage.VETO: Tone.ACCENT,
    ProcedureStage.VETO_WAITING: Tone.WARNING,
}
_VETO_TONES: Final = {VetoState.RAISED: Tone.DANGER}


def veto_facts(veto: VetoRow) -> list[str]:
    """Return what the chair may want to weigh of a veto: its member's own vote, a revision."""
    facts = []
    if veto.voted_for:
        facts.append(say("{partner} voted for this decision.", partner=veto.partner))
    if veto.revising:
        facts.append(
            say("The minutes with this decision are being revised: its text may still change.")
        )
    return facts


def standing_words(row: RegisterRow, now: datetime) -> str:
    """Return in a word or two whether a decision binds; a veto window is counted down."""
    if row.standing is Standing.VETO_OPEN:
        return say("Veto: {left}", left=time_left(row.veto_until, now))
    return {
        Standing.BINDING: say("Binding"),
        Standing.NO_MINUTES: say("Minutes due"),
        Standing.MINUTES_OPEN: say("Minutes not accepted"),
        Standing.NOTICE_DUE: say("Result not told"),
        Standing.VETO_WAITING: say("Waiting for the host"),
        Standing.VETOED: say("Vetoed"),
        Standing.REPLACED: say("Replaced"),
        Standing.WITHDRAWN: say("Withdrawn"),
        Standing.UNPROVEN: say("Not binding"),
    }[row.standing]


def standing_tone(row: RegisterRow) -> Tone:
    """Return the tone of whether a decision binds."""
    return _TONES.get(row.standing, Tone.NEUTRAL)


def standing_reason(row: RegisterRow, zone: str, now: datetime) -> str:
    """Return since when a decision binds, or why it does not yet."""
    match row.standing:
        case Standing.BINDING:
            return say("Binding since {when}.", when=formats.moment(row.binding_at, zone))
        case Standing.NO_MINUTES:
            return say("It binds once the minutes of the meeting are accepted; they are a draft.")
        case Standing.MINUTES_OPEN:
            return say("It binds once the minutes that hold it are accepted.")
        case Standing.NOTICE_DUE:
            return say("The members were not told the result: the time for a veto runs from then.")
        case Standing.VETO_OPEN:
            return say(
                "A veto is taken until {when}: {left}.",
                when=formats.moment(row.veto_until, zone),
                left=time_left(row.veto_until, now),
            )
        case Standing.VETO_WAITING:
            return say("The time for a veto is over; its host was not heard since.")
        case Standing.VETOED:
            return say("A veto stands against it: it does not bind.")
        case Standing.REPLACED:
            return say("{label} took its place.", label=row.replaced_by)
        case Standing.WITHDRAWN:
            return say("It was withdrawn.")
        case Standing.UNPROVEN:
            return say("It is of no meeting and of no written procedure, so nothing makes it bind.")


def time_left(until: datetime | None, now: datetime) -> str:
    """Return how long it is until an instant, in whole days or hours; "" for None."""
    if until is None:
        return ""
    left = until - now
    if left < timedelta(0):
        return say("over")
    if left >= timedelta(days=1):
        return say_count(left.days, "{count} day left", "{count} days left")
    hours = int(left / timedelta(hours=1))
    return say_count(hours, "{count} hour left", "{count} hours left")


def source_words(row: RegisterRow) -> str:
    """Return where a decision was taken."""
    if row.origin is DecisionOrigin.WRITTEN_PROCEDURE:
        return say("Written procedure {label}", label=row.vote).strip()
    return row.meeting


def origin_words(origin: DecisionOrigin) -> str:
    """Return where decisions of an origin are taken."""
    return {
        DecisionOrigin.MEETING: say("Meeting"),
        DecisionOrigin.WRITTEN_PROCEDURE: say("Written procedure"),
    }[origin]


def follow_words(row: RegisterRow) -> str:
    """Return how many actions follow a decision up, and how many are open."""
    if row.actions == 0:
        return ""
    return say("{open} of {all} open", open=row.open_actions, all=row.actions)


def choice_words(choice: str) -> str:
    """Return what a choice of a vote is called."""
    known = {FOR: say("For|vote"), AGAINST: say("Against"), ABSTAIN: say("Abstention")}
    return known.get(choice, choice)


def choice_options(choices: Sequence[str]) -> list[Option]:
    """Return what can be entered for a member; "" = it has not voted."""
    return [
        Option("", say("Not voted")),
        *(Option(each, choice_words(each)) for each in choices),
    ]


def seat_words(seat: SeatRow, *, secret: bool) -> str:
    """Return what a seat's vote was: of a secret vote only whether it voted."""
    if seat.in_default:
        return say("In default, no vote")
    if seat.voted_at is None:
        return say("Not voted")
    return say("Voted") if secret or not seat.choice else choice_words(seat.choice)


def tally_words(vote: VotingRow) -> str:
    """Return how many chose what."""
    pairs = zip(vote.options, vote.counts, strict=False)
    return formats.joined(f"{choice_words(choice)} {count}" for choice, count in pairs)


def result_words(result: VoteResult, chosen: str = "") -> str:
    """Return how a vote ended."""
    return {
        VoteResult.NONE: "",
        VoteResult.CARRIED: say("Carried"),
        VoteResult.LOST: say("Not carried"),
        VoteResult.NO_QUORUM: say("Too few answered"),
        VoteResult.CHOSEN: say("Chosen: {choice}", choice=chosen),
    }[result]


def how_words(row: Counted) -> str:
    """Return how a vote ended, with the rule, in this desktop's language; else as it is kept."""
    return row.said.get(current(), row.words)


def veto_words(state: VetoState) -> str:
    """Return what became of a veto."""
    return {
        VetoState.RAISED: say("Stands"),
        VetoState.WITHDRAWN: say("Taken back"),
        VetoState.NOT_ADMITTED: say("Not admitted"),
    }[state]


def veto_tone(state: VetoState) -> Tone:
    """Return the tone of what became of a veto."""
    return _VETO_TONES.get(state, Tone.NEUTRAL)


def stage_words(row: VotingRow) -> str:
    """Return how far a written procedure is."""
    stage = row.stage or ProcedureStage.DRAFT
    if stage is ProcedureStage.OVER:
        return result_words(row.result, row.chosen)
    return {
        ProcedureStage.DRAFT: say("Draft"),
        ProcedureStage.VOTING: say("Under way"),
        ProcedureStage.WAITING: say("Waiting for the host"),
        ProcedureStage.DUE: say("To be closed"),
        ProcedureStage.RESULT: say("Result not told"),
        ProcedureStage.VETO: say("Veto possible"),
        ProcedureStage.VETO_WAITING: say("Waiting for the host"),
        ProcedureStage.CANCELLED: say("Called off"),
    }[stage]


def stage_tone(row: VotingRow) -> Tone:
    """Return the tone of how far a written procedure is."""
    if row.stage is ProcedureStage.OVER:
        return Tone.SUCCESS if row.carried else Tone.NEUTRAL
    return _STAGE_TONES.get(row.stage or ProcedureStage.DRAFT, Tone.NEUTRAL)


def carries_words(row: VotingRow) -> str:
    """Return what carries a written procedure."""
    if row.whole == 0:
        return say("{share} of all members with a vote", share=row.share)
    return say(
        "{needed} of {whole} votes ({share} of all)",
        needed=row.needed,
        whole=row.whole,
        share=row.share,
    )


def progress_words(found: VotingDetail, zone: str, now: datetime) -> str:
    """Return where a written procedure stands, and what comes next."""
    vote = found.vote
    match vote.stage:
        case ProcedureStage.DRAFT | None:
            return say("Nobody is asked yet: open the procedure to send the personal links.")
        case ProcedureStage.VOTING:
            return say(
                "{voted} of {seats} have voted; until {when}, {left}.",
                voted=vote.voted,
                seats=vote.seats,
                when=formats.moment(vote.deadline, zone),
                left=time_left(vote.deadline, now),
            )
        case ProcedureStage.WAITING:
            return say(
                "The deadline is over, but its host was not heard since: votes that came in time "
                "may still be there."
            )
        case ProcedureStage.DUE:
            return say("Everything that counts is here: the procedure can be closed.")
        case ProcedureStage.RESULT:
            return say("{result} Tell the members: the time for a veto runs from then.",
                       result=_sentence(how_words(vote)))  # fmt: skip
        case ProcedureStage.VETO:
            return say(
                "{result} A veto is taken until {when}: {left}.",
                result=_sentence(how_words(vote)),
                when=formats.moment(vote.veto_until, zone),
                left=time_left(vote.veto_until, now),
            )
        case ProcedureStage.VETO_WAITING:
            return say("The time for a veto is over; its host was not heard since.")
        case ProcedureStage.CANCELLED:
            return say("Called off: nothing is decided.")
        case ProcedureStage.OVER:
            return _sentence(how_words(vote))


def needs_attention(vote: VotingRow) -> bool:
    """Return whether a person has to do something, or should know what is waited for."""
    return vote.stage in {
        ProcedureStage.WAITING,
        ProcedureStage.DUE,
        ProcedureStage.RESULT,
        ProcedureStage.VETO_WAITING,
    }


def _sentence(words: str) -> str:
    return "" if not words else f"{words[:1].upper()}{words[1:]}."
