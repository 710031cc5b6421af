"""The row of curves below the lanes: how the selected joint turns over time."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget
from shiboken6 import VoidPtr

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.viewstate import Layers
from hpe_studio.ui import look
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.lanes import gestures
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.board_painter import paint_cuts
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.lanes.curve_source import CurveSource
from hpe_studio.ui.lanes.curves import (
    CurveKind,
    Curves,
    lines,
    value_range,
)
from hpe_studio.ui.lanes.painting import paint_diamonds, paint_kept
from hpe_studio.ui.session import Session
from hpe_studio.ui.settings import settings
from hpe_studio.ui.words import tr

CURVES_PX = 40
AXES = "xyz"
_LETTERS = "lanes.curves"
_KINDS: tuple[tuple[CurveKind, float, float | None], ...] = (
    ("estimate", 1.0, 0.4),
    ("base", 1.0, 0.6),
    ("motion", 1.5, None),
)
"""Which curves are drawn, from behind: width, opacity."""

_KEY_PX, _DOT_PX = 6.0, 2.6
_RESTLESS_PX = 2400.0
"""How far a line may go up and down over the row and still be drawn smoothly."""


class CurveView(QWidget):
    """X, Y and Z of the selected joint, on the frames of the lanes above.

    Args:
        session: Whose selection.
        canvas: The lanes, whose axis is shared.
    """

    shown_changed = Signal()

    def __init__(self, session: Session, canvas: LaneCanvas) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self._shown = _kept_components()
        self._source = CurveSource(session)
        self._picture: QPixmap | None = None
        self._range = (-1.0, 1.0)
        self._gesture: gestures.Gesture | None = None
        self._x_drawn = 0.0
        self.setFixedHeight(CURVES_PX)
        self.setAccessibleName(self.tr("Curves of the selected joint"))
        self.setFocusProxy(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        canvas.axis_changed.connect(self._on_looks_changed)
        bridge = session.bridge
        bridge.document_changed.connect(self._on_document_changed)
        bridge.selection_changed.connect(self._on_curves_changed)
        bridge.frame_changed.connect(self._on_frame_changed)
        look.changed.connect(self._on_looks_changed)

    # Reading -----------------------------------------------------------------

    @property
    def shown(self) -> tuple[int, ...]:
        """Which of X, Y, Z are shown, as 0, 1, 2."""
        return self._shown

    @property
    def joint(self) -> int:
        """The joint whose curves are shown: the selected one, else the pelvis."""
        return self._source.joint

    @property
    def title(self) -> str:
        """The joint in words; "Curves" while nobody is selected."""
        track = self._any_track()
        if track is None:
            return tr("Curves")
        return joint_title(skeleton(track).joint_names[self.joint])

    @property
    def has_track(self) -> bool:
        """True where the selected person has the joint on some frame."""
        return self._any_track() is not None

    @property
    def unit(self) -> str:
        """Metres of the pelvis, degrees of other joints."""
        return "m" if self.joint == 0 else "°"

    def values(self) -> FloatArray | None:
        """X, Y, Z on the frame shown, shape (3,), or None."""
        return self._values_at(self._session.view.frame)

    def curves(self) -> tuple[Curves, ...]:
        """Curves of the active person's tracks, in order of time."""
        return self._source.curves()

    def toggle(self, component: int) -> None:
        """Show or hide X, Y or Z, from now on."""
        self._shown = tuple(sorted(set(self._shown) ^ {component}))
        settings().write(_LETTERS, "".join(AXES[shown] for shown in self._shown))
        self._on_looks_changed()
        self.shown_changed.emit()

    def y_of(self, value: float) -> float:
        """Where a value stands, in pixels of the row."""
        return float(self._heights(np.array(value)))

    # Events ------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the kept picture, and the playhead with its values over it."""
        if self._picture is None:
            self._picture = self._drawn()
        with QPainter(self) as painter:
            paint_kept(painter, self._picture, event.rect())
            self._paint_playhead(painter)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Draw anew."""
        self._on_looks_changed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Scrub, or pan with the middle button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._gesture = gestures.Scrub(self._canvas, event.position())
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._gesture = gestures.Pan(self._canvas, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on."""
        if self._gesture is not None:
            self._gesture.move(event.position(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release(event.position(), event.modifiers())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom and pan as the lanes do."""
        self._canvas.wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what the ruler offers."""
        at = QPointF(event.pos().x(), 0.0)
        self._canvas.menu_wanted.emit(self._canvas.hit_at(at), event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Tell the values under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            frame = self._canvas.axis.frame_at(event.pos().x())
            values = self._values_at(frame)
            text = "" if values is None else self.value_text(values)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def value_text(self, values: Iterable[float]) -> str:
        """Values of the shown axes ("X 18.5°  Y −2.1°")."""
        digits = 3 if self.unit == "m" else 1
        gap = " " if self.unit == "m" else ""
        rounded = ((i, round(value, digits) + 0.0) for i, value in enumerate(values))
        words = [
            f"{AXES[i].upper()} {value:.{digits}f}{gap}{self.unit}".replace("-", "−")
            for i, value in rounded
            if i in self._shown
        ]
        return "  ".join(words)

    # Within

    def _curves_seen(self) -> Sequence[Curves]:
        start, stop = self._axis.seen
        curves = self.curves()
        low = max(bisect_right(curves, start, key=_start_of) - 1, 0)
        return curves[low : bisect_right(curves, stop, key=_start_of)]

    def _values_at(self, frame: int) -> FloatArray | None:
        curves = self.curves()
        index = bisect_right(curves, frame, key=_start_of) - 1
        return None if index < 0 else curves[index].at(frame)

    def _any_track(self) -> str | None:
        active = self._session.view.selection.active
        if active is None:
            return None
        tracks = self._session.document.tracks_of(active)
        rich = [t.skeleton for t in tracks if self.joint < len(_names(t.skeleton))]
        return rich[0] if rich else None

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(look.colour("bg.lane"))
        with QPainter(picture) as painter:
            for y in (0, self.height() - 1):
                painter.fillRect(0, y, self.width(), 1, look.colour("border.subtle"))
            paint_cuts(painter, self._canvas.board(), -4, self.height(), notched=False)
            self._paint_curves(painter)
            self._paint_keys(painter)
        return picture

    def _paint_curves(self, painter: QPainter) -> None:
        series = self._source.series()
        self._range = value_range(tuple(series.values()), self._axis, self._shown)
        if self._range[0] < 0 < self._range[1] and series:
            line = QRectF(0, round(self.y_of(0.0)), self.width(), 1)
            painter.fillRect(line, look.colour("border.subtle"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for component in self._shown:
            token = f"axis.{AXES[component]}"
            for name, width, alpha in _KINDS:
                if name not in series:
                    continue
                pen = QPen(look.colour(token, alpha=alpha), width)
                if name == "estimate":
                    pen.setStyle(Qt.PenStyle.DotLine)
                for points in lines(series[name], component, self._axis):
                    self._paint_line(painter, pen, points, is_main=name == "motion")

    def _paint_line(
        self, painter: QPainter, pen: QPen, points: FloatArray, *, is_main: bool
    ) -> None:
        """Paint a smooth line; where it only goes up and down, a thin crisp one.

        Smoothing a line that fills the row would take longer than all the lanes; and
        there base and estimate could not be told from the motion.
        """
        heights = self._heights(points[:, 1])
        is_restless = float(np.abs(np.diff(heights)).sum()) > _RESTLESS_PX
        if is_restless and not is_main:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=not is_restless)
        painter.setPen(QPen(pen.color(), 0) if is_restless else pen)
        painter.drawPolyline(polygon(points[:, 0], heights))

    def _paint_keys(self, painter: QPainter) -> None:
        """Paint diamonds on the curves, where they would pile up only some."""
        start, stop = self._axis.seen
        middles: list[QPointF] = []
        last_x = -math.inf
        for one in self._curves_seen():
            for frame in one.key_frames:
                x = self._canvas.x_of(frame)
                is_apart = start <= frame < stop and x - last_x >= _KEY_PX
                values = one.at(frame) if is_apart else None
                if values is not None:
                    last_x = x
                    heights = self._heights(values).tolist()
                    middles += [QPointF(x, heights[i]) for i in self._shown]
        paint_diamonds(painter, middles, _KEY_PX)

    @property
    def _axis(self) -> TimeAxis:
        return self._canvas.axis

    def _heights(self, values: FloatArray) -> FloatArray:
        low, high = self._range
        return 3 + (high - values) / (high - low) * (self.height() - 7)

    def _paint_playhead(self, painter: QPainter) -> None:
        x = self._canvas.x_of(self._session.view.frame)
        self._x_drawn = x
        ratio = self.devicePixelRatioF()
        left = round((x - 0.75) * ratio) / ratio
        ink = look.colour("data.playhead")
        painter.fillRect(QRectF(left, 0, 1.5, self.height() - 1), ink)
        values = self.values()
        if values is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for component in self._shown:
            painter.setPen(QPen(look.colour("bg.lane"), 1.0))
            painter.setBrush(look.colour(f"axis.{AXES[component]}"))
            at = QPointF(x, self.y_of(float(values[component])))
            painter.drawEllipse(at, _DOT_PX, _DOT_PX)

    def _strip(self, x: float) -> QRect:
        return QRect(math.floor(x) - 5, 0, 11, self.height())

    def _on_frame_changed(self, _frame: int) -> None:
        self.update(self._strip(self._x_drawn))
        x = self._canvas.x_of(self._session.view.frame)
        self.update(self._strip(x))

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.any_of("tracks", "estimates"):
            self._source.forget(tracks=True)
        if touched.any_of("tracks", "keys", "persons", "shots", "estimates"):
            self._on_curves_changed()

    def _on_curves_changed(self, _what: object = None) -> None:
        self._source.forget()
        self._on_looks_changed()

    def _on_looks_changed(self, _what: object = None) -> None:
        self._picture = None
        self.update()


def polygon(x: FloatArray, y: FloatArray) -> QPolygonF:
    """Points as Qt draws them, written into its memory: thousands at once."""
    made = QPolygonF()
    made.resize(len(x))
    data: object = made.data()
    memory = VoidPtr(data, 16 * len(x), True)  # type: ignore[call-arg]
    both = np.frombuffer(memory, np.float64).reshape(-1, 2)  # type: ignore[call-overload]
    both[:, 0], both[:, 1] = x, y
    return made


def is_wanted(layers: Layers, height_px: int) -> bool:
    """True where the row is switched on and the panel has room for it."""
    return layers.curves and height_px >= 170


def _kept_components() -> tuple[int, ...]:
    """Which of X, Y, Z were shown last; all at first."""
    kept = settings().read(_LETTERS, AXES)
    return tuple(i for i, letter in enumerate(AXES) if letter in kept)


def _start_of(one: Curves) -> int:
    return one.start


def _names(name: str) -> tuple[str, ...]:
    return skeleton(name).joint_names
