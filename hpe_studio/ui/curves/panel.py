"""The curves' panel: what is shown at the left, curves at the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.curves.quantities import QUANTITIES
from hpe_studio.ui.empty import EmptyState
from hpe_studio.ui.focus_ring import FocusRings
from hpe_studio.ui.lanes.curve_label import Letter
from hpe_studio.ui.session import Session
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import Swatch, text_label
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.ui.curves.canvas import CurveCanvas

_LABELS_PX = 260
_SHOWN, _NORMALISED = "curves.shown", "curves.normalised"


class CurvesPanel(QWidget):
    """Curves of the selected joint; they are loaded when they are first seen.

    Args:
        session: Whose selection.
        actions: Keys that act here too.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session, self._actions = session, actions
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.canvas: CurveCanvas | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.name = text_label(weight=600)
        self.swatch = Swatch(18)
        self.switches = {q.id: QCheckBox(tr(q.title)) for q in QUANTITIES}
        self.normalise = QCheckBox(tr("Normalised"))
        self.frame_button = QToolButton()
        self.letters = tuple(Letter(i) for i in range(3))
        self.empty = EmptyState(
            "chart-spline",
            tr("No curves yet"),
            is_wide=True,
        )
        self._room = QVBoxLayout()
        self._side = QWidget()
        self._dress()
        self._lay_out()
        actions.hear_single_keys(self)
        bridge = session.bridge
        bridge.selection_changed.connect(self._on_selection_changed)
        bridge.document_changed.connect(self._on_selection_changed)

    def show_quantities(self) -> None:
        """Show what is ticked, and remember it."""
        chosen = [q for q in QUANTITIES if self.switches[q.id].isChecked()]
        is_normalised = self.normalise.isChecked()
        settings().write(_SHOWN, [quantity.id for quantity in chosen])
        settings().write(_NORMALISED, is_normalised)
        if self.canvas is not None:
            self.canvas.show_quantities(chosen, normalised=is_normalised)

    def set_labels_px(self, width: int) -> None:
        """Make the column at the left as wide as the lanes' labels."""
        self._side.setFixedWidth(width)

    def close_views(self) -> None:
        """Abort drags and give the scene back, before the widget goes."""
        if self.canvas is not None:
            self.canvas.cancel()
            self.canvas.close_graph()

    # Events ------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Load the curves the first time; catch up with what changed."""
        super().showEvent(event)
        if self.canvas is None:
            self._load()
        self._on_selection_changed()

    def hideEvent(self, event: QHideEvent) -> None:
        """End a drag that nobody sees any more."""
        super().hideEvent(event)
        if self.canvas is not None:
            self.canvas.cancel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep to what fits."""
        super().resizeEvent(event)
        self.normalise.setVisible(event.size().height() >= 120)

    # Within

    def _load(self) -> None:
        from hpe_studio.ui.curves.canvas import CurveCanvas

        self.canvas = CurveCanvas(self._session, self._actions)
        self._room.insertWidget(0, self.canvas)
        self.setFocusProxy(self.canvas)
        FocusRings(self).follow(self.canvas)
        self.frame_button.clicked.connect(self.canvas.frame_curves)
        self.show_quantities()

    def _dress(self) -> None:
        kept = settings().read(_SHOWN, [QUANTITIES[0].id])
        for quantity in QUANTITIES:
            switch = self.switches[quantity.id]
            switch.setChecked(isinstance(kept, list) and quantity.id in kept)
            look.set_font(switch, "small")
            switch.toggled.connect(self._on_switched)
        look.set_font(self.normalise, "small")
        self.normalise.setChecked(settings().read(_NORMALISED, False))
        self.normalise.setToolTip(
            tr("Draw all curves over each other, each in its own range")
        )
        self.normalise.toggled.connect(self._on_switched)
        for component, letter in enumerate(self.letters):
            letter.clicked.connect(partial(self._on_letter_clicked, component))
        button = self.frame_button
        button.setIcon(look.icon("scan", 14))
        button.setFixedSize(22, 22)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(tr("Frame the curves"))
        button.setToolTip(tr("Show all of the curves"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.swatch)
        head.addWidget(self.name, 1)
        self.name.setMinimumWidth(10)
        for letter in self.letters:
            head.addWidget(letter)
        head.addWidget(self.frame_button)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        half = (len(QUANTITIES) + 1) // 2
        for index, quantity in enumerate(QUANTITIES):
            grid.addWidget(self.switches[quantity.id], index % half, index // half)
        grid.addWidget(self.normalise, half, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self._side)
        column.setContentsMargins(12, 4, 8, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(grid)
        column.addStretch(1)
        self._side.setFixedWidth(_LABELS_PX)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.addWidget(self.empty)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side)
        row.addLayout(self._room, 1)

    def _on_switched(self, _is_checked: bool) -> None:
        self.show_quantities()

    def _on_letter_clicked(self, component: int, _is_checked: bool = False) -> None:
        if self.canvas is not None:
            shown = set(self.canvas.components) ^ {component}
            self.canvas.show_components(tuple(shown))
            self._on_selection_changed()

    def _on_selection_changed(self, _what: object = None) -> None:
        canvas = self.canvas
        if canvas is None or not self.isVisible():
            return
        person = self._session.active_person
        has_curves = bool(canvas.source.tracks)
        canvas.setVisible(has_curves)
        self.empty.setVisible(not has_curves)
        told = tr("Select a person, then a joint: how it moves is drawn here")
        if person is not None:
            told = tr("{name} has no track: draw a box, or give one")
            told = told.format(name=person.name)
        self.empty.say(told)
        self.swatch.setVisible(person is not None)
        letter = "" if person is None else self._session.letter_of(person.id)
        self.swatch.show_person(person, letter)
        self.name.setText(canvas.source.title or tr("Curves"))
        for component, letter in enumerate(self.letters):
            letter.setVisible(has_curves)
            letter.setChecked(component in canvas.components)
