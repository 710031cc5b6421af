"""The dock "Errors": three numbers, tables, what the means are over."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.metrics.comparison import Comparison, Measure
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.compare.going import go_to_worst
from hpe_studio.ui.compare.settings_sections import grouped
from hpe_studio.ui.compare.table_view import ErrorTable
from hpe_studio.ui.compare.tables import (
    joint_table,
    person_table,
    sequence_table,
    worst_table,
)
from hpe_studio.ui.empty import EmptyState
from hpe_studio.ui.inspector.tabs import TabStrip
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

_SHOWN = ("mpjpe", "pa_mpjpe", "pck150")
_TITLES = {"mpjpe": "MPJPE", "pa_mpjpe": "PA-MPJPE", "pck150": "PCK 150"}
_SHOWN_FROM = 0.05
_MORE_IS_BETTER = frozenset({"pck150"})


class NumbersPanel(QWidget):
    """Numbers over the clip, then tables by joint, person, measure and frame.

    Args:
        session: Whose comparison.
        actions: The table's actions.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.figures = {name: Figure(_TITLES[name]) for name in _SHOWN}
        self.strip = TabStrip(
            (tr("Per joint"), tr("Per person"), tr("Sequence"), tr("Worst")),
            tr("Errors"),
        )
        self.tabs = self.strip.bar
        self.joints = ErrorTable(session, tr("Error per joint"))
        self.people = ErrorTable(session, tr("Error per person"))
        self.sequence = ErrorTable(session, tr("Error over the clip"))
        self.worst = ErrorTable(session, tr("Worst frames"))
        self._stack = QStackedWidget()
        for table in (self.joints, self.people, self.sequence, self.worst):
            self._stack.addWidget(table)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.tabs.currentChanged.connect(self._fill)
        self.worst.gone_to.connect(self._go)
        self.counts = text_label(size="small", tone="secondary")
        self.counts.setWordWrap(True)
        self.empty = EmptyState("ruler", tr("No numbers yet"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self._filled())
        self.pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.addAction(actions["next_worst"])
        session.comparing.changed.connect(self.refresh)
        session.bridge.selection_changed.connect(self._on_selection_changed)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known."""
        comparing = self._session.comparing
        comparison = comparing.comparison
        self.pages.setCurrentIndex(1 if comparison is None else 0)
        if comparison is None:
            busy = tr("Comparing…") if comparing.is_busy else ""
            self.empty.say(busy or comparing.error)
            return
        before = None if comparing.compared is None else comparing.compared.before
        for name, figure in self.figures.items():
            then = None if before is None else before.measures[name]
            figure.show_measure(
                comparison.measures[name], then, more=name in _MORE_IS_BETTER
            )
        self.counts.setText(counts_text(comparison))
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        """Numbers are in sight."""
        super().showEvent(event)
        self._session.comparing.note_panel(self, is_seen=True)
        self._fill()

    def hideEvent(self, event: QHideEvent) -> None:
        """Numbers are out of sight."""
        super().hideEvent(event)
        self._session.comparing.note_panel(self, is_seen=False)

    def _fill(self, _index: int = 0) -> None:
        """Fill the table that is seen."""
        session, comparison = self._session, self._session.comparing.comparison
        if comparison is None or not self.isVisible():
            return
        table = self._stack.currentWidget()
        if table is self.joints:
            self.joints.show_table(joint_table(session, comparison))
        elif table is self.people:
            self.people.show_table(person_table(session, comparison))
        elif table is self.sequence:
            self.sequence.show_table(sequence_table(comparison))
        else:
            self.worst.show_table(worst_table(session, comparison))

    def _go(self, row: int) -> None:
        go_to_worst(self._session, row)

    def _on_selection_changed(self, _selection: object) -> None:
        """The selected joint is the selected row."""
        comparison, session = self._session.comparing.comparison, self._session
        joint, track = session.view.selection.joint, session.active_track
        if comparison is None or joint is None or track is None:
            return
        posed = session.poser.pose_at(track.person_id, session.view.frame)
        if posed is None or joint >= len(posed.skeleton.joint_names):
            return
        name = posed.skeleton.joint_names[joint]
        if name in comparison.joints:
            self.joints.selectRow(comparison.joints.index(name))

    def _filled(self) -> QWidget:
        page = QWidget()
        figures = QHBoxLayout()
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(0)
        for number, figure in enumerate(self.figures.values()):
            if number:
                line = QFrame()
                line.setFixedWidth(1)
                look.set_role(line, role="line")
                figures.addWidget(line)
            figures.addWidget(figure, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 10)
        foot.addWidget(self.counts)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addLayout(figures)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
        return page


class Figure(QWidget):
    """One number over the whole clip, and what edits did to it.

    Args:
        title: Its short name.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.value = text_label(size="metric", weight=600)
        self.unit = text_label(size="small", tone="muted")
        self.change = text_label(size="small", tone="muted")
        line = QHBoxLayout()
        line.setSpacing(3)
        line.addWidget(self.value)
        line.addWidget(self.unit, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 6, 8)
        column.setSpacing(1)
        column.addWidget(text_label(title, size="small", tone="secondary"))
        column.addLayout(line)
        column.addWidget(self.change)

    def show_measure(self, now: Measure, then: Measure | None, *, more: bool) -> None:
        """Show a number.

        Args:
            now: Of the motion.
            then: Of the estimate, or None.
            more: True where a larger number is better.
        """
        is_known = math.isfinite(now.value)
        self.value.setText(f"{now.value:.1f}" if is_known else "–")
        self.unit.setText(now.unit)
        text, tone = tr("as estimated"), "muted"
        if then is not None and math.isfinite(then.value) and is_known:
            by = now.value - then.value
            if abs(by) >= _SHOWN_FROM:
                text = tr("was {before}").format(before=f"{then.value:.1f}")
                tone = "ok" if (by > 0) == more else "warn"
                why = tr("Before the edits it was {before} {unit}")
                self.change.setToolTip(
                    why.format(before=f"{then.value:.1f}", unit=now.unit)
                )
        self.change.setText(text)
        look.set_role(self.change, tone=tone)
        self.setAccessibleName(f"{self._title} {self.value.text()} {now.unit}")


def counts_text(comparison: Comparison) -> str:
    """What the means are over; the parts add up to the whole."""
    counts = comparison.counts
    joints = tr(
        "{all} true joints = {counted} measured + {lacking} lacking + {missed} of "
        "missed people"
    ).format(
        all=grouped(counts.true_joints),
        counted=grouped(counts.counted),
        lacking=grouped(counts.lacking),
        missed=grouped(counts.missed_joints),
    )
    cover = counts.coverage
    share = "–" if math.isnan(cover) else f"{100 * cover:.1f} %"
    said = tr("{joints}. Coverage {share}.").format(joints=joints, share=share)
    if counts.beyond:
        more = tr("{count} true person-frames lie where the motion has none.")
        said = f"{said} {more.format(count=grouped(counts.beyond))}"
    return said
