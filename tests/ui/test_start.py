"""The start page: ways to begin, projects that were open lately."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from hpe_studio.ui import recent, thumbnails
from hpe_studio.ui.settings import settings
from hpe_studio.ui.start_cards import RecentCard
from tests.driver import StudioDriver


def _close(driver: StudioDriver) -> list[RecentCard]:
    """Close the project; the cards once their files were looked for."""
    driver.press("Ctrl+W")
    return _cards(driver)


def _cards(driver: StudioDriver) -> list[RecentCard]:
    driver.settle()
    return driver.window.start_page.recent.cards


def _remember(folder: Path, *names: str) -> list[Path]:
    paths = [folder / f"{name}.hpes" for name in names]
    for path in paths:
        path.touch()
    recent._write(
        [
            recent.RecentProject(path=p, summary="1 person", opened="2026-01-01")
            for p in paths
        ]
    )
    return paths


def test_the_first_start_offers_the_sample(studio: StudioDriver):
    page = studio.window.start_page
    assert studio.app.focusWidget() is page.sample
    assert not page.recent.isVisible()


def test_a_closed_project_comes_back_with_its_picture(
    opened: StudioDriver, project: Path
):
    opened.scrub_to(30)
    opened.wait_idle()
    (card,) = _close(opened)
    assert card.project.path == project
    assert card.project.summary == "2 people, 40 frames"
    assert card.project.note == "4 tracks"
    assert card.project.when.startswith("today")
    assert opened.app.focusWidget() is card
    file = thumbnails.path_for(project)
    opened.wait_until(file.is_file, "the thumbnail")
    opened.settle()
    assert file.stat().st_size <= 40_000
    shown = card.grab().toImage().pixelColor(card.width() // 2, 60).red()
    assert shown == pytest.approx(40 + 4 * 30, abs=3)
    opened.press("Return")
    opened.wait_idle()
    assert opened.session.project.path == project


def test_a_busy_picture_stays_small():
    noise = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
    data = thumbnails.encoded(noise)
    picture = QImage.fromData(data)
    assert len(data) <= 40_000
    assert (picture.width(), picture.height()) == thumbnails.SIZE_PX


@pytest.mark.parametrize("shape", [(1200, 300), (200, 1600), (1, 1)])
def test_a_picture_of_any_shape_is_cut_to_its_middle(shape: tuple[int, int]):
    rgb = np.zeros((*shape, 3), np.uint8)
    rgb[shape[0] // 3 : shape[0] - shape[0] // 3] = 200
    picture = QImage.fromData(thumbnails.encoded(rgb))
    assert (picture.width(), picture.height()) == thumbnails.SIZE_PX
    centre = picture.pixelColor(picture.width() // 2, picture.height() // 2)
    assert centre.red() == pytest.approx(200, abs=4)


def test_typing_finds_projects_by_name_and_folder(studio: StudioDriver, tmp_path: Path):
    (tmp_path / "park").mkdir()
    _remember(tmp_path, "walk", "run", "jump", "dance", "sit", "lie")
    page = studio.window.start_page
    page.refresh()
    assert len(_cards(studio)) == 5
    QTest.keyClicks(page.recent.search, "LIE")
    assert [c.project.path.stem for c in _cards(studio)] == ["lie"]
    page.recent.search.clear()
    QTest.keyClicks(page.recent.search, f"{tmp_path.name} un")
    assert [c.project.path.stem for c in _cards(studio)] == ["run"]
    QTest.keyClicks(page.recent.search, "nonsense")
    assert not _cards(studio)


def test_a_project_that_is_gone_is_dimmed_and_can_be_removed(
    studio: StudioDriver, tmp_path: Path
):
    gone, kept = _remember(tmp_path, "gone", "kept")
    gone.unlink()
    page = studio.window.start_page
    page.refresh()
    first = _cards(studio)[0]
    studio.wait_until(lambda: first.is_missing, "the file to be looked for")
    menu = page.recent.menu_of(first)
    assert [a.text() for a in menu.actions() if a.text()] == [
        "Locate…",
        "Remove from list",
    ]
    menu.actions()[-1].trigger()
    assert [p.path for p in recent.recent_projects()] == [kept]
    assert kept.is_file()
    assert [c.project.path for c in _cards(studio)] == [kept]


def test_a_project_that_was_moved_is_opened_from_where_it_is(
    studio: StudioDriver, project: Path, tmp_path: Path
):
    (old,) = _remember(tmp_path, "old")
    studio.window.start_page.refresh()
    studio.window.start_page.recent._on_located(old, project)
    studio.wait_idle()
    assert studio.session.project.path == project
    assert [p.path for p in recent.recent_projects()] == [project]


@pytest.mark.parametrize("percent", [100, 130])
def test_nothing_is_cut_in_a_small_window(
    studio: StudioDriver, tmp_path: Path, percent: int
):
    settings().write("look.text_percent", percent)
    _remember(tmp_path, *"abcdef")
    page = studio.window.start_page
    page.refresh()
    studio.window.resize(1280, 720)
    studio.settle()
    assert page.verticalScrollBar().maximum() == 0
    assert len(_cards(studio)) == (5 if percent == 100 else 4)
    view = page.viewport()
    for widget in (*page.findChildren(QLabel), *page.findChildren(QAbstractButton)):
        if not widget.isVisible():
            continue
        corner = widget.mapTo(view, widget.rect().bottomRight())
        assert view.rect().contains(corner), widget.accessibleName()
        if isinstance(widget, QLabel) and widget.text() and not widget.wordWrap():
            assert widget.sizeHint().width() <= widget.width() + 1, widget.text()
    settings().forget("look.text_percent")


def test_arrows_go_from_card_to_card(studio: StudioDriver, tmp_path: Path):
    _remember(tmp_path, "one", "two")
    studio.window.start_page.refresh()
    one, two = _cards(studio)
    one.setFocus(Qt.FocusReason.TabFocusReason)
    studio.press("Right", one)
    assert studio.app.focusWidget() is two
    studio.press("Left", two)
    assert studio.app.focusWidget() is one
