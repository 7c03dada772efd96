"""Work off the GUI thread, answers on it."""

from __future__ import annotations

import sys
import threading

import pytest

from projectdesk.desktop.runtime.pool import Lane, Pool
from projectdesk.errors import DomainError


@pytest.fixture
def pool(qtbot):
    made = Pool()
    yield made
    made.close()
    made.deleteLater()


def test_work_is_done_elsewhere_and_answered_here(pool, qtbot):
    here = threading.get_ident()
    seen = []
    pool.run(threading.get_ident, lambda ident: seen.append((ident, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != here
    assert seen[0][1] == here


def test_answers_of_the_database_come_in_the_order_of_the_questions(pool, qtbot):
    answers: list[object] = []
    for number in range(50):
        pool.run(lambda n=number: n, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 50)
    assert answers == list(range(50))


def test_long_work_does_not_hold_up_the_database(pool, qtbot):
    release = threading.Event()
    answers: list[object] = []
    pool.run(lambda: release.wait(10), lambda _: answers.append("long"), lane=Lane.LONG)
    pool.run(lambda: "short", answers.append)
    qtbot.waitUntil(lambda: answers == ["short"])
    release.set()
    qtbot.waitUntil(lambda: answers == ["short", "long"])


def _refuse():
    raise DomainError("no", "No.")


def test_a_refusal_goes_to_who_asked_or_to_all(pool, qtbot):
    errors = []
    pool.run(_refuse, failed=lambda error: errors.append(error.code))
    qtbot.waitUntil(lambda: errors == ["no"])
    with qtbot.waitSignal(pool.failed) as told:
        pool.run(_refuse)
    assert told.args[0].code == "no"


def test_a_bug_reaches_the_hook_for_bugs(pool, qtbot, monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: caught.append(kind))
    pool.run(lambda: 1 / 0)
    qtbot.waitUntil(lambda: caught == [ZeroDivisionError])


def test_a_dropped_request_is_not_answered(pool, qtbot):
    answers: list[object] = []
    pool.run(lambda: 1, answers.append).drop()
    pool.run(lambda: 2, answers.append)
    qtbot.waitUntil(lambda: answers == [2])
    assert pool.idle


def test_after_closing_nothing_is_run_or_delivered(pool, qtbot):
    answers: list[object] = []
    pool.run(lambda: 1, answers.append)
    pool.close()
    assert pool.run(lambda: 2, answers.append).dropped
    qtbot.wait(0)
    assert answers == []
