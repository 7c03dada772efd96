"""A private PostgreSQL server as a team has one: on TCP, with TLS and passwords."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.unit.services.postgres import _as_server, _installed

PASSWORD = "correct horse"
_HBA = """local all postgres trust
hostssl all ada 127.0.0.1/32 scram-sha-256
hostssl all reader 127.0.0.1/32 scram-sha-256
"""


class TeamServer:
    """A running server. folder: holds authority.pem; port: on 127.0.0.1."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.authority = folder / "authority.pem"
        self._programs = _installed()

    def start(self) -> None:
        options = (
            f"-k {self.folder} -p {self.port} -c listen_addresses=127.0.0.1 -c ssl=on "
            f"-c ssl_cert_file={self.folder}/server.pem -c ssl_key_file={self.folder}/server.key "
            "-c fsync=off"
        )
        self._control("-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def kill(self) -> None:
        """Kill the server and its processes, as a power cut does, and clear up after it."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        until = time.monotonic() + 20
        while time.monotonic() < until and any(_runs(int(each)) for each in children):
            time.sleep(0.05)
        # A dead process that nobody has fetched yet still counts as one that holds these.
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        (self.folder / f".s.PGSQL.{self.port}.lock").unlink(missing_ok=True)

    def sql(self, *statements: str, database: str = "postgres") -> None:
        import psycopg

        where = f"host={self.folder} port={self.port} user=postgres dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _control(self, *arguments: str) -> None:
        command = [str(self._programs / "pg_ctl"), "-D", str(self.folder / "data"), "-w", "-s"]
        subprocess.run(
            _as_server([*command, *arguments]), check=True, stdout=subprocess.DEVNULL, cwd="/"
        )


def _runs(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@contextmanager
def running_team_server() -> Iterator[TeamServer]:
    """Run a server with an empty database `team` of `ada`; a user `reader` has no rights."""
    programs = _installed()
    folder = Path(tempfile.mkdtemp(prefix="pd-team-"))
    try:
        _certificates(folder)
        if os.geteuid() == 0:
            for each in (folder, *folder.iterdir()):
                shutil.chown(each, "postgres")
        subprocess.run(
            _as_server(
                [
                    str(programs / "initdb"),
                    *("-D", str(folder / "data"), "-U", "postgres", "-E", "UTF8"),
                    *("--locale=C.UTF-8", "--no-sync", "-A", "trust"),
                ]
            ),
            check=True,
            capture_output=True,
            cwd="/",
        )
        (folder / "data" / "pg_hba.conf").write_text(_HBA)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = TeamServer(folder, port)
        server.start()
        try:
            server.sql(
                f"CREATE ROLE ada LOGIN PASSWORD '{PASSWORD}'",
                f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'",
                "CREATE DATABASE team OWNER ada ENCODING 'UTF8' TEMPLATE template0",
            )
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _certificates(folder: Path) -> None:
    """Write authority.pem, other.pem (of a stranger), server.pem and server.key."""
    now = datetime.now(UTC)

    def made(
        name: str, key: ec.EllipticCurvePrivateKey, issuer: str, signer: ec.EllipticCurvePrivateKey
    ) -> x509.Certificate:
        names = [x509.DNSName("db.example.org"), x509.IPAddress(ip_address("127.0.0.1"))]
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), True)
            .add_extension(x509.SubjectAlternativeName(names), False)
            .sign(signer, hashes.SHA256())
        )

    pem = serialization.Encoding.PEM
    root = ec.generate_private_key(ec.SECP256R1())
    own = ec.generate_private_key(ec.SECP256R1())
    stranger = ec.generate_private_key(ec.SECP256R1())
    for file, certificate in (
        ("authority.pem", made("Authority", root, "Authority", root)),
        ("other.pem", made("Stranger", stranger, "Stranger", stranger)),
        ("server.pem", made("db.example.org", own, "Authority", root)),
    ):
        (folder / file).write_bytes(certificate.public_bytes(pem))
    key = folder / "server.key"
    key.write_bytes(
        own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    key.chmod(0o600)
