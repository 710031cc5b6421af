"""The interface font in the sizes of the tokens and the person's own percentage."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from hpe_studio.core.resources import resource_path
from hpe_studio.render import theme as themes
from hpe_studio.ui.look.active import worn

_PROPERTY = "lookFont"


def font(size: str = "body", weight: int = 400) -> QFont:
    """The interface font with digits of equal width.

    Args:
        size: A name of the tokens ("micro", "small", "body", "title", ...).
        weight: 400, 500, 600 or 700.
    """
    made = QFont()
    made.setFamilies(themes.tokens()["font"]["ui"])
    made.setPixelSize(text_px(size))
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def text_px(size: str) -> int:
    """Height in logical pixels of a size of the tokens, as large as it was wished."""
    plain = themes.tokens()["font"]["size_px"][size]
    return round(plain * worn.text_percent / 100)


def room_px(plain: int) -> int:
    """A width that was drawn for texts of 100 %, as wide as larger ones need it."""
    return round(plain * worn.text_percent / 100)


def set_font(widget: QWidget, size: str = "body", weight: int = 400) -> None:
    """Give a widget a font that follows when another text size is chosen."""
    widget.setProperty(_PROPERTY, f"{size} {weight}")
    widget.setFont(font(size, weight))


def refresh_fonts() -> None:
    """Set the fonts of all widgets given by `set_font` again."""
    for widget in QApplication.allWidgets():
        refresh_font(widget)


def refresh_font(widget: QWidget) -> None:
    """Set the font of a widget given by `set_font` again."""
    wish = widget.property(_PROPERTY)
    if isinstance(wish, str):
        size, weight = wish.split(" ")
        widget.setFont(font(size, int(weight)))


@cache
def load_fonts() -> None:
    """Make the shipped fonts known to Qt."""
    for file in sorted(resource_path("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
