"""The error tree.

Every error that a person or a peer can do something about is a `ProjectDeskError` with a stable
`code` and the `facts` that its message needs. The code crosses the wire and picks the translation;
the facts fill it in. Anything else that is raised is a bug: it is logged whole and shown once.

    ProjectDeskError
    +-- DomainError            a rule of the field says no; the user can act
    |   +-- NotFound           the thing named does not exist
    |   +-- Conflict           the thing moved on since it was read
    +-- ImportError_           a file from outside cannot be taken
    |   +-- UnreadableFile     not the format, or damaged
    |   +-- FileTooLarge       over a stated limit
    |   +-- BadRow             one row of it, with line and column
    +-- ProtocolError          a message on a wire
    |   +-- LocalProtocolError     we were about to send nonsense
    |   +-- RemoteProtocolError    the peer sent nonsense
    +-- MediaError             the call's media cannot do this
    +-- EnvironmentFailure     disk, network, database, keyring

This module imports nothing of the project.
"""

from __future__ import annotations

from typing import Self, TypeVar

ErrorT = TypeVar("ErrorT", bound="ProjectDeskError")
Fact = str | int | float | bool | None


class ProjectDeskError(Exception):
    """An error with a stable code, a text for people, and the facts behind it."""

    def __init__(self, code: str, text: str = "", /, **facts: Fact) -> None:
        """Make the error.

        Args:
            code: stable, lower_snake_case; crosses the wire, is never translated.
            text: English sentence for people: what happened and what to do. `{name}` places are
                filled from `facts`.
            facts: what the message needs; no secrets, no personal data that is not on the screen.
        """
        self.code = code
        self.facts = facts
        self.template = text
        """The text with its places: what a catalogue of translations knows it by."""
        self.text = text.format(**facts) if text else code.replace("_", " ")
        super().__init__(self.text)

    @classmethod
    def told(cls, code: str, text: str) -> Self:
        """Return the error that another program told of: its words have no places to be filled."""
        return _rebuild(cls, code, "", text, {})

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by value, so that an error survives a process boundary whole."""
        return (_rebuild, (type(self), self.code, self.template, self.text, self.facts))


def _rebuild(
    cls: type[ErrorT], code: str, template: str, text: str, facts: dict[str, Fact]
) -> ErrorT:
    error = cls.__new__(cls)
    Exception.__init__(error, text)
    error.code, error.template, error.text, error.facts = code, template, text, facts
    return error


class DomainError(ProjectDeskError):
    """A rule of the field says no; the user can act on it."""


class NotFound(DomainError):
    """The thing named does not exist (any more)."""


class Conflict(DomainError):
    """The thing moved on since it was read: its version differs from the one seen."""


class ImportError_(ProjectDeskError):
    """A file from outside cannot be taken; nothing was changed.

    Facts: `file`, and where known `row` (1-based line of the file), `column` (its header name),
    `expected` (what would have been right).
    """


class UnreadableFile(ImportError_):
    """The file is not of the format it claims, or is damaged."""


class FileTooLarge(ImportError_):
    """The file, or what it unpacks to, is over a stated limit."""


class BadRow(ImportError_):
    """One row of a file cannot be understood."""


class ProtocolError(ProjectDeskError):
    """A message breaks the protocol of its wire."""


class LocalProtocolError(ProtocolError):
    """This side was about to break the protocol: a bug here."""


class RemoteProtocolError(ProtocolError):
    """The peer broke the protocol: answered with the code, never fatal to others."""


class MediaError(ProjectDeskError):
    """The call's media cannot do what was asked."""


class EnvironmentFailure(ProjectDeskError):
    """Disk, network, database or keyring failed; names what was kept and what to do."""
