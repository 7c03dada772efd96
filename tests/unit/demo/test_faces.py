"""The drawn cameras of the demo, as files that Chromium plays."""

from __future__ import annotations

from pathlib import Path

from projectdesk.demo.faces import HEIGHT, WIDTH, write_faces

FRAME = len(b"FRAME\n") + WIDTH * HEIGHT * 3 // 2


def test_every_player_has_a_face_of_their_own_that_moves(tmp_path: Path) -> None:
    paths = [tmp_path / "one.y4m", tmp_path / "two.y4m"]
    write_faces(paths)
    first, second = (path.read_bytes() for path in paths)
    header, _, frames = first.partition(b"\n")
    assert header.startswith(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} ".encode())
    assert b" C420" in header
    assert len(frames) % FRAME == 0
    pictures = [frames[at : at + FRAME] for at in range(0, len(frames), FRAME)]
    assert all(picture.startswith(b"FRAME\n") for picture in pictures)
    assert len(set(pictures)) == len(pictures)
    assert first != second
