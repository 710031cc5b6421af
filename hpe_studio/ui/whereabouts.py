"""Where in the clip we are: its name, the frame, the timecode, the rate."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import fps_text, frame_text, timecode
from hpe_studio.ui.widgets import icon_label, text_label, vertical_line

_NAME_PX = 220


class Whereabouts(QWidget):
    """The right end of the top bar; it says less where there is less room."""

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None
        self._name = text_label(tone="secondary")
        self._name_parts = (
            icon_label("file-video", 16, "text.secondary"),
            self._name,
            vertical_line(18),
        )
        self._frame = QLabel()
        self._frame.setTextFormat(Qt.TextFormat.RichText)
        self._time = text_label(size="title", weight=600)
        self._fps = QLabel()
        self._fps.setTextFormat(Qt.TextFormat.RichText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in self._name_parts:
            row.addWidget(part)
        for widget in (self._frame, self._time, self._fps):
            row.addWidget(widget)
            row.addSpacing(4)
        look.changed.connect(self.refresh)

    @property
    def clip_name(self) -> QLabel:
        """The label of the clip's name."""
        return self._name

    def show_session(self, session: Session | None) -> None:
        """Follow another project, or none."""
        self._session = session
        self.setVisible(session is not None)
        if session is not None:
            session.bridge.frame_changed.connect(self._on_frame_changed)
            self.refresh()

    def say_less(self, *, name: bool, rate: bool) -> None:
        """Leave the clip's name or its rate out, or put them back."""
        for part in self._name_parts:
            part.setVisible(name)
        self._fps.setVisible(rate)

    def refresh(self) -> None:
        """Say everything anew, in the theme worn now."""
        session = self._session
        if session is None:
            return
        middle = Qt.TextElideMode.ElideMiddle
        metrics = self._name.fontMetrics()
        self._name.setText(metrics.elidedText(session.title, middle, _NAME_PX))
        self._name.setToolTip(str(session.project.path))
        rate = fps_text(session.document.clip.fps)
        self._fps.setText(f"{rate} {look.tinted(self.tr('fps'))}")
        self._on_frame_changed(session.view.frame)

    def _on_frame_changed(self, frame: int) -> None:
        if self._session is None:
            return
        clip = self._session.document.clip
        number = frame_text(frame, clip.frame_count)
        size = look.text_px("title")
        self._frame.setText(
            f"{look.tinted(self.tr('frame'))} "
            f'<span style="font-size:{size}px;font-weight:600">{number}</span>'
            f"{look.tinted(f'/{clip.frame_count}')}"
        )
        self._time.setText(timecode(clip, frame))
