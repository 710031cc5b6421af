"""The bottom line: what the tool does, what runs, and that nothing is lost."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.job_pill import JobPill
from hpe_studio.ui.jobs import JobRunner
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.legend import Legend
from hpe_studio.ui.session import Session
from hpe_studio.ui.start_line import BuiltIn, FirstKeys
from hpe_studio.ui.tools import hint_of
from hpe_studio.ui.widgets import icon_label, key_label, text_label
from hpe_studio.ui.words import tr

HEIGHT_PX = 24
_SAVED_EVERY_MS = 1000
_LEGEND_FROM_PX, _MARGINS_PX = 1320, 60
_MOVING = (("X Y Z", "lock axis"), ("Shift", "depth"), ("Ctrl", "fine"))
_TOOL_KEYS = {
    "rotate": (("X Y Z", "lock axis"), ("Ctrl", "fine"), ("Esc", "cancel")),
    "move": (*_MOVING, ("P", "pin"), ("Esc", "cancel")),
    "move_body": (*_MOVING, ("Esc", "cancel")),
}


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
        self._first_keys, self._built_in = FirstKeys(), BuiltIn()
        self.pill = JobPill(jobs)
        self._saved_icon = icon_label("circle-check", 13, "state.ok")
        self._saved = text_label(size="small", tone="secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(self._first_keys)
        row.addWidget(self._hint)
        row.addStretch(1)
        row.addWidget(self._legend)
        row.addStretch(1)
        row.addWidget(self.pill)
        row.addSpacing(8)
        row.addWidget(self._saved_icon)
        row.addWidget(self._saved)
        row.addWidget(self._built_in)
        jobs.changed.connect(self._show_legend)
        self._timer = QTimer(self)
        self._timer.setInterval(_SAVED_EVERY_MS)
        self._timer.timeout.connect(self._show_saved)
        self.show_session(None)

    def show_keys(self, actions: ActionSet) -> None:
        """Say the keys of the palette and the key sheet while nothing is open."""
        self._first_keys.show_keys(actions)

    def show_session(self, session: Session | None) -> None:
        """Follow another project, or none."""
        self._session = session
        for widget in (self._hint, self._saved, self._saved_icon):
            widget.setVisible(session is not None)
        for widget in (self._first_keys, self._built_in):
            widget.setVisible(session is None)
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
        others = (self._hint, self.pill, self._saved, self._saved_icon)
        taken = sum(w.sizeHint().width() for w in others if not w.isHidden())
        room = self.width() - taken - _MARGINS_PX
        has_room = self._legend.sizeHint().width() <= room
        is_wide = self.width() >= _LEGEND_FROM_PX
        self._legend.setVisible(self._session is not None and is_wide and has_room)

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
        hint = text_label(self._hint_text(tool), size="small", weight=500)
        self._hint_row.addWidget(hint)
        for keys, meaning in _TOOL_KEYS.get(tool, ()):
            for key in keys.split(" "):
                self._hint_row.addWidget(key_label(key))
            self._hint_row.addWidget(
                text_label(tr(meaning), size="small", tone="secondary")
            )
        self._show_legend()

    def _hint_text(self, tool: str) -> str:
        assert self._session is not None
        selection = self._session.view.selection
        if tool != "rotate":
            return hint_of(tool)
        if selection.active is None or selection.joint is None:
            return tr("Click a joint to rotate it")
        session = self._session
        posed = session.poser.pose_at(selection.active, session.view.frame)
        if posed is None:
            return hint_of(tool)
        name = posed.skeleton.joint_names[selection.joint]
        return tr("Rotate {joint}").format(joint=joint_title(name).lower())

    def _show_saved(self) -> None:
        if self._session is None:
            return
        project = self._session.project
        if project.is_read_only:
            self._saved.setText(tr("Open for reading only"))
            self._saved.setToolTip(f"{project.path}\n{project.why_read_only}")
            return
        if project.is_saved:
            clock = project.saved_at.astimezone().strftime("%H:%M")
            kept = tr("All edits kept {clock}")
            self._saved.setText(kept.format(clock=clock))
        else:
            self._saved.setText(tr("Writing…"))
        self._saved.setToolTip(str(project.path))
