"""The keys of a policy: what each is called, what it holds, what it means.

Names are those of all places, in the spelling of Windows' registry and macOS' profiles. A key that
this version does not know is told and left out: policies outlive versions. A key that cannot be
read restricts as much as it can, because its administrator wanted a restriction.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from projectdesk.errors import DomainError
from projectdesk.policy import network_values as network
from projectdesk.worded import worded


class Form(Enum):
    """What a key holds. FLAG: yes or no (registry: DWORD 1 or 0). DAYS: a whole number (DWORD)."""

    TEXT = "text"
    DAYS = "days"
    FLAG = "flag"
    LIST = "list"


@dataclass(frozen=True)
class Policy:
    """What is settled; a field that is not has its default.

    server_address, server_name: of the server that is offered, and used for new meetings. hosting:
    meetings may be held on this computer and its network. recording: meetings that are held from
    here may be recorded. mail_domains: whose addresses may send mail from here; none = any.
    data_folder: where the data lies where a command does not say; None = the system's usual place.
    keep_...: days that something is kept, 0 = until it is deleted, None = as people choose.
    """

    server_address: str = ""
    server_name: str = ""
    hosting: bool = True
    recording: bool = True
    mail_domains: tuple[str, ...] = ()
    data_folder: Path | None = None
    proxy_mode: str = "system"
    proxy_address: str = ""
    proxy_script: str = ""
    proxy_exceptions: tuple[str, ...] = ()
    proxy_direct: bool = False
    updates: bool = True
    update_feed: str = ""
    update_keys: tuple[str, ...] = ()
    keep_recordings: int | None = None
    keep_call_files: int | None = None
    keep_captions: int | None = None
    keep_mail: int | None = None
    keep_busy_times: int | None = None
    keep_connection_checks: int | None = None
    keep_history: int | None = None
    keep_backups: int | None = None
    keep_logs: int | None = None
    keep_journal: int | None = None
    keep_waiting_recordings: int | None = None


@dataclass(frozen=True)
class Key:
    """One key. sets: a field of `Policy`. read: makes its value of what stands there.

    title, meaning: in the words of an administrator's tools. strictest: what it is when it cannot
    be read.
    """

    name: str
    sets: str
    form: Form
    title: str
    meaning: str
    read: Callable[[Any], Any]
    strictest: Any = None
    example: Any = ""


MOST_DAYS: Final = 36_500
_DOMAIN: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_VARIABLE: Final = re.compile(r"%(\w+)%")
_WORDS: Final = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _refuse(worded("a text"))
    return value.strip()


def _flag(value: Any) -> bool:
    if isinstance(value, str) and value.strip().lower() in _WORDS:
        return _WORDS[value.strip().lower()]
    if isinstance(value, bool) or value in (0, 1):
        return bool(value)
    raise _refuse(worded("yes or no (1 or 0)"))


def _list(value: Any) -> list[str]:
    if isinstance(value, str):
        value = re.split(r"[\s,;]+", value)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise _refuse(worded("a list of texts"))
    return [one.strip() for one in value if one.strip()]


def _domains(value: Any) -> tuple[str, ...]:
    found = tuple(one.lower().removeprefix("@") for one in _list(value))
    if not all(_DOMAIN.fullmatch(one) for one in found):
        raise _refuse(worded("domains such as example.org"))
    return found


def _server(value: Any) -> str:
    address = _text(value)
    parts = urlsplit(address)
    try:
        usable = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise _refuse(worded("an address like https://meet.example.org"))
    return address.rstrip("/")


def _folder(value: Any) -> Path:
    """Return a folder; variables of the environment are put in, `~` is the person's own."""
    spelt = _VARIABLE.sub(lambda found: os.environ.get(found[1], found[0]), _text(value))
    folder = Path(os.path.expandvars(spelt)).expanduser()
    if not folder.is_absolute() or _VARIABLE.search(str(folder)) or "$" in str(folder):
        raise _refuse(worded("a whole path, with variables that there are"))
    return folder


def _days(value: Any) -> int:
    try:
        found = int(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= MOST_DAYS:
        raise _refuse(
            worded(
                "a whole number of days, at most {most} (0 = until it is deleted)", most=MOST_DAYS
            )
        )
    return found


def _period(name: str, sets: str, what: str, example: int) -> Key:
    """Return the key of a period. One that cannot be read erases nothing: it would be for good."""
    return Key(
        name,
        sets,
        Form.DAYS,
        f"Days to keep: {what}",
        f"After how many days these are erased by themselves: {what}. 0 keeps them until a person "
        "deletes them. A period shorter than the rules of a consortium need (the time to object to "
        "minutes) is lengthened to that.",
        _days,
        0,
        example,
    )


def _refuse(expected: str) -> DomainError:
    return DomainError("bad_policy_value", "expected {expected}", expected=expected)


KEYS: Final[Mapping[str, Key]] = {
    key.name: key
    for key in (
        Key(
            "ServerAddress",
            "server_address",
            Form.TEXT,
            "Server of meetings",
            "The server that is offered, and where new meetings are held unless a person chooses "
            "otherwise. An address like https://meet.example.org.",
            _server,
            "",
            "https://meet.example.org",
        ),
        Key(
            "ServerName",
            "server_name",
            Form.TEXT,
            "Name of the server",
            "What the server of meetings is called; by default its host name.",
            _text,
            "",
            "Example University",
        ),
        Key(
            "AllowHosting",
            "hosting",
            Form.FLAG,
            "Hold meetings on this computer",
            "Whether meetings may be held on this computer and its network; without it they are "
            "held on a server.",
            _flag,
            False,
            True,
        ),
        Key(
            "AllowRecording",
            "recording",
            Form.FLAG,
            "Record meetings",
            "Whether meetings that are planned on this computer may be recorded.",
            _flag,
            False,
            True,
        ),
        Key(
            "MailDomains",
            "mail_domains",
            Form.LIST,
            "Domains of senders",
            "Mail is sent only from addresses of these domains; without them, from any.",
            _domains,
            ("none.invalid",),
            ["example.org"],
        ),
        Key(
            "DataFolder",
            "data_folder",
            Form.TEXT,
            "Data folder",
            "Where the data of a person lies. Variables such as %USERPROFILE% or $HOME are put in. "
            "It must be no network drive and no synchronised folder.",
            _folder,
            None,
            "%LOCALAPPDATA%\\ProjectDesk",
        ),
        _period("KeepRecordingsDays", "keep_recordings", "recordings that were fetched", 365),
        _period("KeepCallFilesDays", "keep_call_files", "files of the chats of meetings", 730),
        _period("KeepCaptionsDays", "keep_captions", "captions of meetings", 90),
        _period("KeepMailDays", "keep_mail", "texts and addresses of mail sent and received", 730),
        _period("KeepBusyTimesDays", "keep_busy_times", "busy times in the past", 30),
        _period(
            "KeepConnectionChecksDays", "keep_connection_checks", "connection tests of guests", 30
        ),
        _period("KeepHistoryDays", "keep_history", "values in the history of records", 1825),
        _period("KeepBackupsDays", "keep_backups", "backups of the database", 90),
        _period("KeepLogsDays", "keep_logs", "logs of the program", 30),
        _period("KeepJournalDays", "keep_journal", "journals of hosts, once collected", 30),
        _period(
            "KeepWaitingRecordingsDays",
            "keep_waiting_recordings",
            "recordings at a host that wait to be fetched",
            14,
        ),
        Key(
            "ProxyMode",
            "proxy_mode",
            Form.TEXT,
            "How proxies are found",
            "system: as this system is set; none: connections go out directly; pac: by the file "
            "named by ProxyScript; manual: by ProxyAddress.",
            network.proxy_mode,
            network.BLOCKED,
            "manual",
        ),
        Key(
            "ProxyAddress",
            "proxy_address",
            Form.TEXT,
            "Proxy",
            "For manual: http://HOST:PORT (CONNECT) or socks5://HOST:PORT. Never a password: the "
            "proxy's login is asked for once and kept in each person's key store.",
            network.proxy_address,
            "",
            "http://proxy.example.org:8080",
        ),
        Key(
            "ProxyExceptions",
            "proxy_exceptions",
            Form.LIST,
            "Hosts without proxy",
            "For manual: names (and all below them), networks such as 10.0.0.0/8, or <local> for "
            "names without a dot. This computer and its own network are never reached by a proxy.",
            lambda value: network.exceptions(_list(value)),
            (),
            ["example.org", "10.0.0.0/8"],
        ),
        Key(
            "ProxyScript",
            "proxy_script",
            Form.TEXT,
            "Address of the PAC file",
            "For pac: the address of a file with FindProxyForURL.",
            network.script_address,
            "",
            "https://proxy.example.org/proxy.pac",
        ),
        Key(
            "ProxyDirectIfUnreachable",
            "proxy_direct",
            Form.FLAG,
            "Go directly without the PAC file",
            "For pac: whether connections go out directly while the file cannot be fetched; "
            "without it they wait.",
            _flag,
            False,
            False,
        ),
        Key(
            "CheckForUpdates",
            "updates",
            Form.FLAG,
            "Look for updates",
            "Whether the feed of updates is looked at, once a day at most. Nothing is downloaded "
            "by itself.",
            _flag,
            False,
            False,
        ),
        Key(
            "UpdateFeed",
            "update_feed",
            Form.TEXT,
            "Feed of updates",
            "The address of another feed than the one that is built in, such as a copy within the "
            "organisation.",
            network.feed_address,
            "",
            "https://software.example.org/projectdesk/updates.json",
        ),
        Key(
            "UpdateKeys",
            "update_keys",
            Form.LIST,
            "Keys of the feed",
            "Public keys of Ed25519 (base64) that sign the feed, in the place of those that are "
            "built in: for feeds of one's own.",
            lambda value: network.public_keys(_list(value)),
            (),
            ["11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
        ),
    )
}
"""Every key by name."""
