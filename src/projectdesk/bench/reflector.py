"""A process in place of the media server: copies each datagram to all others, without a look.

What robots lose or how long they take against it is their own doing.
"""

from __future__ import annotations

import contextlib
import socket
import sys

from projectdesk.bench.priority import go_first


def main() -> None:
    """Reflect until we are ended; the first line out is the port.

    Arguments: the address, and to how many others each packet goes at most.
    """
    go_first()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as socket_:
        socket_.bind((sys.argv[1], 0))
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            socket_.setsockopt(socket.SOL_SOCKET, option, 4 << 20)
        sys.stdout.write(f"{socket_.getsockname()[1]}\n")
        sys.stdout.flush()
        _reflect(socket_, int(sys.argv[2]))


def _reflect(socket_: socket.socket, copies: int) -> None:
    publishers: dict[tuple[str, int], str] = {}
    subscribers: dict[str, tuple[str, int]] = {}
    targets: dict[tuple[str, int], list[tuple[str, int]]] = {}
    while True:
        try:
            data, peer = socket_.recvfrom(2048)
        except OSError:
            continue
        if data[:1] in (b"P", b"S"):
            name = data[1:].decode("ascii")
            if data[:1] == b"P":
                publishers[peer] = name
            else:
                subscribers[name] = peer
            targets = {
                source: _others(subscribers, publisher)[:copies]
                for source, publisher in publishers.items()
            }
            continue
        for target in targets.get(peer, ()):
            with contextlib.suppress(OSError):
                socket_.sendto(data, target)


def _others(subscribers: dict[str, tuple[str, int]], publisher: str) -> list[tuple[str, int]]:
    """Return all but the publisher, from the one after it on, so that all get about as much."""
    names = list(subscribers)
    place = names.index(publisher) if publisher in names else -1
    return [subscribers[name] for name in (*names[place + 1 :], *names[: max(place, 0)])]


if __name__ == "__main__":
    main()
