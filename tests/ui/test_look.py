"""Another theme or text size is worn at once by a window that is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QCheckBox, QLabel

from hpe_studio.app import make_application
from hpe_studio.render.theme import THEME_NAMES
from hpe_studio.ui import look
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import icon_label, text_label
from tests.driver import StudioDriver


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Each test begins and ends with the look nobody chose."""
    look.apply(make_application())
    yield
    for name in ("look.theme", "look.text_percent"):
        settings().forget(name)


@pytest.mark.parametrize("name", THEME_NAMES)
def test_everything_open_changes_with_the_theme(lasting: StudioDriver, name: str):
    changes: list[str] = []

    def note() -> None:
        changes.append(look.theme().name)

    look.changed.connect(note)
    settings().write("look.theme", name)
    look.changed.disconnect(note)
    lasting.settle()
    assert look.theme().name == name
    assert changes == ([] if name == "dark" else [name])
    picture = lasting.grab()
    outliner, status = lasting.workspace.outliner, lasting.window.status
    assert _at(picture, lasting, outliner, 3, 400) == look.colour("bg.panel")
    assert _at(picture, lasting, status, 2, 12) == look.colour("bg.panel")


def test_icons_take_the_colour_of_the_theme_worn_when_drawn(studio: StudioDriver):
    icon = look.icon("play-solid", ink="text.primary")
    label = icon_label("play-solid", 16, "text.primary")
    for name in THEME_NAMES:
        settings().write("look.theme", name)
        ink = look.colour("text.primary")
        assert _inks(icon.pixmap(QSize(16, 16), 1.0).toImage()) == {ink.name()}
        assert ink.name() in _inks(label.grab().toImage())
        off = icon.pixmap(QSize(16, 16), 1.0, QIcon.Mode.Disabled).toImage()
        assert _inks(off) == {look.colour("text.disabled").name()}


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_drawn_at_the_pixels_of_the_screen(
    studio: StudioDriver, ratio: float
):
    picture = look.icon("play").pixmap(QSize(16, 16), ratio)
    assert picture.size() == QSize(round(16 * ratio), round(16 * ratio))
    assert picture.devicePixelRatio() == ratio
    wide = look.gapped_icon("play").pixmap(look.gapped_size(), ratio)
    assert wide.size() == look.gapped_size() * ratio


def test_ticks_can_be_seen_in_every_theme(studio: StudioDriver):
    box = QCheckBox()
    box.setChecked(True)
    for name in THEME_NAMES:
        settings().write("look.theme", name)
        shades = _shades(box.grab().toImage())
        assert look.colour("accent.fill").name() in shades
        assert look.colour("accent.on").name() in shades


def test_text_grows_where_it_is_and_where_it_comes(studio: StudioDriver):
    label, heading = text_label("A word"), text_label("A title", size="hero")
    before = label.fontMetrics().horizontalAdvance("A word")
    settings().write("look.text_percent", 130)
    assert (label.font().pixelSize(), heading.font().pixelSize()) == (16, 31)
    assert label.fontMetrics().horizontalAdvance("A word") > 1.2 * before
    assert QLabel().font().pixelSize() == 16
    settings().write("look.text_percent", 900)
    assert label.font().pixelSize() == 18


def test_a_theme_nobody_has_counts_as_never_chosen(studio: StudioDriver):
    settings().write("look.theme", "sepia")
    assert look.theme().name == "dark"
    settings().write("look.theme", "system")
    assert look.theme().name in THEME_NAMES


def _at(picture: QImage, driver: StudioDriver, widget, x: int, y: int) -> QColor:
    place = widget.mapTo(driver.window, widget.rect().topLeft())
    return picture.pixelColor(place.x() + x, place.y() + y)


def _inks(picture: QImage) -> set[str]:
    """Colours of pixels that are covered whole."""
    return {c.name() for c in _colours(picture) if c.alpha() == 255}


def _shades(picture: QImage) -> set[str]:
    return {c.name() for c in _colours(picture)}


def _colours(picture: QImage) -> list[QColor]:
    plain = picture.convertToFormat(QImage.Format.Format_ARGB32)
    return [
        plain.pixelColor(x, y)
        for y in range(plain.height())
        for x in range(plain.width())
    ]
