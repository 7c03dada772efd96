from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


def fixture(name: str) -> list[dict[str, Any]]:
    """Return one file of wire fixtures, which the page's tests read too."""
    path = ROOT / "tests" / "fixtures" / "signalling" / f"{name}.json"
    content: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return content


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for argument in ("client", "host", "client_bad", "desk", "call_http"):
        name = f"{argument}_fixture"
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, fixture(argument))
