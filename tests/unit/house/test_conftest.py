"""The safety net of tests/conftest.py catches what it promises to catch."""

from __future__ import annotations

import asyncio
import socket

import keyring
import pytest

pytest_plugins = ["pytester"]


def test_a_unit_test_cannot_connect():
    with socket.socket() as sock, pytest.raises(RuntimeError, match="must not use the network"):
        sock.connect(("127.0.0.1", 9))


@pytest.mark.loopback
def test_loopback_is_open_to_those_who_ask():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as client:
            assert client.getpeername() == server.getsockname()
        with socket.socket() as sock, pytest.raises(RuntimeError, match="must not use the network"):
            sock.connect(("192.0.2.1", 9))


async def test_an_event_loop_runs_without_network():
    assert await asyncio.to_thread(lambda: 42) == 42


def test_secrets_stay_in_memory(memory_keyring):
    keyring.set_password("projectdesk", "me", "secret")
    assert memory_keyring.entries == {("projectdesk", "me"): "secret"}
    keyring.delete_password("projectdesk", "me")
    assert keyring.get_password("projectdesk", "me") is None


@pytest.fixture
def inner(pytester: pytest.Pytester, request: pytest.FixtureRequest) -> pytest.Pytester:
    """Return a folder for a run of its own under the same conftest.py."""
    conftest = request.config.rootpath / "tests" / "conftest.py"
    text = conftest.read_text(encoding="utf-8")
    assert "GRACE_SECONDS = 3.0" in text
    pytester.makeconftest(text.replace("GRACE_SECONDS = 3.0", "GRACE_SECONDS = 0.1"))
    pytester.makeini(
        "[pytest]\nqt_api = pyside6\nmarkers = loopback: x\n"
        "asyncio_default_fixture_loop_scope = function\n"
    )
    return pytester


@pytest.mark.full
def test_a_leaked_thread_fails_the_test(inner):
    inner.makepyfile(
        """
        import threading
        release = threading.Event()
        def test_leak():
            threading.Thread(target=release.wait, name="forgotten", daemon=True).start()
        """
    )
    result = inner.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    assert "threads left running: ['forgotten']" in result.stdout.str()


@pytest.mark.full
@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("kept.append(QWidget(objectName='lost')); kept[-1].show()", "QWidget 'lost'"),
        ("kept.append(QTimer(objectName='ticking')); kept[-1].start(1000)", "QTimer 'ticking'"),
    ],
)
def test_a_leaked_qt_object_fails_the_test(inner, body, named):
    inner.makepyfile(
        f"""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QWidget
        kept = []
        def test_leak(qtbot):
            {body}
        def test_clean(qtbot):
            qtbot.addWidget(QWidget())
        """
    )
    result = inner.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, errors=1)
    assert f'Qt objects left behind: ["{named}"]' in result.stdout.str()


@pytest.mark.full
def test_the_skip_budget_counts_all_but_absent_shared_data(inner, monkeypatch):
    inner.makepyfile(
        """
        import pytest
        def test_absent():
            pytest.skip("shared data absent")
        def test_lazy():
            pytest.skip("not today")
        """
    )
    monkeypatch.setenv("PROJECTDESK_SKIP_BUDGET", "1")
    assert inner.runpytest_subprocess("-p", "no:cacheprovider").ret == pytest.ExitCode.OK
    monkeypatch.setenv("PROJECTDESK_SKIP_BUDGET", "0")
    result = inner.runpytest_subprocess("-p", "no:cacheprovider")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["1 skipped, 0 allowed:", "*::test_lazy"])


@pytest.mark.full
def test_a_forgotten_socket_fails_the_test_that_forgot_it(inner):
    inner.makepyfile(
        """
        import socket
        import pytest
        @pytest.mark.loopback
        def test_forgets():
            ring = [socket.socket()]
            ring.append(ring)
        def test_innocent():
            pass
        """
    )
    result = inner.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=2, errors=1)
    assert "ERROR test_a_forgotten_socket_fails_the_test_that_forgot_it.py::test_forgets" in (
        result.stdout.str()
    )


@pytest.mark.full
def test_a_worker_that_dies_is_no_run_in_which_one_test_failed(inner):
    inner.makepyfile(
        test_dies="import os\ndef test_dies(): os.abort()\ndef test_never(): pass",
        test_goes_on="def test_passes(): pass",
    )
    dist = ("-n", "2", "--max-worker-restart", "0", "--dist", "loadfile")
    run = inner.runpytest_subprocess("-p", "no:cacheprovider", *dist)
    assert run.ret == pytest.ExitCode.INTERRUPTED
    run.assert_outcomes(passed=1, failed=1)
