"""No bytes of a stranger crash, hang or fill anything (issue: the call's security)."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

SECONDS = 12
"""How long atheris looks at each target."""


@pytest.mark.parametrize("target", TARGETS)
def test_well_formed_examples_are_read(target: str) -> None:
    examples = seeds(target)
    assert examples
    for example in examples:
        TARGETS[target](example)


@st.composite
def bent(draw: st.DrawFn, examples: list[bytes]) -> bytes:
    """Draw an example with some of it cut, doubled or overwritten."""
    data = bytearray(draw(st.sampled_from(examples)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        kind = draw(st.sampled_from(["set", "cut", "put"]))
        if kind == "set" and at < len(data):
            data[at] = draw(st.integers(0, 255))
        elif kind == "cut":
            del data[at : at + draw(st.integers(1, 40))]
        else:
            data[at:at] = draw(st.binary(max_size=40))
    return bytes(data)


@pytest.mark.parametrize("target", TARGETS)
def test_bent_examples_and_noise_harm_nothing(target: str) -> None:
    examples = seeds(target)

    @settings(max_examples=150, deadline=1000)
    @given(st.one_of(bent(examples), st.binary(max_size=1500)))
    def run(data: bytes) -> None:
        TARGETS[target](data)

    run()


def test_an_attribute_that_is_too_short_does_not_stop_the_reader() -> None:
    """aioice 0.13 raises struct.error for it; atheris found it."""
    body = b"\x00\x06\x00\x09abcd:efgh\x00\x00\x00" + b"\x00\x24\x00\x00" + b"\x6e\x7f\x1e\xff"
    head = b"\x00\x01" + len(body).to_bytes(2, "big") + b"\x21\x12\xa4\x42" + b"t" * 12
    TARGETS["stun"](head + body)


@pytest.mark.full
@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this system"
)
@pytest.mark.timeout(120)
@pytest.mark.parametrize("target", TARGETS)
def test_no_path_that_coverage_finds_harms(target: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, example in enumerate(seeds(target)):
        (corpus / f"{number}").write_bytes(example)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.fuzz.with_atheris", target, str(corpus)),
            *(f"-max_total_time={SECONDS}", "-timeout=5", "-rss_limit_mb=1024"),
            *(f"-artifact_prefix={tmp_path}/", "-max_len=20000", "-print_final_stats=1"),
        ],
        capture_output=True,
        text=True,
        timeout=100,
        cwd=Path(__file__).parents[2],
    )
    found = [path.read_bytes()[:200] for path in tmp_path.glob("[ctlo]*-*")]
    assert done.returncode == 0, f"{found}\n{done.stderr[-3000:]}"
    executed = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    assert executed, done.stderr[-2000:]
    assert int(executed[0].split()[-1]) > 10  # it ran; how fast is the machine's business
