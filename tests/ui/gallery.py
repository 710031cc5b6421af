"""Every component in its states on one sheet, for photographs."""

from __future__ import annotations

from collections.abc import Generator
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QSlider,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.jobs import Progress
from hpe_studio.ui import look
from hpe_studio.ui.empty import EmptyState
from hpe_studio.ui.job_list import JobRow
from hpe_studio.ui.legend import Legend
from hpe_studio.ui.notices import Notice
from hpe_studio.ui.toast import Toast
from hpe_studio.ui.widgets import horizontal_line, key_label, text_label
from tests.driver import StudioDriver

SIZE_PX = (760, 560)


class Gallery(QWidget):
    """The sheet.

    Args:
        driver: Whose actions, jobs and toasts are shown.
    """

    def __init__(self, driver: StudioDriver) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.resize(*SIZE_PX)
        self.focused = QPushButton("Focused")
        self._halt = Event()
        self._job = driver.window.jobs.start(
            "Finding people", self._work(), on_result=print, on_dropped=print
        )
        driver.wait_until(lambda: self._job.progress.done > 0, "the job")
        column = QVBoxLayout(self)
        column.setSpacing(12)
        for row in (_texts(), _buttons(self.focused), _tools(), _choices(), _fields()):
            column.addLayout(row)
        column.addWidget(horizontal_line())
        row = JobRow(self._job)
        row._numbers.setText("62 %, 0:48 left")
        column.addWidget(row)
        column.addWidget(Legend(), 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(_empty(driver))
        column.addStretch(1)
        self._toasts(driver)

    def end(self, driver: StudioDriver) -> None:
        """Let the job go."""
        self._job.cancel()
        self._halt.set()
        driver.wait_until(lambda: not driver.window.jobs.running, "the job's end")

    def _work(self) -> Generator[Progress, None, None]:
        yield Progress(done=62, total=100, text="Shot 4 of 6")
        self._halt.wait()
        yield Progress(done=62, total=100)

    def _toasts(self, driver: StudioDriver) -> None:
        y = SIZE_PX[1] - 94
        for notice in (
            Notice(text="Filled both legs, 76 frames", action="undo"),
            Notice(text="The disk is full", tone="danger", details="No space left"),
        ):
            toast = Toast(notice, self, driver.window.actions_)
            toast.adjustSize()
            toast.move((SIZE_PX[0] - toast.width()) // 2, y)
            y += 44


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _texts() -> QHBoxLayout:
    tones = [text_label(t or "primary", tone=t) for t in ("", "secondary", "muted")]
    states = [text_label(t, tone=t) for t in ("warn", "ok", "danger", "accent")]
    return _row(
        text_label("Title", size="title", weight=600),
        *tones,
        *states,
        key_label("Ctrl+Z"),
        key_label("Esc"),
    )


def _buttons(focused: QPushButton) -> QHBoxLayout:
    made: list[QPushButton] = []
    for role in ("", "primary", "danger", "quiet", "link", "chip"):
        button = QPushButton(role.capitalize() or "Plain")
        look.set_role(button, role=role)
        made.append(button)
    off = QPushButton("Off")
    off.setEnabled(False)
    return _row(*made, off, focused)


def _tools() -> QHBoxLayout:
    made: list[QToolButton] = []
    for role, is_checked in (("", False), ("", True), ("tool", True), ("play", False)):
        button = QToolButton()
        button.setIcon(look.icon("ghost"))
        button.setFixedSize(28, 28)
        button.setCheckable(True)
        button.setChecked(is_checked)
        look.set_role(button, role=role)
        made.append(button)
    made[2].setIcon(look.icon("ghost", on_ink="accent.on"))
    off = QToolButton()
    off.setIcon(look.icon("ghost"))
    off.setFixedSize(28, 28)
    off.setEnabled(False)
    tabs = QTabBar()
    for title in ("Pose", "Person", "Camera"):
        tabs.addTab(title)
    return _row(*made, off, tabs)


def _choices() -> QHBoxLayout:
    made: list[QWidget] = []
    for kind in (QCheckBox, QRadioButton):
        for text, is_on, is_enabled in (("Off", 0, 1), ("On", 1, 1), ("Not", 1, 0)):
            button = kind(text)
            button.setAutoExclusive(False)
            button.setChecked(bool(is_on))
            button.setEnabled(bool(is_enabled))
            made.append(button)
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setValue(40)
    slider.setFixedWidth(120)
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setValue(62)
    bar.setFixedWidth(100)
    return _row(*made, slider, bar)


def _fields() -> QHBoxLayout:
    field, combo = QLineEdit("Ravi"), QComboBox()
    field.setPlaceholderText("Name")
    look.set_role(field, role="boxed")
    combo.addItems(["Dark", "Light"])
    scroll = QScrollBar(Qt.Orientation.Horizontal)
    scroll.setRange(0, 100)
    scroll.setFixedWidth(160)
    return _row(field, combo, scroll)


def _empty(driver: StudioDriver) -> QWidget:
    sheet = QWidget()
    grid = QGridLayout(sheet)
    wide = EmptyState("users", "No tracks yet", detail="Run finds them", is_wide=True)
    tall = EmptyState("search", "No open problems", button="Check again")
    grid.addWidget(wide, 0, 0)
    grid.addWidget(tall, 0, 1)
    return sheet
