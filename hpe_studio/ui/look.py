"""The look of the window: colours, fonts, icons, palette and style sheet of a theme."""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from hpe_studio.core.person import Person
from hpe_studio.core.resources import resource_path
from hpe_studio.render import theme as themes

_ICON_GAP_PX = 4
_active = themes.theme("dark")


def apply(app: QApplication, name: str = "dark") -> None:
    """Dress the whole application in one theme.

    Raises:
        KeyError: If there is no such theme.
    """
    global _active  # noqa: PLW0603  (there is one look per process, as Qt has it)
    _active = themes.theme(name)
    _load_fonts()
    app.setStyle("Fusion")
    app.setFont(font("body"))
    app.setPalette(_palette())
    app.setStyleSheet(style_sheet())


def theme() -> themes.Theme:
    """The active theme."""
    return _active


def person_colour_names() -> tuple[str, ...]:
    """Names of the colours a person can have."""
    return tuple(entry["name"] for entry in themes.tokens()["person"]["dark"])


def colour(token: str, *, alpha: float | None = None) -> QColor:
    """A colour of the active theme by its name ("bg.panel")."""
    made = QColor.fromRgbF(*_active.rgba(token))
    if alpha is not None:
        made.setAlphaF(alpha)
    return made


def person_colour(person: Person, *, on_video: bool = False) -> QColor:
    """The colour that stands for a person."""
    if person.colour.startswith("#"):
        return QColor(person.colour)
    colour_set = "video" if on_video else _active.name
    entries = themes.tokens()["person"][colour_set]
    for entry in entries:
        if entry["name"] == person.colour:
            return QColor(entry["hex"])
    return QColor(entries[person.id % len(entries)]["hex"])


def letter_ink() -> QColor:
    """The colour of a letter on a person's swatch."""
    return QColor(_active.letter_ink())


def font(size: str = "body", weight: int = 400) -> QFont:
    """The interface font with digits of equal width.

    Args:
        size: A name of the tokens ("micro", "small", "body", "title", ...).
        weight: 400, 500, 600 or 700.
    """
    made = QFont()
    made.setFamilies(themes.tokens()["font"]["ui"])
    made.setPixelSize(int(themes.tokens()["font"]["size_px"][size]))
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def pixmap(name: str, size: int, tint: QColor, ratio: float = 1.0) -> QPixmap:
    """A line icon in one colour, crisp at the device's pixel ratio.

    Raises:
        FileNotFoundError: If the icon is not shipped.
    """
    return _pixmap(name, size, tint.name(QColor.NameFormat.HexArgb), ratio)


def icon(name: str, size: int = 16, *, ink: str = "text.secondary") -> QIcon:
    """A line icon for buttons and menus, brighter when checked, dim when off."""
    made = QIcon()
    states = (
        (QIcon.Mode.Normal, QIcon.State.Off, ink),
        (QIcon.Mode.Active, QIcon.State.Off, _hover_of(ink)),
        (QIcon.Mode.Normal, QIcon.State.On, _hover_of(ink)),
        (QIcon.Mode.Active, QIcon.State.On, _hover_of(ink)),
        (QIcon.Mode.Disabled, QIcon.State.Off, "text.disabled"),
        (QIcon.Mode.Disabled, QIcon.State.On, "text.disabled"),
    )
    for mode, state, name_of_colour in states:
        for ratio in (1.0, 2.0):
            made.addPixmap(
                pixmap(name, size, colour(name_of_colour), ratio), mode, state
            )
    return made


def gapped_icon(name: str, size: int = 16, *, ink: str = "text.secondary") -> QIcon:
    """A line icon with room at its right, for buttons with words beside it.

    Use it with an icon size of `gapped_size(size)`.
    """
    plain = icon(name, size, ink=ink)
    made = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Disabled):
        for ratio in (1.0, 2.0):
            wide = QPixmap(gapped_size(size) * ratio)
            wide.fill(Qt.GlobalColor.transparent)
            wide.setDevicePixelRatio(ratio)
            painter = QPainter(wide)
            painter.drawPixmap(0, 0, plain.pixmap(QSize(size, size), ratio, mode))
            painter.end()
            made.addPixmap(wide, mode)
    return made


def gapped_size(size: int = 16) -> QSize:
    """The size of a `gapped_icon`."""
    return QSize(size + _ICON_GAP_PX, size)


def set_role(widget: QWidget, **properties: object) -> None:
    """Set the dynamic properties that the style sheet looks at, and restyle."""
    for key, value in properties.items():
        widget.setProperty(key, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def style_sheet() -> str:
    """The style sheet of the active theme, every ``@token`` filled in."""
    template = resource_path("themes/window.qss").read_text(encoding="utf-8")

    def fill(match: re.Match[str]) -> str:
        if match.group(1).startswith("icon."):
            path = resource_path(f"icons/{match.group(1)[5:]}.svg")
            return path.as_posix()
        red, green, blue, alpha = _active.rgba(match.group(1))
        parts = (round(red * 255), round(green * 255), round(blue * 255))
        return f"rgba({parts[0]}, {parts[1]}, {parts[2]}, {round(alpha * 255)})"

    return re.sub(r"@([a-z]+\.[a-z_-]+)", fill, template)


def _hover_of(ink: str) -> str:
    return "text.primary" if ink in {"text.secondary", "text.muted"} else ink


@cache
def _load_fonts() -> None:
    for file in sorted(resource_path("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


@cache
def _pixmap(name: str, size: int, tint: str, ratio: float) -> QPixmap:
    text = resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")
    colour_name = QColor(tint)
    text = text.replace("currentColor", colour_name.name())
    text = text.replace('stroke-width="2"', 'stroke-width="1.75"')
    renderer = QSvgRenderer(QByteArray(text.encode()))
    made = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setOpacity(colour_name.alphaF())
    renderer.render(painter, QRectF(made.rect()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def _palette() -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, token in (
        (roles.Window, "bg.panel"),
        (roles.Base, "bg.input"),
        (roles.AlternateBase, "bg.header"),
        (roles.Button, "bg.raised"),
        (roles.Text, "text.primary"),
        (roles.WindowText, "text.primary"),
        (roles.ButtonText, "text.primary"),
        (roles.BrightText, "text.primary"),
        (roles.PlaceholderText, "text.muted"),
        (roles.Highlight, "selection.active"),
        (roles.HighlightedText, "text.primary"),
        (roles.ToolTipBase, "bg.raised"),
        (roles.ToolTipText, "text.primary"),
        (roles.Accent, "accent.fill"),
        (roles.Link, "accent.text"),
        (roles.Light, "border.strong"),
        (roles.Midlight, "border.subtle"),
        (roles.Mid, "border.subtle"),
        (roles.Dark, "bg.window"),
        (roles.Shadow, "bg.window"),
    ):
        palette.setColor(role, colour(token))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, colour("text.disabled"))
    return palette
