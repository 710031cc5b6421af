"""Asks how fast a folder of images plays; only where no project knows it yet."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.clip import Clip
from hpe_studio.ui.dialogs.footer import footer
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import text_label

_RATES = (
    "24000/1001",
    "24",
    "25",
    "30000/1001",
    "30",
    "48",
    "50",
    "60000/1001",
    "60",
    "100",
    "120",
    "240",
)
_FASTEST = 1000


def rates() -> list[tuple[str, str]]:
    """The rates that are offered: as a fraction, and as people read it."""
    return [
        (str(Fraction(text)), text if "/" not in text else _titled(text))
        for text in _RATES
    ]


class RateDialog(QDialog):
    """Frame rate of a folder of images, with the one that is assumed chosen.

    Args:
        clip: The images as a clip at the assumed rate.
        parent: The window.
    """

    chosen = Signal(object)

    def __init__(self, clip: Clip, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Frame rate")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(380)
        self.rate = QComboBox()
        self.rate.setEditable(True)
        self.rate.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.rate.setAccessibleName("Frames per second")
        for rate, text in rates():
            self.rate.addItem(text, rate)
        wish = settings().read("play.images_fps", str(clip.fps))
        self.rate.setCurrentIndex(max(self.rate.findData(wish), 0))
        self.rate.editTextChanged.connect(self._on_text_changed)
        line = self.rate.lineEdit()
        if line is not None:
            line.returnPressed.connect(self._on_go_clicked)  # Qt keeps it to itself
        self._length = text_label(size="small", tone="muted")
        self._frame_count = clip.frame_count
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        title = "How fast do the images play?"
        column.addWidget(text_label(title, size="card", weight=600))
        name = clip.path.name if clip.path else ""
        size = f"{clip.size_px[0]} × {clip.size_px[1]}"
        about = text_label(
            f"{name}: {clip.frame_count} frames, {size}", tone="secondary"
        )
        about.setWordWrap(True)
        column.addWidget(about)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.addRow("Frames per second", self.rate)
        form.addRow("", self._length)
        column.addLayout(form)
        row, self.go = footer(self, "Open", self._on_go_clicked)
        column.addLayout(row)
        self._on_text_changed("")
        self.rate.setFocus()

    def fps(self) -> Fraction | None:
        """The rate chosen or typed ("12.5", "24000/1001"); None where it is none."""
        text = self.rate.currentText().split("(")[-1].rstrip(") ")
        try:
            rate = Fraction(text.strip().replace(",", "."))
        except (ValueError, ZeroDivisionError):
            return None
        return rate if 0 < rate <= _FASTEST else None

    def _on_text_changed(self, _text: str) -> None:
        rate = self.fps()
        self.go.setEnabled(rate is not None)
        if rate is None:
            self._length.setText("A number, or a fraction like 24000/1001")
        else:
            seconds = float(self._frame_count / rate)
            self._length.setText(f"The clip lasts {seconds:.2f} s")

    def _on_go_clicked(self) -> None:
        rate = self.fps()
        if rate is not None:
            self.chosen.emit(rate)
            self.accept()


def _titled(text: str) -> str:
    return f"{float(Fraction(text)):.3f} ({text})"
