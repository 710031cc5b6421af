"""The pill of the bottom line: what runs, how far it is, a cross to stop it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.job_list import JobList
from hpe_studio.ui.jobs import JobRunner, RunningJob
from hpe_studio.ui.timecode import duration_text
from hpe_studio.ui.words import tr

_HIGH_PX, _CROSS_PX, _TEXT_PX, _GAP_PX = 18, 24, 26, 8
_Words = list[tuple[str, str, int]]


class JobPill(QWidget):
    """Progress of the oldest job as its fill.

    A click on the cross stops it, elsewhere it opens the list of all jobs; so do
    Delete and Return.

    Args:
        jobs: All jobs of the window.
    """

    def __init__(self, jobs: JobRunner) -> None:
        super().__init__()
        self._jobs = jobs
        self.list = JobList(jobs, self)
        self.setFixedHeight(_HIGH_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Running jobs"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("Click for all jobs"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.set_font(self, "small")
        jobs.changed.connect(self._on_jobs_changed)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, without percent and time."""
        job = self._job()
        if job is None:
            return ""
        if job.is_cancelling:
            return tr("Stopping")
        return job.progress.text or job.title

    @property
    def more_text(self) -> str:
        """How many more jobs run ("+2"), or ""."""
        more = len(self._jobs.running) - 1
        return f"+{more}" if more > 0 else ""

    def sizeHint(self) -> QSize:
        """As wide as its words will become."""
        job = self._job()
        words = [] if job is None else self._words(job)
        wide = sum(self._width_of(text, weight) + _GAP_PX for text, _, weight in words)
        return QSize(_TEXT_PX + wide + _CROSS_PX, _HIGH_PX)

    def cancel(self) -> None:
        """Stop the job shown."""
        job = self._job()
        if job is not None:
            job.cancel()

    def show_list(self) -> None:
        """Show all jobs above the pill."""
        self.list.show_above(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop the job by the cross, else show all."""
        if event.position().x() >= self.width() - _CROSS_PX:
            self.cancel()
        else:
            self.show_list()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The same by keyboard."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.show_list()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint fill, words and cross."""
        job = self._job()
        if job is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_fill(painter, job.progress.fraction)
            ratio = self.devicePixelRatioF()
            picture = look.pixmap(
                "loader-circle", 12, look.colour("accent.text"), ratio
            )
            painter.drawPixmap(9, 3, picture)
            x = float(_TEXT_PX)
            for text, ink, weight in self._words(job):
                painter.setFont(look.font("small", weight))
                painter.setPen(look.colour(ink))
                box = QRectF(x, 0, self.width() - x, _HIGH_PX)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
                x += self._width_of(text, weight) + _GAP_PX
            cross = look.pixmap("x", 12, look.colour("text.secondary"), ratio)
            painter.drawPixmap(self.width() - 18, 3, cross)

    def _width_of(self, text: str, weight: int) -> int:
        wide = "100 %" if text.endswith(" %") else text  # so that it does not jump
        face = look.font("small", weight)
        return QFontMetrics(face).horizontalAdvance(wide)

    def _words(self, job: RunningJob) -> _Words:
        words: _Words = [(self.text, "text.primary", 400)]
        fraction = job.progress.fraction
        if fraction is not None and not job.is_cancelling:
            words.append((f"{round(100 * fraction)} %", "text.primary", 600))
            left = job.seconds_left
            if left is not None:
                text = tr("{time} left").format(time=duration_text(left))
                words.append((text, "text.secondary", 400))
        if self.more_text:
            words.append((self.more_text, "accent.text", 600))
        return words

    def _paint_fill(self, painter: QPainter, fraction: float | None) -> None:
        outline = QPainterPath()
        half = 1.0 if self.hasFocus() else 0.5
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        outline.addRoundedRect(box, box.height() / 2, box.height() / 2)
        ground = "bg.hover" if self.underMouse() else "bg.raised"
        painter.fillPath(outline, look.colour(ground))
        painter.save()
        painter.setClipPath(outline)
        width = self.width() * (0.0 if fraction is None else fraction)
        fill = QRectF(QPointF(0, 0), QPointF(width, self.height()))
        painter.fillRect(fill, look.colour("selection.active"))
        painter.restore()
        ring = "focus.ring" if self.hasFocus() else "border.strong"
        painter.setPen(QPen(look.colour(ring), 2 * half))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)

    def _job(self) -> RunningJob | None:
        running = self._jobs.running
        return running[0] if running else None

    def _on_jobs_changed(self) -> None:
        self.setVisible(self._job() is not None)
        self.setAccessibleDescription(f"{self.text} {self.more_text}".strip())
        self.updateGeometry()
        self.update()
