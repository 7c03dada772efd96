"""Folders and the log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from projectdesk.bootstrap import data_folder, log_file, start_logging


@pytest.fixture
def quiet_root() -> object:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield root
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.mark.usefixtures("quiet_root")
def test_the_log_masks_tokens_cookies_and_keys(tmp_path: Path) -> None:
    start_logging(tmp_path)
    token = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"
    for text in (
        f"https://host/r/abcdefghjk#{token}",
        f"Authorization: Bearer {token}",
        f'{{"token": "{token}", "resume":"{token}"}}',
        f"Cookie: pd_abcdefghjk={token}",
        f"key pdk_{token}",
        f"GET /d/abcdefghjk/feed/{token}.ics HTTP/1.1",
        f"webcal://host/d/abcdefghjk/feed/{token}.ics",
    ):
        logging.getLogger("test").warning("%s", text)
    written = log_file(tmp_path, "projectdesk").read_text(encoding="utf-8")
    assert token not in written
    assert written.count("***") >= 7
    assert "https://host/r/abcdefghjk#***" in written


def test_the_data_folder_is_the_one_given_or_the_platforms(tmp_path: Path) -> None:
    assert data_folder(str(tmp_path)) == tmp_path
    assert data_folder(None).name == "ProjectDesk"
