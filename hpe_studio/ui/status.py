"""The bottom line: what the tool does, what runs, and that nothing is lost."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

import hpe_studio
from hpe_studio.ui import look
from hpe_studio.ui.jobs import JobRunner, RunningJob
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.legend import Legend
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import duration_text
from hpe_studio.ui.tools import TOOLS
from hpe_studio.ui.widgets import icon_label, key_label, text_label

HEIGHT_PX = 24
_SAVED_EVERY_MS = 1000
_LEGEND_FROM_PX = 1400
_TOOL_KEYS = {"rotate": (("X Y Z", "lock axis"), ("Ctrl", "fine"), ("Esc", "cancel"))}


class StatusLine(QWidget):
    """Tool hint at the left, job and "All edits kept" at the right.

    Args:
        jobs: What is shown in the pill.
    """

    def __init__(self, jobs: JobRunner) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="bar")
        self._session: Session | None = None
        self._hint = QWidget()
        self._hint_row = QHBoxLayout(self._hint)
        self._hint_row.setContentsMargins(0, 0, 0, 0)
        self._hint_row.setSpacing(6)
        self._legend = Legend()
        self._version = text_label(hpe_studio.__version__, size="small", tone="muted")
        self.pill = JobPill(jobs)
        self._saved_icon = icon_label("circle-check", 13, "state.ok")
        self._saved = text_label(size="small", tone="secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(self._hint)
        row.addStretch(1)
        row.addWidget(self._legend)
        row.addStretch(1)
        row.addWidget(self.pill)
        row.addSpacing(8)
        row.addWidget(self._saved_icon)
        row.addWidget(self._saved)
        row.addWidget(self._version)
        self._timer = QTimer(self)
        self._timer.setInterval(_SAVED_EVERY_MS)
        self._timer.timeout.connect(self._show_saved)
        self.show_session(None)

    def show_session(self, session: Session | None) -> None:
        """Follow another project, or none."""
        self._session = session
        for widget in (self._hint, self._saved, self._saved_icon):
            widget.setVisible(session is not None)
        self._version.setVisible(session is None)
        self._show_legend()
        if session is None:
            self._timer.stop()
            return
        session.bridge.tool_changed.connect(self._show_hint)
        session.bridge.selection_changed.connect(self._on_selection_changed)
        session.bridge.document_changed.connect(self._on_document_changed)
        self._timer.start()
        self._show_hint(session.view.tool)
        self._show_saved()

    @property
    def saved_text(self) -> str:
        """What it says about the project file."""
        return self._saved.text()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Leave the legend out where there is little room."""
        self._show_legend()

    def _show_legend(self) -> None:
        has_room = self.width() >= _LEGEND_FROM_PX
        self._legend.setVisible(self._session is not None and has_room)

    def _on_selection_changed(self, _selection: object) -> None:
        if self._session is not None:
            self._show_hint(self._session.view.tool)

    def _on_document_changed(self, _touched: object) -> None:
        self._show_saved()

    def _show_hint(self, tool: str) -> None:
        while (item := self._hint_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._hint_row.addWidget(text_label(self._hint_text(tool), size="small"))
        for keys, meaning in _TOOL_KEYS.get(tool, ()):
            for key in keys.split(" "):
                self._hint_row.addWidget(key_label(key))
            self._hint_row.addWidget(text_label(meaning, size="small", tone="muted"))

    def _hint_text(self, tool: str) -> str:
        assert self._session is not None
        selection = self._session.view.selection
        if tool != "rotate":
            return TOOLS[tool].hint
        if selection.active is None or selection.joint is None:
            return "Click a joint to rotate it"
        session = self._session
        posed = session.poser.pose_at(selection.active, session.view.frame)
        if posed is None:
            return TOOLS[tool].hint
        name = posed.skeleton.joint_names[selection.joint]
        return f"Rotate {joint_title(name).lower()}"

    def _show_saved(self) -> None:
        if self._session is None:
            return
        project = self._session.project
        if project.is_read_only:
            self._saved.setText("Open for reading only")
        elif project.is_saved:
            clock = project.saved_at.astimezone().strftime("%H:%M")
            self._saved.setText(f"All edits kept {clock}")
        else:
            self._saved.setText("Writing…")
        self._saved.setToolTip(str(project.path))


class JobPill(QWidget):
    """Progress of the oldest job as its fill; a click on the cross cancels it.

    Args:
        jobs: All jobs of the window.
    """

    def __init__(self, jobs: JobRunner) -> None:
        super().__init__()
        self._jobs = jobs
        self.setFixedHeight(18)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Running job")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        jobs.changed.connect(self._on_jobs_changed)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, without percent and time."""
        job = self._job()
        if job is None:
            return ""
        if job.is_cancelling:
            return "Stopping"
        more = len(self._jobs.running) - 1
        text = job.progress.text or job.title
        return f"{text} +{more}" if more else text

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        metrics = self.fontMetrics()
        words = f"{self.text}  100 %  00:00 left"
        return QSize(metrics.horizontalAdvance(words) + 56, 18)

    def cancel(self) -> None:
        """Stop the job shown."""
        job = self._job()
        if job is not None:
            job.cancel()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Cancel when the cross was hit."""
        if event.position().x() >= self.width() - 24:
            self.cancel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel by keyboard."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Return):
            self.cancel()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint fill, words and cross."""
        job = self._job()
        if job is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_fill(painter, job.progress.fraction)
        painter.setFont(look.font("small"))
        metrics = painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter
        x = 26.0
        ratio = self.devicePixelRatioF()
        spot = QRectF(9, 3, 12, 12).toRect()
        tint = look.colour("accent.text")
        painter.drawPixmap(spot, look.pixmap("scan-face", 12, tint, ratio))
        for text, token, weight in self._words(job):
            painter.setFont(look.font("small", weight))
            painter.setPen(look.colour(token))
            painter.drawText(QRectF(x, 0, 600, 18), middle, text)
            x += metrics.horizontalAdvance(text) + 8
        cross = QRectF(self.width() - 18, 3, 12, 12).toRect()
        grey = look.colour("text.secondary")
        painter.drawPixmap(cross, look.pixmap("x", 12, grey, ratio))
        painter.end()

    def _words(self, job: RunningJob) -> list[tuple[str, str, int]]:
        words = [(self.text, "text.primary", 400)]
        fraction = job.progress.fraction
        if fraction is not None and not job.is_cancelling:
            words.append((f"{round(100 * fraction)} %", "text.primary", 600))
            left = job.seconds_left
            if left is not None:
                words.append((f"{duration_text(left)} left", "text.muted", 400))
        return words

    def _paint_fill(self, painter: QPainter, fraction: float | None) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), 9, 9)
        painter.fillPath(outline, look.colour("bg.raised"))
        painter.save()
        painter.setClipPath(outline)
        width = self.width() * (0.0 if fraction is None else fraction)
        fill = QRectF(QPointF(0, 0), QPointF(width, self.height()))
        painter.fillRect(fill, look.colour("selection.active"))
        painter.restore()

    def _job(self) -> RunningJob | None:
        running = self._jobs.running
        return running[0] if running else None

    def _on_jobs_changed(self) -> None:
        self.setVisible(self._job() is not None)
        self.setAccessibleDescription(self.text)
        self.updateGeometry()
        self.update()
