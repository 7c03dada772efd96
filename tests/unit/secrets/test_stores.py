from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyring.backends import fail, null

from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets import (
    PASSPHRASE_FILE,
    PASSPHRASE_VARIABLE,
    SecretStore,
    choose,
    is_durable,
)
from projectdesk.secrets.environment import EnvironmentSecrets
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.secrets.passphrase import PassphraseSecrets
from projectdesk.secrets.system import PART, SERVICE, KeyringSecrets

Make = Callable[[Path], SecretStore]

STORES: dict[str, Make] = {
    "memory": lambda _data: MemorySecrets(),
    "keyring": lambda _data: KeyringSecrets(),
    "passphrase": lambda data: PassphraseSecrets(data, "open sesame"),
    "environment": lambda data: EnvironmentSecrets(data, {}),
}

posix = pytest.mark.skipif(os.name != "posix", reason="modes of files mean nothing here")


@pytest.fixture(params=list(STORES.values()), ids=list(STORES))
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def test_a_secret_is_kept_replaced_and_forgotten(make: Make, tmp_path: Path) -> None:
    store = make(tmp_path)
    assert store.read("host-api-key:https://x.org") is None
    store.write("host-api-key:https://x.org", "one")
    store.write("other", "two")
    assert store.read("host-api-key:https://x.org") == "one"
    store.write("host-api-key:https://x.org", "three")
    assert store.read("host-api-key:https://x.org") == "three"
    store.delete("host-api-key:https://x.org")
    store.delete("host-api-key:https://x.org")
    assert store.read("host-api-key:https://x.org") is None
    assert store.read("other") == "two"


@pytest.mark.parametrize("name", ["keyring", "passphrase", "environment"])
def test_a_durable_store_remembers(name: str, tmp_path: Path) -> None:
    STORES[name](tmp_path).write("token", "kept")
    again = STORES[name](tmp_path)
    assert again.read("token") == "kept"
    assert is_durable(again)
    assert not is_durable(MemorySecrets())


# --- keyring --------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lengths=st.lists(st.integers(min_value=0, max_value=4 * PART), min_size=1, max_size=4))
def test_long_secrets_are_split_below_what_windows_holds(
    memory_keyring: Any, lengths: list[int]
) -> None:
    memory_keyring.entries.clear()
    store = KeyringSecrets()
    for length in lengths:
        secret = "ä" * length
        store.write("refresh-token", secret)
        assert store.read("refresh-token") == secret
    assert all(len(v.encode("utf-16-le")) <= 2560 for v in memory_keyring.entries.values())
    assert len(memory_keyring.entries) <= 1 + -(-lengths[-1] // PART)
    store.delete("refresh-token")
    assert memory_keyring.entries == {}


def test_a_secret_that_looks_like_a_split_one_is_kept(memory_keyring: Any) -> None:
    store = KeyringSecrets()
    store.write("odd", "projectdesk-parts:3")
    assert store.read("odd") == "projectdesk-parts:3"


def test_half_a_secret_is_no_secret(memory_keyring: Any) -> None:
    store = KeyringSecrets()
    store.write("long", "x" * 3 * PART)
    del memory_keyring.entries[SERVICE, "long/2"]
    assert store.read("long") is None


class _Locked(keyring.backend.KeyringBackend):
    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.PasswordSetError("no")

    def delete_password(self, service: str, username: str) -> None:
        raise keyring.errors.PasswordDeleteError("no")


def test_a_keyring_that_refuses_is_an_environment_failure() -> None:
    keyring.set_keyring(_Locked())
    store = KeyringSecrets()
    for use in (
        lambda: store.read("x"),
        lambda: store.write("x", "y"),
        lambda: store.delete("x"),
    ):
        with pytest.raises(EnvironmentFailure) as caught:
            use()
        assert caught.value.code == "keyring_failed"


# --- passphrase -----------------------------------------------------------------------------------


def test_the_link_key_is_derived_and_the_same_at_each_start(tmp_path: Path) -> None:
    first = PassphraseSecrets(tmp_path, "open sesame").read("link-key")
    assert first is not None
    assert len(first) >= 43
    assert PassphraseSecrets(tmp_path, "open sesame").read("link-key") == first
    other = tmp_path / "other"
    assert PassphraseSecrets(other, "open sesame").read("link-key") != first


def test_a_wrong_passphrase_is_told(tmp_path: Path) -> None:
    PassphraseSecrets(tmp_path, "open sesame")
    with pytest.raises(EnvironmentFailure) as caught:
        PassphraseSecrets(tmp_path, "open barley")
    assert caught.value.code == "wrong_passphrase"


def test_nothing_readable_lies_in_the_file(tmp_path: Path) -> None:
    PassphraseSecrets(tmp_path, "open sesame").write("mail-password", "hunter22")
    content = (tmp_path / PASSPHRASE_FILE).read_text(encoding="utf-8")
    assert "hunter22" not in content
    assert "mail-password" not in content
    assert "sesame" not in content


@posix
def test_the_file_is_the_owners(tmp_path: Path) -> None:
    PassphraseSecrets(tmp_path, "open sesame")
    assert stat.S_IMODE((tmp_path / PASSPHRASE_FILE).stat().st_mode) == 0o600
    EnvironmentSecrets(tmp_path, {}).write("link-key", "x")
    assert stat.S_IMODE((tmp_path / "secrets" / "link-key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[]", '{"salt": "AA=="}', "{", '{"salt": 1, "values": 2}'])
def test_a_broken_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / PASSPHRASE_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(EnvironmentFailure) as caught:
        PassphraseSecrets(tmp_path, "open sesame")
    assert caught.value.code == "secrets_unreadable"


# --- server ---------------------------------------------------------------------------------------


def test_a_server_reads_credentials_then_its_file_then_the_environment(tmp_path: Path) -> None:
    given = tmp_path / "credentials"
    given.mkdir()
    environment = {"PROJECTDESK_SECRET_LINK_KEY": "from the environment"}
    store = EnvironmentSecrets(tmp_path, environment)
    assert store.read("link-key") == "from the environment"
    store.write("link-key", "from the file")
    assert store.read("link-key") == "from the file"
    environment["CREDENTIALS_DIRECTORY"] = str(given)
    assert store.read("link-key") == "from the file"
    (given / "link-key").write_text("from systemd\n", encoding="utf-8")
    assert store.read("link-key") == "from systemd"


@posix
def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    store = EnvironmentSecrets(tmp_path, {})
    store.write("link-key", "x")
    (tmp_path / "secrets" / "link-key").chmod(0o644)
    with pytest.raises(EnvironmentFailure) as caught:
        store.read("link-key")
    assert caught.value.code == "secret_exposed"


def test_no_name_leaves_the_folder(tmp_path: Path) -> None:
    store = EnvironmentSecrets(tmp_path, {})
    for name in ("../../outside", "..", "a/b", "host-api-key:https://x.org"):
        store.write(name, name)
        assert store.read(name) == name
    assert {path.name for path in tmp_path.iterdir()} == {"secrets"}


# --- choice ---------------------------------------------------------------------------------------


def test_the_keyring_is_chosen_where_it_answers(tmp_path: Path) -> None:
    assert isinstance(choose(tmp_path, {PASSPHRASE_VARIABLE: "x"}), KeyringSecrets)


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, _Locked])
def test_without_a_keyring_the_passphrase_decides(
    tmp_path: Path, backend: type[keyring.backend.KeyringBackend]
) -> None:
    keyring.set_keyring(backend())
    assert isinstance(choose(tmp_path, {PASSPHRASE_VARIABLE: "open"}), PassphraseSecrets)
    chosen = choose(tmp_path, {})
    assert isinstance(chosen, MemorySecrets)
    assert not is_durable(chosen)


def test_the_protocol_needs_no_keyring_loaded() -> None:
    import subprocess

    code = "import sys, projectdesk.secrets; print('keyring' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_system_without_a_keyring_is_known_without_those_of_other_systems() -> None:
    """The back end of macOS starts a compiler on Linux; that was a twentieth of a second."""
    program = (
        "import sys; from projectdesk.secrets import system; print(system.usable()); "
        "print(sorted(name for name in sys.modules if name.startswith('keyring.backends.')))"
    )
    alone = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={k: v for k, v in os.environ.items() if k != "PYTHON_KEYRING_BACKEND"} | alone,
        check=True,
        capture_output=True,
        text=True,
    )
    usable, loaded = done.stdout.splitlines()
    foreign = {"win32": "macOS", "darwin": "Windows"}.get(sys.platform, "macOS")
    assert foreign not in loaded
    assert usable == str(sys.platform in {"win32", "darwin"})


def test_the_keyring_that_a_person_chose_is_taken() -> None:
    program = (
        "from projectdesk.secrets import system; print(type(system._find_backend()).__module__)"
    )
    chosen = os.environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=chosen, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "keyring.backends.null"
