"""Commands whose data folder is no folder: refused by name, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from projectdesk.cli import REFUSED, main


@pytest.mark.parametrize(
    "command", [["list", "projects"], ["serve", "--port", "0"], ["serve", "keys", "list"]]
)
def test_a_file_as_the_data_folder_is_refused(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("1;2", encoding="utf-8")
    assert main([*command, "--data", str(file)]) == REFUSED
    assert f"{file} is a file, not a folder." in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "1;2"
