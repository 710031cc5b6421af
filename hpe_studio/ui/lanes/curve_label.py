"""What stands at the left of the curves: joint, values, and X Y Z to switch."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.lanes.curve_view import AXES, CURVES_PX, CurveView
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

_LETTER_PX, _BELOW_PX = (20, 22), 2


class CurveLabel(QWidget):
    """Icon that hides the row, joint, value under the playhead, letters.

    Args:
        session: Whose frame.
        view: The curves.
        toggle: The action that shows and hides the row.
    """

    def __init__(self, session: Session, view: CurveView, toggle: QAction) -> None:
        super().__init__()
        self._view = view
        self.setFixedHeight(CURVES_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.name = text_label()
        self.values = text_label(size="micro", tone="muted")
        self.letters = tuple(Letter(i) for i in range(3))
        icon = _RowIcon(toggle)
        grid = QGridLayout(self)
        grid.setContentsMargins(25, 1, 10, _BELOW_PX)
        grid.setHorizontalSpacing(3)
        grid.setVerticalSpacing(0)
        grid.addWidget(icon, 0, 0)
        grid.addWidget(self.name, 0, 1)
        grid.setColumnStretch(1, 1)
        for column, letter in enumerate(self.letters, 2):
            grid.addWidget(letter, 0, column)
            letter.clicked.connect(partial(self._on_letter_clicked, column - 2))
        grid.addWidget(self.values, 1, 1, 1, 4)
        self.name.setMinimumWidth(10)
        bridge = session.bridge
        for signal in (
            bridge.frame_changed,
            bridge.selection_changed,
            bridge.document_changed,
            view.shown_changed,
        ):
            signal.connect(self._on_anything_changed)
        self._on_anything_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines above and below."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            for y in (0, self.height() - 1):
                line = QRectF(0, y, self.width(), 1)
                painter.fillRect(line, look.colour("border.subtle"))

    def showEvent(self, _event: object) -> None:
        """Catch up with what changed while hidden."""
        self._on_anything_changed()

    def _on_letter_clicked(self, component: int, _is_checked: bool = False) -> None:
        self._view.toggle(component)

    def _on_anything_changed(self, _what: object = None) -> None:
        if not self.isVisible():
            return
        self.name.setText(self._view.title)
        values = self._view.values()
        told = tr("Missing here") if self._view.has_track else tr("Select a person")
        self.values.setText(told if values is None else self._view.value_text(values))
        self.name.setToolTip(self.values.text())
        upper = max(self.name.fontMetrics().height(), _LETTER_PX[1])
        needed = upper + self.values.fontMetrics().height() + 1 + _BELOW_PX
        self.values.setVisible(needed <= CURVES_PX)  # larger texts leave it no room
        for component, letter in enumerate(self.letters):
            letter.setVisible(self._view.has_track)
            letter.setChecked(component in self._view.shown)


class _RowIcon(QToolButton):
    """The row's icon; a click hides the row.

    Args:
        toggle: The action that shows and hides it.
    """

    def __init__(self, toggle: QAction) -> None:
        super().__init__()
        self._toggle = toggle
        self.setFixedSize(22, 22)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Hide the curves"))
        self.setToolTip(tr("Hide the curves; View > Curves brings them back"))
        self.clicked.connect(toggle.trigger)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon as the other rows have theirs."""
        with QPainter(self) as painter:
            is_lit = self.underMouse() or self.hasFocus()
            tint = look.colour("text.primary" if is_lit else "text.secondary")
            picture = look.pixmap("chart-spline", 14, tint, self.devicePixelRatioF())
            painter.drawPixmap(4, 4, picture)
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(look.colour("focus.ring"))
                box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
                painter.drawRoundedRect(box, 3, 3)


class Letter(QToolButton):
    """X, Y or Z with an underline in its colour while it is shown.

    Args:
        component: 0, 1 or 2.
    """

    def __init__(self, component: int) -> None:
        super().__init__()
        self._component = component
        letter = AXES[component].upper()
        self.setText(letter)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFixedSize(*_LETTER_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Curve of {letter}").format(letter=letter))
        self.setToolTip(tr("Show or hide {letter}").format(letter=letter))
        look.set_font(self, "small", 600)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint letter, underline and focus."""
        with QPainter(self) as painter:
            ink = "text.primary" if self.isChecked() else "text.muted"
            painter.setPen(look.colour(ink))
            painter.setFont(look.font("small", 600))
            box = QRectF(self.rect())
            painter.drawText(
                box.adjusted(0, 0, 0, -4), Qt.AlignmentFlag.AlignCenter, self.text()
            )
            token = f"axis.{AXES[self._component]}"
            tint = look.colour(token, alpha=None if self.isChecked() else 0.3)
            painter.fillRect(QRectF(5, box.bottom() - 4, box.width() - 10, 2), tint)
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(look.colour("focus.ring"))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
