"""Languages of a call: interpretation channels and captions that somebody types.

Interpretation: the chair names the languages into which is interpreted, and who interprets into
which, at most two for each. Of those one is on air. Their microphone goes to those who listen to
the channel, and to nobody else; what is said on the floor goes to everybody as always. An
interpreter may listen to another channel (relay).

Captions: a captioner types what is said, in one language. Each phrase goes to those who switched
captions of that language on. The journal keeps them only if the chair says so, which all can see.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from projectdesk.signalling.instant import Instant

MAX_LANGUAGES = 8
MAX_ON_CHANNEL = 2
"""Interpreters into one language: they take turns."""
MAX_CAPTION = 300
"""Longest phrase of captions in characters."""

Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", max_length=24)]
"""BCP 47 (RFC 5646), its plain forms: "de", "pt-BR", "zh-Hant"."""


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class Interpreter(_Record, frozen=True):
    """Who interprets into which language. on_air: it is their turn; asks: they want relief."""

    participant: str
    name: str
    language: str
    on_air: bool = False
    asks: bool = False


class Captioner(_Record, frozen=True):
    """Who types captions, in which language."""

    participant: str
    name: str
    language: str


class Languages(_Record, frozen=True):
    """The languages of a call. channels: into which is interpreted. keeps: captions are kept."""

    channels: list[str] = []
    interpreters: list[Interpreter] = []
    captioners: list[Captioner] = []
    keeps: bool = False


class CaptionLine(_Record, frozen=True):
    """One phrase. number: rises within the room; the same again = corrected, "" = taken back."""

    number: int
    language: str
    text: str
    at: Instant


# --- page to host -------------------------------------------------------------------------------


class SetChannels(_Message, frozen=True, tag="setChannels"):
    """Chair, co-host: say into which languages is interpreted."""

    languages: Annotated[list[Language], Meta(max_length=MAX_LANGUAGES)]


class AppointInterpreter(_Message, frozen=True, tag="appointInterpreter"):
    """Chair, co-host: let somebody who is invited interpret into a channel; None = not any more."""

    participant: str
    language: Language | None = None


class AppointCaptioner(_Message, frozen=True, tag="appointCaptioner"):
    """Chair, co-host: let somebody who is invited type captions; None = not any more."""

    participant: str
    language: Language | None = None


class KeepCaptions(_Message, frozen=True, tag="keepCaptions"):
    """Chair, co-host: keep captions with the meeting from now on, or do not."""

    keep: bool


class TakeAir(_Message, frozen=True, tag="takeAir"):
    """Interpreter: go on air; the partner of the channel goes off."""


class AskRelief(_Message, frozen=True, tag="askRelief"):
    """Interpreter on air: ask the partner to take over, or do not any more."""

    asks: bool


class Listen(_Message, frozen=True, tag="listen"):
    """Listen to a channel beside the floor; None = to the floor alone."""

    language: Language | None = None


class WatchCaptions(_Message, frozen=True, tag="watchCaptions"):
    """Be sent captions of a language; None = none."""

    language: Language | None = None


class WriteCaption(_Message, frozen=True, tag="writeCaption"):
    """Captioner: a phrase; `corrects`: instead of one's last one."""

    text: Annotated[str, Meta(max_length=4 * MAX_CAPTION)]
    corrects: bool = False


LanguageRequest = (
    SetChannels
    | AppointInterpreter
    | AppointCaptioner
    | KeepCaptions
    | TakeAir
    | AskRelief
    | Listen
    | WatchCaptions
    | WriteCaption
)

# --- host to page -------------------------------------------------------------------------------


class LanguagesChanged(_Message, frozen=True, tag="languagesChanged"):
    """The languages as they are now; after `RoomState` where there are any."""

    languages: Languages


class CaptionsWritten(_Message, frozen=True, tag="captionsWritten"):
    """Phrases of the captions that you watch; oldest first."""

    lines: list[CaptionLine]


LanguageNews = LanguagesChanged | CaptionsWritten
