"""The call page and its host: who is seen by whom, and what nobody looks at.

Up to `RoomLimits.everyone` people, everybody gets the cameras of all. In a larger room each gets at
most `RoomLimits.cameras` of them: whom the person pinned, who presents the current item, who spoke
last. Shared screens are not counted.
"""

from __future__ import annotations

import msgspec

from projectdesk.signalling.media import FeedSource, VideoCodec


class RoomLimits(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How large this meeting may get.

    capacity: people in the call. everyone: up to so many, each gets all cameras. cameras: how many
    each gets at most when there are more. file_bytes: largest file of the chat, 0 = none are taken.
    camera_sizes: whether the media server takes a camera in several sizes at once (simulcast).
    video_codecs: what pictures may be sent in, the best first; the host's answer to an offer names
        the one of now first. VP8 is offered in any case.
    """

    capacity: int
    everyone: int
    cameras: int
    file_bytes: int = 0
    camera_sizes: bool = True
    video_codecs: tuple[VideoCodec, ...] = ("vp8",)


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class CamerasChosen(_Message, frozen=True, tag="camerasChosen"):
    """Whose cameras this page is sent; None = all that it wants (also after each `roomState`)."""

    participants: list[str] | None


class FeedWatched(_Message, frozen=True, tag="feedWatched"):
    """Whether anybody looks at what this page sends; it need not encode what nobody does.

    True until the first message, and again after each `roomState`.
    """

    source: FeedSource
    watched: bool


class PublishAgain(_Message, frozen=True, tag="publishAgain"):
    """Offer the publish connection once more, as it is: the answer names another picture codec.

    Somebody came who lacks the one of now, or such a person left.
    """


class LayersWanted(_Message, frozen=True, tag="layersWanted"):
    """Which sizes of a picture somebody gets; the page need not send the others.

    layers: stream ids of its offer (`a=rid`), the smallest always among them. All until the first
        message, and again after each `publish` that builds a new connection. A page that does not
        know this message goes on sending everything, and nothing is lost by it.
    """

    source: FeedSource
    layers: list[str]


SightNews = CamerasChosen | FeedWatched | PublishAgain | LayersWanted
