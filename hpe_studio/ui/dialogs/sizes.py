"""How large a dialog opens: as drawn for plain texts, larger with larger ones."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QWidget

from hpe_studio.ui import look

_KEPT_FREE_PX = 40


def open_as_large_as(dialog: QDialog, plain_px: tuple[int, int]) -> None:
    """Size a dialog for the texts in it, hardly larger than the window it belongs to.

    Args:
        dialog: Before it is shown.
        plain_px: Width and height with texts of 100 %.
    """
    width, height = plain_px
    wished = QSize(look.room_px(width), look.room_px(height))
    most = _room(dialog).expandedTo(QSize(width, height))
    dialog.resize(wished.boundedTo(most))


def open_as_its_words_need(dialog: QDialog, *, width_px: int) -> None:
    """Size a dialog so that its wrapped words stand whole, as far as there is room.

    Qt alone grows windows to two thirds of the screen at most.

    Args:
        dialog: With everything in its layout.
        width_px: Its width with texts of 100 %.
    """
    layout = dialog.layout()
    if layout is None:
        return
    dialog.ensurePolished()
    for widget in dialog.findChildren(QWidget):
        widget.ensurePolished()  # or it is measured in another font
        widget.updateGeometry()  # Qt remembers heights from before
    layout.activate()
    width = max(look.room_px(width_px), layout.sizeHint().width())
    wide = min(width, max(_room(dialog).width(), width_px))
    high = layout.totalHeightForWidth(wide)
    high = high if high > 0 else layout.sizeHint().height()
    dialog.resize(wide, min(high, _room(dialog).height()))


def _room(dialog: QDialog) -> QSize:
    window: QWidget | None = dialog.parentWidget()
    while window is not None and isinstance(window.window(), QDialog):
        window = window.window().parentWidget()
    within = window.window().size() if window is not None else QSize(1280, 720)
    return within - QSize(_KEPT_FREE_PX, _KEPT_FREE_PX)
