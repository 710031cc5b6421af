"""The bar at the top: menus, Open, Run, and where in the clip we are."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenuBar, QToolButton, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import fps_text, frame_text, timecode
from hpe_studio.ui.widgets import text_label, vertical_line

HEIGHT_PX = 40
_NARROW_PX = 1320


class AppMark(QWidget):
    """The program's mark: a figure on an accent tile.

    Args:
        side: Width and height.
    """

    def __init__(self, side: int = 18) -> None:
        super().__init__()
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint tile and figure."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("accent.fill"))
        side = self.width()
        painter.drawRoundedRect(QRectF(self.rect()), side * 0.24, side * 0.24)
        inner = round(side * 0.78)
        ratio = self.devicePixelRatioF()
        figure = look.pixmap("person-standing", inner, look.colour("accent.on"), ratio)
        start = round((side - inner) / 2)
        painter.drawPixmap(start, start, figure)
        painter.end()


class TopBar(QWidget):
    """Menus at the left, the frame's number and time at the right.

    Args:
        actions: The table's actions, which also feed the menus.
    """

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self._session: Session | None = None
        self.menu_bar = QMenuBar()
        self.menu_bar.setNativeMenuBar(False)
        self.menu_bar.setFixedHeight(30)
        actions.fill_menus(self.menu_bar)
        self._clip_name = text_label(tone="secondary")
        self._frame = QLabel()
        self._frame.setTextFormat(Qt.TextFormat.RichText)
        self._time = text_label(size="title", weight=600)
        self._fps = QLabel()
        self._fps.setTextFormat(Qt.TextFormat.RichText)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 14, 0)
        row.setSpacing(8)
        row.addWidget(AppMark())
        row.addWidget(self.menu_bar)
        row.addWidget(vertical_line(18))
        row.addWidget(_labelled_button(actions, "open", "folder-open"))
        self._run = _labelled_button(actions, "run", "scan-face", role="primary")
        row.addWidget(self._run)
        row.addStretch(1)
        for widget in (self._clip_name, self._frame, self._time, self._fps):
            row.addWidget(widget)
            row.addSpacing(6)
        self.show_session(None)

    def show_session(self, session: Session | None) -> None:
        """Follow another project, or none."""
        self._session = session
        for widget in (self._clip_name, self._frame, self._time, self._fps, self._run):
            widget.setVisible(session is not None)
        if session is None:
            return
        session.bridge.frame_changed.connect(self._on_frame_changed)
        clip = session.document.clip
        rate = f"{fps_text(clip.fps)} "
        self._fps.setText(rate + _muted("fps"))
        self._on_frame_changed(session.view.frame)
        self._elide()

    def resizeEvent(self, _event: object) -> None:
        """Drop the clip's name where there is no room."""
        self._elide()

    def _elide(self) -> None:
        if self._session is None:
            return
        self._clip_name.setVisible(self.width() >= _NARROW_PX)
        metrics = self._clip_name.fontMetrics()
        name = self._session.title
        middle = Qt.TextElideMode.ElideMiddle
        self._clip_name.setText(metrics.elidedText(name, middle, 220))
        self._clip_name.setToolTip(str(self._session.project.path))

    def _on_frame_changed(self, frame: int) -> None:
        if self._session is None:
            return
        clip = self._session.document.clip
        number = frame_text(frame, clip.frame_count)
        self._frame.setText(
            f"{_muted('frame')} "
            f'<span style="font-size:14px;font-weight:600">{number}</span>'
            f"{_muted(f'/{clip.frame_count}')}"
        )
        self._time.setText(timecode(clip, frame))


def _labelled_button(
    actions: ActionSet, action_id: str, icon: str, *, role: str = "text"
) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(actions[action_id])
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setIconSize(look.gapped_size())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(actions[action_id].iconText())
    look.set_role(button, role=role)
    ink = "accent.on" if role == "primary" else "text.primary"
    dressed = partial(button.setIcon, look.gapped_icon(icon, ink=ink))
    actions[action_id].changed.connect(dressed)  # which sets the plain one again
    dressed()
    return button


def _muted(text: str) -> str:
    return f'<span style="color:{look.colour("text.muted").name()}">{text}</span>'
