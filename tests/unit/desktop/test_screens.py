"""Pictures are taken of real windows."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage

from projectdesk import screens
from projectdesk.desktop.theme.tokens import LIGHT
from projectdesk.screens import heavy, rendering, scenes
from projectdesk.services import queries


@pytest.mark.full
def test_a_picture_is_taken_of_a_filled_page(dressed, tmp_path):
    made = screens.run(tmp_path, "typical-light-1280x800-en/meeting-agenda")
    assert [path.name for path in made][:1] == ["meeting-agenda.png"]
    image = QImage(str(made[0]))
    assert (image.width(), image.height()) == (1280, 800)
    colours = {image.pixelColor(x, y).name() for x in range(0, 1280, 7) for y in range(0, 800, 7)}
    assert QColor(LIGHT.surface).name() in colours
    assert len(colours) > 20, "there is text on it"


def test_every_scene_has_a_name_of_its_own_and_is_taken_somewhere():
    for group in (scenes.SCENES, scenes.EMPTY, scenes.EMPTY_PROJECT):
        names = [scene.name for scene in group]
        assert len(names) == len(set(names))
    assert {each.data for each in rendering.ROUNDS} == {"empty", "bare", "typical", "heavy"}
    assert {each.scheme.value for each in rendering.ROUNDS} == {"light", "dark"}
    assert {each.size for each in rendering.ROUNDS} == {(1280, 800), (1920, 1080)}
    assert "de" in {each.language for each in rendering.ROUNDS}


@pytest.mark.full
def test_the_heavy_project_fills_its_effort_matrix(workspace):
    project = heavy.fill(workspace)
    matrix = queries.effort_matrix(workspace, project)
    planned = matrix.planned.cells
    assert len(planned) > heavy.PARTNERS * heavy.WORK_PACKAGES // 2
    for package in matrix.packages:
        column = {who: months for (who, where), months in planned.items() if where == package.id}
        assert max(column, key=column.__getitem__) == package.lead_partner_id, package.label
    assert max(planned.values()) > 1000, "wide numbers are shown"
