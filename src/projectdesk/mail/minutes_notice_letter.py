"""What readers of minutes are written later: an answer to what they objected or vetoed, acceptance.

Neither holds a link: the one they have goes on working, and what has none may be forwarded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from projectdesk.domain.minutes import Acceptance, ObjectionState
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.mail.invitation_words import Words, city
from projectdesk.mail.letter_page import FOOT, QUIET, STRONG, TEXT, listing, page, paragraph, title
from projectdesk.mail.words import said


@dataclass(frozen=True)
class Answered:
    """An objection and its answer. item: label and title, "" = to the minutes as a whole."""

    number: int
    item: str
    text: str
    state: ObjectionState
    answer: str


@dataclass(frozen=True)
class Accepted:
    """How minutes were accepted. binding: the decisions that bind since, each in a line."""

    at: datetime
    how: Acceptance
    binding: Sequence[str] = ()
    has_pdf: bool = True


@dataclass(frozen=True)
class ConfirmedVeto:
    """A veto of the reader. label: "D7"; text: of the decision. reason: "" = taken back.

    late: it does not count; its time is over, or the decision takes none of theirs any more.
    """

    label: str
    text: str
    reason: str
    late: bool = False

    @property
    def stands(self) -> bool:
        """Whether it stands against the decision."""
        return bool(self.reason) and not self.late


@dataclass(frozen=True)
class Vetoed:
    """What became of a mail that vetoed, decision by decision; at least one."""

    vetoes: Sequence[ConfirmedVeto]

    @property
    def key(self) -> str:
        """Which texts it is told with."""
        late = [each.late for each in self.vetoes]
        if any(late):
            return "veto_late" if all(late) else "vetoed_part"
        return "vetoed" if any(each.stands for each in self.vetoes) else "unvetoed"


@dataclass(frozen=True)
class MinutesNotice:
    """What one reader is written. held_on: day of the meeting in its zone; zone: the reader's.

    head: of the audit trail at circulation, hex. code: by which an answering mail is known.
    """

    language: str
    title: str
    project: str
    held_on: date
    organiser: str
    name: str
    revision: int
    zone: str
    head: str
    code: str
    what: Answered | Accepted | Vetoed

    @property
    def subject(self) -> str:
        """The subject of the mail."""
        about = f"{self.title} ({self.project})" if self.project else self.title
        if isinstance(self.what, Answered):
            state = self.say(self.what.state.value)
            return self.say("subject", number=self.what.number, state=state, title=about)
        if isinstance(self.what, Vetoed):
            return self.say(f"subject_{self.what.key}", title=about)
        key = "subject_accepted" if self.revision == 1 else "subject_accepted_revised"
        return self.say(key, title=about, revision=self.revision)

    @property
    def greeting(self) -> str:
        """Whom it is for."""
        return Words(self.language).greeting(self.name)

    @property
    def lead(self) -> str:
        """The first sentence."""
        if isinstance(self.what, Answered):
            return self.say("lead", organiser=self.organiser or self.project)
        if isinstance(self.what, Vetoed):
            return self.say(f"lead_{self.what.key}")
        local = to_local(self.what.at, self.zone)
        when = f"{Words(self.language).day(local)}, {local:%H:%M} {city(self.zone)}"
        approved = self.what.how is Acceptance.APPROVED
        return self.say("lead_approved" if approved else "lead_accepted", when=when)

    @property
    def about(self) -> str:
        """Project and day of the meeting."""
        day = Words(self.language).day(self.held_on)
        return " \N{MIDDLE DOT} ".join(part for part in (self.project, day) if part)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What it says between title and lists: role ("", "strong", "quiet") and words."""
        if isinstance(self.what, Accepted):
            return [("", self.say("attached"))] if self.what.has_pdf else []
        if isinstance(self.what, Vetoed):
            return self._confirmed(self.what)
        number, item = self.what.number, self.what.item
        own = self.say("yours_item" if item else "yours", number=number, item=item)
        lines = [("quiet", own), ("", self.what.text)]
        lines.append(("strong", self.say(f"result_{self.what.state.value}")))
        if self.what.answer:
            lines += [("quiet", self.say("answer")), ("", self.what.answer)]
        return [*lines, ("quiet", self.say("by_mail"))]

    def _confirmed(self, what: Vetoed) -> list[tuple[str, str]]:
        """Say what became of each veto, and what the reader can do."""
        lines: list[tuple[str, str]] = []
        for each in what.vetoes:
            lines.append(("strong", f"{each.label} {each.text}"))
            if each.reason:
                reason = said(self.language, "ballot.veto_reason", reason=each.reason)
                lines.append(("", reason))
            if each.late:
                lines.append(("", self.say("veto_over")))
            else:
                key = "ballot.veto_stands" if each.stands else "ballot.veto_gone"
                lines.append(("", said(self.language, key)))
        return [*lines, ("quiet", self.say("by_mail"))]

    @property
    def binding(self) -> Sequence[str]:
        """The decisions that bind since."""
        return self.what.binding if isinstance(self.what, Accepted) else ()

    @property
    def foot(self) -> list[str]:
        """What stands below: the project, the check value, the code."""
        foot = Words(self.language).say("footer", project=self.project)
        head = said(self.language, "minutes.head", head=self.head)
        return [foot, head, said(self.language, "minutes.code", code=self.code)]

    def say(self, key: str, **facts: object) -> str:
        """Return a text of this letter's language."""
        return said(self.language, f"minutes_notice.{key}", **facts)


def as_text(notice: MinutesNotice) -> str:
    """Return the mail as plain text."""
    lines = [notice.greeting, "", notice.lead, "", notice.title, notice.about]
    for _, words in notice.lines:
        lines += ["", words]
    if notice.binding:
        lines += ["", notice.say("binding"), *(f"  - {row}" for row in notice.binding)]
    lines += ["", notice.organiser] if notice.organiser else []
    return "\n".join([*lines, "", "-- ", *notice.foot])


def as_html(notice: MinutesNotice) -> str:
    """Return the mail as a page of HTML."""
    styles = {"": TEXT, "strong": STRONG, "quiet": QUIET}
    rows = [paragraph(notice.greeting), paragraph(notice.lead), title(notice.title)]
    rows.append(paragraph(notice.about, QUIET))
    rows += [paragraph(words, styles[role]) for role, words in notice.lines]
    if notice.binding:
        rows.append(listing(notice.say("binding"), notice.binding))
    rows += [paragraph(notice.organiser)] if notice.organiser else []
    rows.append(paragraph("\n".join(notice.foot), f"{FOOT}word-break:break-all;"))
    return page(notice.language, notice.subject, rows)
