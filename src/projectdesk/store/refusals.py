"""Why a PostgreSQL server lets nobody in, read off what libpq says when a connection fails.

libpq gives no code for it, only text. The server's own part is in the server's language; what is
not recognised is quoted, so that an administrator can read it.
"""

from __future__ import annotations

from projectdesk.errors import EnvironmentFailure

_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        "failed to resolve host",
        "database_no_host",
        "There is no computer of this name. Check the host, and that this computer is in the right "
        "network.",
    ),
    (
        "could not translate host name",
        "database_no_host",
        "There is no computer of this name. Check the host, and that this computer is in the right "
        "network.",
    ),
    (
        "Connection refused",
        "database_no_server",
        "The computer answers, but no database server listens there. Check the port, and that "
        "PostgreSQL runs and listens to the network (listen_addresses).",
    ),
    (
        "No such file or directory",
        "database_no_server",
        "No database server listens there. Check that PostgreSQL runs.",
    ),
    (
        "the database system is starting up",
        "database_starting",
        "The database server is just starting. Try again in a moment.",
    ),
    (
        "the database system is shutting down",
        "database_starting",
        "The database server is shutting down. Try again in a moment.",
    ),
    (
        "password authentication failed",
        "database_wrong_password",
        "The database server refuses this user name or password.",
    ),
    (
        "no password supplied",
        "database_wrong_password",
        "The database server asks for a password, and none is known.",
    ),
    (
        "no pg_hba.conf entry",
        "database_not_allowed",
        "The database server does not let this user in from this computer in this way. Its "
        "administrator has to allow it (pg_hba.conf).",
    ),
    (
        "server does not support SSL",
        "database_no_tls",
        "The database server offers no TLS. Its administrator has to switch it on (ssl = on).",
    ),
    (
        "root certificate file",
        "database_no_authority",
        "The file of the authority that the server's certificate is checked with cannot be read.",
    ),
    (
        "does not match host name",
        "database_other_name",
        "The server's certificate is for another name than this host. Enter the name that is in "
        "the certificate.",
    ),
    (
        "certificate verify failed",
        "database_untrusted",
        "The server's certificate is not vouched for by the given authority: this may be another "
        "server. Ask its administrator for the authority's file.",
    ),
    (
        "too many clients",
        "database_full",
        "The database server has as many connections as it allows. Try again later.",
    ),
    (
        "remaining connection slots",
        "database_full",
        "The database server has as many connections as it allows. Try again later.",
    ),
    (
        "timeout expired",
        "database_no_answer",
        "The database server does not answer. Check the host, and that no firewall is between.",
    ),
)

OFFLINE = frozenset(
    {
        "database_no_host",
        "database_no_server",
        "database_no_answer",
        "database_starting",
        "database_unreachable",
    }
)
"""Codes of a server that cannot be reached just now; a copy may stand in for it."""


def refusal(text: str) -> EnvironmentFailure | None:
    """Return what libpq's text about a failed connection means; None for none that is known.

    Args:
        text: of the error; it never holds the password.
    """
    for part, code, words in _KNOWN:
        if part in text:
            return EnvironmentFailure(code, words)
    if "does not exist" in text and "role" in text:
        return EnvironmentFailure(
            "database_wrong_password", "The database server does not know this user name."
        )
    if "does not exist" in text and "database" in text:
        return EnvironmentFailure(
            "database_missing",
            "The server has no database of this name. Its administrator has to make it "
            "(CREATE DATABASE).",
        )
    if "FATAL" in text:
        said = text.rsplit("FATAL:", 1)[1].strip().splitlines()[0]
        return EnvironmentFailure(
            "database_refused", "The database server refuses: {said}", said=said
        )
    return None
