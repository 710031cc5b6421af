"""Line icons that take the active theme's colours each time they are drawn."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from hpe_studio.core.resources import resource_path
from hpe_studio.render import theme as themes
from hpe_studio.ui.look.active import colour

_ICON_GAP_PX = 4


def pixmap(name: str, size: int, tint: QColor, ratio: float = 1.0) -> QPixmap:
    """A line icon in one colour, crisp at the device's pixel ratio.

    Raises:
        FileNotFoundError: If the icon is not shipped.
    """
    return _pixmap(name, size, tint.name(QColor.NameFormat.HexArgb), ratio)


def icon(
    name: str, size: int = 16, *, ink: str = "text.secondary", on_ink: str = ""
) -> QIcon:
    """A line icon for buttons and menus, brighter when checked, dim when off.

    It is drawn at the size that is asked for and in the theme worn then, so it need
    not be made again when either changes.

    Args:
        name: Of the shipped file.
        size: Where nothing else is asked for.
        ink: Token of its colour.
        on_ink: Token of its colour when checked, where the ground changes; "" for a
            brighter shade.

    Raises:
        FileNotFoundError: If the icon is not shipped.
    """
    return _icon(name, size, ink, 0, on_ink)


def gapped_icon(name: str, size: int = 16, *, ink: str = "text.secondary") -> QIcon:
    """A line icon with room at its right, for buttons with words beside it.

    Use it with an icon size of `gapped_size(size)`.
    """
    return _icon(name, size, ink, _ICON_GAP_PX, "")


def gapped_size(size: int = 16) -> QSize:
    """The size of a `gapped_icon`."""
    return QSize(size + _ICON_GAP_PX, size)


def svg_text(name: str, tint: QColor) -> str:
    """An icon's file with its strokes in one colour."""
    text = resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")
    text = text.replace("currentColor", tint.name())
    stroke = f'stroke-width="{themes.tokens()["icon"]["stroke"]}"'
    return text.replace('stroke-width="2"', stroke)


class _LineIcon(QIconEngine):
    """Draws one icon.

    Args:
        name: Of the shipped file.
        ink: Token of its colour.
        gap_px: Room left free at the right.
        on_ink: Token of its colour when checked, or "".
    """

    def __init__(self, name: str, ink: str, gap_px: int, on_ink: str) -> None:
        super().__init__()
        self._what = (name, ink, gap_px, on_ink)

    def iconName(self) -> str:
        """Name of the shipped file."""
        return self._what[0]

    def clone(self) -> QIconEngine:
        """Another one of the same; kept, for Qt does not take it over."""
        made = _LineIcon(*self._what)
        _clones.append(made)
        return made

    def paint(
        self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        """Draw it into a rectangle."""
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self._drawn(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """A picture of so many pixels."""
        return self._drawn(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """A picture for a device pixel ratio."""
        return self._drawn(size, mode, state, scale)

    def _drawn(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, ratio: float
    ) -> QPixmap:
        name, ink, gap_px, on_ink = self._what
        if on_ink and state == QIcon.State.On and mode != QIcon.Mode.Disabled:
            ink = on_ink
        side = min(size.width() - gap_px, size.height())
        line = pixmap(name, max(side, 1), colour(_shade(ink, mode, state)), ratio)
        if size == QSize(side, side):
            return line
        wide = QPixmap(size * ratio)
        wide.setDevicePixelRatio(ratio)
        wide.fill(Qt.GlobalColor.transparent)
        with QPainter(wide) as painter:
            left = 0 if gap_px else (size.width() - side) // 2
            painter.drawPixmap(left, (size.height() - side) // 2, line)
        return wide


_clones: list[_LineIcon] = []


def _shade(ink: str, mode: QIcon.Mode, state: QIcon.State) -> str:
    if mode == QIcon.Mode.Disabled:
        return "text.disabled"
    is_lit = mode != QIcon.Mode.Normal or state == QIcon.State.On
    return "text.primary" if is_lit and ink in _BRIGHTEN else ink


_BRIGHTEN = frozenset({"text.secondary", "text.muted"})


@cache
def _engine(name: str, ink: str, gap_px: int, on_ink: str) -> _LineIcon:
    resource_path(f"icons/{name}.svg")
    return _LineIcon(name, ink, gap_px, on_ink)


@cache
def _icon(name: str, _size: int, ink: str, gap_px: int, on_ink: str) -> QIcon:
    """One icon for all who want the same: its engine must outlive its users."""
    return QIcon(_engine(name, ink, gap_px, on_ink))


@cache
def _pixmap(name: str, size: int, tint: str, ratio: float) -> QPixmap:
    shade = QColor(tint)
    renderer = QSvgRenderer(QByteArray(svg_text(name, shade).encode()))
    made = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        painter.setOpacity(shade.alphaF())
        renderer.render(painter, QRectF(made.rect()))
    made.setDevicePixelRatio(ratio)
    return made
