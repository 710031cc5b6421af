"""Where the picture lies in the video pane: fitted, zoomed, panned, gliding."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal
from PySide6.QtWidgets import QStyle, QWidget

from hpe_studio.render.viewtransform import ViewTransform, fit
from hpe_studio.ui.figures import reach_px
from hpe_studio.ui.session import Session

Rect = tuple[float, float, float, float]
_GLIDE_MS = 160


class VideoZoom(QObject):
    """Fits the picture until a person zooms or pans it.

    While the selected joint lies outside, the fit leaves room for it. The picture
    glides there, and only when no mouse button is down: what is under the pointer is
    not pulled away from under it.

    Args:
        view: The video pane.
        session: Its clip and selection.
    """

    moved = Signal()

    def __init__(self, view: QWidget, session: Session) -> None:
        super().__init__(view)
        self._view = view
        self._session = session
        self._placed: ViewTransform | None = None
        self._fitted: ViewTransform | None = None
        self._reach_px: Rect | None = None
        self._held: ViewTransform | None = None
        self._glide_from: ViewTransform | None = None
        self._glide = QVariantAnimation(self)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._on_glide_changed)
        self._glide.finished.connect(self._on_glide_finished)

    @property
    def is_fitted(self) -> bool:
        """True until the picture is zoomed or panned by hand."""
        return self._placed is None

    @property
    def is_still(self) -> bool:
        """True unless the picture glides to another place."""
        return self._glide_from is None

    @property
    def transform(self) -> ViewTransform:
        """Where the picture lies now."""
        view_px = self._view_px()
        if self._held is not None and self._held.view_px == view_px:
            return self._held
        target = self._target()
        if self._glide_from is None:
            return target
        return self._glide_from.towards(target, float(self._glide.currentValue()))

    def hold(self) -> None:
        """Keep the picture where it is while a mouse button is down."""
        self._held = self.transform

    def release(self) -> None:
        """Let the picture go to where it should be."""
        held, self._held = self._held, None
        if held is not None and held != self._target():
            self._start_glide(held)

    def follow(self) -> None:
        """Look whether the selection, frame or pose needs other room."""
        before, aim = self.transform, self._target()
        self._fitted = None
        if self._held is None and aim != self._target():  # else a glide goes on
            self._start_glide(before)

    def begin_anew(self) -> None:
        """Another picture: fitted, there at once."""
        self._placed = None
        self.refit()

    def refit(self) -> None:
        """The pane has another size: lie there at once."""
        self._fitted = None
        self._end_glide()
        self.moved.emit()

    def fit(self) -> None:
        """As large as fits."""
        before, self._placed, self._fitted = self.transform, None, None
        self._start_glide(before)

    def zoom(self, factor: float, x: float, y: float) -> None:
        """So many times larger; what is at a place of the pane stays there."""
        self._place(self.transform.zoomed(factor, x, y))

    def zoom_to(self, scale: float, x: float, y: float) -> None:
        """Glide to so many logical pixels per pixel; what is at a place stays there."""
        before = self.transform
        self._placed = before.zoomed(scale / before.scale, x, y)
        self._start_glide(before)

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by some pixels."""
        self._place(self.transform.panned(dx, dy))

    def _place(self, transform: ViewTransform) -> None:
        self._end_glide()
        self._placed = transform
        if self._held is not None:
            self._held = transform
        self.moved.emit()

    def _view_px(self) -> tuple[float, float]:
        return float(self._view.width()), float(self._view.height())

    def _target(self) -> ViewTransform:
        view_px = self._view_px()
        if self._placed is not None:
            return replace(self._placed, view_px=view_px)
        if self._fitted is None or self._fitted.view_px != view_px:
            clip, needed = self._session.shown_clip, reach_px(self._session)
            if self._session.document.is_editing:
                # Room once made stays, so that the picture does not sway with a drag.
                needed = _around(self._reach_px, needed)
            self._reach_px = needed
            self._fitted = fit(
                clip.size_px,
                view_px,
                pixel_aspect=clip.pixel_aspect,
                reach_px=needed,
            )
        return self._fitted

    def _start_glide(self, start: ViewTransform) -> None:
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        can_move = self._view.style().styleHint(hint) > 0 and self._view.isVisible()
        self._end_glide()
        if can_move and start.view_px == self._view_px() and start != self._target():
            self._glide_from = start
            self._glide.setDuration(_GLIDE_MS)
            self._glide.start()
        self.moved.emit()

    def _end_glide(self) -> None:
        self._glide_from = None
        self._glide.stop()

    def _on_glide_changed(self, _share: object) -> None:
        self.moved.emit()

    def _on_glide_finished(self) -> None:
        self._glide_from = None
        self.moved.emit()


def _around(one: Rect | None, other: Rect | None) -> Rect | None:
    """A rectangle around two, or the one there is."""
    if one is None or other is None:
        return one or other
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
