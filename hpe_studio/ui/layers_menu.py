"""What lies over the footage: a button and the small panel it opens."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.viewstate import Layers
from hpe_studio.ui import look
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import horizontal_line, text_label
from hpe_studio.ui.words import tr

_WIDE_PX = 268
_LEAST_PERCENT = 5


class LayersButton(QToolButton):
    """Opens the panel of layers under itself.

    Args:
        session: Whose layers.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setIcon(look.icon("layers", 14))
        self.setIconSize(QSize(14, 14))
        self.setFixedSize(24, 24)
        self.setToolTip(tr("What lies over the picture"))
        self.setAccessibleName(tr("Layers over the picture"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.panel = LayersPanel(session, self)
        self.clicked.connect(self.open_panel)

    def open_panel(self) -> None:
        """Open it with the right edges in line."""
        panel = self.panel
        panel.adjustSize()
        corner = self.mapToGlobal(QPoint(self.width(), self.height() + 4))
        panel.move(corner - QPoint(panel.width(), 0))
        panel.show()
        panel.boxes["skeletons"].setFocus(Qt.FocusReason.PopupFocusReason)


class LayersPanel(QFrame):
    """Switches of the layers, how bodies are drawn, and how strongly.

    Args:
        session: Whose layers.
        parent: The button.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._session = session
        self.setFixedWidth(_WIDE_PX)
        self.setAccessibleName(tr("Layers over the picture"))
        look.set_role(self, role="popover")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(9)
        self.boxes = {
            name: self._switch(name, text)
            for name, text in (
                ("skeletons", tr("Skeletons")),
                ("names", tr("Names")),
                ("boxes", tr("Boxes")),
                ("ghost", tr("Ghost of the estimate")),
                ("truth", tr("Truth")),
                ("error_lines", tr("Lines to the truth")),
                ("error_colours", tr("Bodies in the heat of their error")),
            )
        }
        for box in self.boxes.values():
            column.addWidget(box)
        column.addWidget(horizontal_line())
        column.addWidget(text_label(tr("Bodies over the picture"), weight=600))
        self.modes: dict[str, QToolButton] = {}
        column.addWidget(self._modes())
        column.addLayout(self._opacity())
        session.bridge.layers_changed.connect(self._show)
        self._show(session.view.layers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _switch(self, name: str, text: str) -> QCheckBox:
        box = QCheckBox(text)
        box.toggled.connect(lambda on: self._write(**{name: on}))
        return box

    def _modes(self) -> QWidget:
        frame = QFrame()
        frame.setFixedHeight(28)
        look.set_role(frame, role="segments")
        row = QHBoxLayout(frame)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(1)
        group = QButtonGroup(frame)
        for mode, text in (
            ("off", tr("Off")),
            ("fill", tr("Fill")),
            ("outline", tr("Outline")),
            ("both", tr("Both")),
        ):
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setFixedHeight(24)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            look.set_role(button, role="segment")
            button.clicked.connect(lambda _on=False, to=mode: self._write(mesh=to))
            group.addButton(button)
            row.addWidget(button, 1)
            self.modes[mode] = button
        return frame

    def _opacity(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        name = text_label(tr("Opacity"), tone="secondary")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(_LEAST_PERCENT, 100)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(tr("Opacity of the bodies"))
        self.slider.valueChanged.connect(self._on_slider_moved)
        name.setBuddy(self.slider)
        self.percent: QLabel = text_label(tone="muted")
        self.percent.setFixedWidth(40)
        self.percent.setAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        row.addWidget(name)
        row.addWidget(self.slider, 1)
        row.addWidget(self.percent)
        return row

    def _on_slider_moved(self, percent: int) -> None:
        self._write(mesh_opacity=percent / 100)

    def _write(self, **changes: object) -> None:
        view = self._session.view
        view.layers = replace(view.layers, **changes)  # type: ignore[arg-type]

    def _show(self, layers: Layers) -> None:
        for name, box in self.boxes.items():
            box.setChecked(getattr(layers, name))
        self.modes[layers.mesh].setChecked(True)
        percent = round(100 * layers.mesh_opacity)
        self.slider.setValue(percent)
        self.slider.setEnabled(layers.mesh in ("fill", "both"))
        self.percent.setText(f"{percent} %")
