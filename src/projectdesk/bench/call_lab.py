"""A call in a `Lab`: the real host in one namespace, and guests in Chromium, each in another.

host  11.0.0.1        (its own address, reached through every cable)
|-- ida  11.0.1.2   the chair; her network is never touched
`-- li   11.0.2.2   the guest whose network is; 11.0.3.2 after they moved
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import secrets
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from projectdesk.bench.networks import Cable, Lab, Space
from projectdesk.errors import EnvironmentFailure
from projectdesk.signalling.call import Role
from projectdesk.signalling.control import Invitee, PlannedItem, RoomRules, RoomSnapshot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

HOST = "11.0.0.1"
PORT = 8443
ROOM = "recovery01"
_START_S = 30.0
_CRASH_MS = 10_000
_PATIENCE_MS = 120_000
"""A busy machine is no reason to give up: what is measured begins later."""
_FLAGS = [
    "--no-sandbox",  # root must, and only root can make namespaces
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--ignore-certificate-errors",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
]

_PUT = """
import json, ssl, sys, urllib.request
asked = json.load(sys.stdin)
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
request = urllib.request.Request(asked["url"], asked["body"].encode(), method="PUT", headers={
    "Authorization": "Bearer " + asked["key"], "Content-Type": "application/json"})
urllib.request.urlopen(request, context=context, timeout=20).read()
"""

GAUGE = """(id) => {
    const gauge = { at: { audio: [], video: [] }, seen: { audio: 0, video: 0 } };
    window.gauge = gauge;
    const note = async () => {
        const now = (await window.projectdesk?.statistics())?.[id];
        const counts = { audio: now?.audioPackets ?? 0, video: now?.framesDecoded ?? 0 };
        for (const [kind, count] of Object.entries(counts)) {
            if (count > gauge.seen[kind] || (count > 0 && count < gauge.seen[kind])) {
                gauge.at[kind].push(Date.now());
            }
            gauge.seen[kind] = count;
        }
        setTimeout(note, 40);
    };
    void note();
}"""
"""Note each instant at which more of somebody's sound and picture had arrived."""


@dataclass
class Guest:
    """Somebody in the call. number: of the invitation."""

    number: int
    space: Space
    browser: Browser
    page: Page
    wrapper: Path = field(repr=False)

    @property
    def id(self) -> str:
        """The participant's id."""
        return f"{self.number:032x}"

    def watch(self, other: Guest) -> None:
        """Begin to note what arrives of somebody else."""
        self.page.evaluate(GAUGE, other.id)

    def arrivals(self, kind: str) -> list[float]:
        """Return the seconds (as of `time.time`) at which sound or picture arrived."""
        found: list[float] = self.page.evaluate("(kind) => window.gauge.at[kind]", kind)
        return [at / 1000 for at in found]

    def state(self) -> dict[str, Any]:
        """Return what the page says of itself."""
        found: dict[str, Any] = self.page.evaluate("window.projectdesk.state()")
        return found

    def kill_page(self) -> tuple[str, str]:
        """Kill the process of the page; return its address and what its tab remembered."""
        address = self.page.url
        kept: str = self.page.evaluate("JSON.stringify({ ...sessionStorage })")
        from playwright.sync_api import Error

        with contextlib.suppress(Error):  # nobody is left to answer
            self.page.goto("chrome://crash", timeout=_CRASH_MS)
        return address, kept

    def restore_page(self, address: str, kept: str) -> None:
        """Open the page again, as a browser restores a tab, and wait for the call."""
        self.page = self.page.context.new_page()
        self.page.set_default_timeout(_PATIENCE_MS)
        self.page.add_init_script(
            f"for (const [key, value] of Object.entries({kept})) sessionStorage.setItem(key, value)"
        )
        self.page.goto(address)
        self.page.wait_for_function("() => window.projectdesk?.state().name === 'call'")

    def processes(self) -> list[int]:
        """Return the process ids of the browser, all of its children included."""
        return self.space.pids()


class CallLab:
    """The host and two people who see and hear each other."""

    def __init__(self, lab: Lab, playwright: Playwright, folder: Path, chromium: str) -> None:
        self._lab = lab
        self._playwright = playwright
        self._folder = folder
        self._chromium = chromium
        self.host = lab.space("h")
        self.host.ip("address", "add", f"{HOST}/32", "dev", "lo")
        self.cables: dict[str, Cable] = {}
        self._key = ""
        self._tokens = {number: secrets.token_urlsafe(16) for number in (1, 2)}

    @property
    def url(self) -> str:
        """Where the host is reached."""
        return f"https://{HOST}:{PORT}"

    def link(self, number: int) -> str:
        """Return a personal link."""
        return f"{self.url}/r/{ROOM}#{self._tokens[number]}"

    @contextlib.contextmanager
    def serving(self, *options: str) -> Iterator[None]:
        """Run the host for the length of the block, with one room that is open now."""
        certificate, key = write_certificate(self._folder, HOST)
        serve = [sys.executable, "-m", "projectdesk", "serve"]
        data = ["--data", str(self._folder / "host")]
        made = subprocess.run(
            [*serve, "keys", "add", "lab", "--json", *data], capture_output=True, check=True
        )
        self._key = json.loads(made.stdout)["key"]
        process = subprocess.Popen(
            self.host.command(
                *(*serve, *data, "--bind", HOST, "--port", str(PORT), "--public-url", self.url),
                *("--interfaces", HOST, "--certificate", str(certificate)),
                *("--private-key", str(key), *options),
            ),
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            if not process.stdout.readline():
                raise EnvironmentFailure("host_not_started", "The host did not start.")
            self._open_room()
            yield
        finally:
            process.terminate()
            process.communicate(timeout=_START_S)

    def guest(self, number: int, label: str) -> Guest:
        """Connect a computer to the host and start a browser on it."""
        space = self._lab.space(label)
        cable = self._lab.cable(self.host, f"11.0.{number}.1/24", space, f"11.0.{number}.2/24")
        cable.far.plug(cable.near.address)
        self.cables[label] = cable
        wrapper = self._folder / f"chromium-{label}"
        words = " ".join(space.command(self._chromium))
        wrapper.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
        browser = self._playwright.chromium.launch(executable_path=str(wrapper), args=_FLAGS)
        context = browser.new_context(locale="en-GB", ignore_https_errors=True)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        return Guest(number, space, browser, page, wrapper)

    def second_cable(self, label: str, guest: Guest) -> Cable:
        """Give a guest another network, which is not plugged in yet."""
        cable = self._lab.cable(self.host, "11.0.3.1/24", guest.space, "11.0.3.2/24")
        cable.far.pull()
        self.cables[f"{label}-other"] = cable
        return cable

    def join(self, chair: Guest, guest: Guest) -> None:
        """Bring both into the call and wait until each receives the other."""
        for one in (chair, guest):
            one.page.goto(self.link(one.number))
            one.page.locator("form.join-form button[type=submit]").click()
            one.page.wait_for_function(
                "() => ['lobby', 'call'].includes(window.projectdesk.state().name)"
            )
            if one is guest:
                chair.page.get_by_role("button", name="Admit", exact=True).click()
                one.page.wait_for_function("() => window.projectdesk.state().name === 'call'")
        for one, other in ((chair, guest), (guest, chair)):
            one.watch(other)
            one.page.wait_for_function(
                "() => window.gauge.at.audio.length > 20 && window.gauge.at.video.length > 20"
            )

    def _open_room(self) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        people: list[tuple[int, str, Role]] = [
            (1, "Ida Holm", "chair"),
            (2, "Li Wei", "participant"),
        ]
        snapshot = RoomSnapshot(
            meeting="lab",
            title="Recovery",
            project="LAB",
            organiser="Ida Holm",
            starts_at=now - timedelta(minutes=1),
            local_start=now.strftime("%Y-%m-%dT%H:%M"),
            zone="UTC",
            duration_minutes=90,
            agenda=[
                PlannedItem(
                    id="i1", number="1", title="Welcome", kind="information", planned_minutes=10
                )
            ],
            invitees=[
                Invitee(
                    id=f"{number:032x}",
                    name=name,
                    organisation="",
                    country="NO",
                    role=role,
                    zone="UTC",
                    token_hash=hashlib.sha256(self._tokens[number].encode()).hexdigest(),
                )
                for number, name, role in people
            ],
            rules=RoomRules(),
        )
        asked = {
            "url": f"{self.url}/api/v1/rooms/{ROOM}",
            "key": self._key,
            "body": msgspec.json.encode(snapshot).decode(),
        }
        subprocess.run(
            self.host.command(sys.executable, "-c", _PUT),
            input=json.dumps(asked),
            text=True,
            check=True,
            timeout=_START_S,
        )


@contextlib.contextmanager
def call_lab(chromium: str) -> Iterator[CallLab]:
    """Make a lab with a host that is not started yet.

    Raises:
        EnvironmentFailure: `lab_impossible`, `browser_missing`.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise EnvironmentFailure(
            "browser_missing", "This measurement drives Chromium by playwright: install it."
        ) from error
    with (
        Lab() as lab,
        tempfile.TemporaryDirectory(prefix="projectdesk-lab-") as name,
        sync_playwright() as playwright,
    ):
        yield CallLab(lab, playwright, Path(name), chromium)


def longest_gap(times: Sequence[float], begin: float, end: float) -> float:
    """Return the longest time without an arrival between two instants, in seconds."""
    inside = [begin, *(at for at in times if begin < at < end), end]
    return max(later - sooner for sooner, later in itertools.pairwise(inside))


def first_after(times: Sequence[float], instant: float) -> float | None:
    """Return how long after an instant the first arrival was, None if there was none."""
    return next((at - instant for at in times if at > instant), None)


def write_certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """Write a certificate of nobody for an address, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    opened = os.open(paths[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(private)
    return paths
