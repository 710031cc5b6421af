"""Takes files dropped anywhere on the window and does what the overlay said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from hpe_studio.ui.attaching import attach, can_attach
from hpe_studio.ui.commands.comparing import attach_path
from hpe_studio.ui.drop_overlay import DropOverlay
from hpe_studio.ui.drop_plan import (
    DropPlan,
    fits,
    plan_for,
    too_long_text,
    truth_among,
)
from hpe_studio.ui.importing.starting import start_import
from hpe_studio.ui.session import Session
from hpe_studio.workflow.doctor import Examination, examine
from hpe_studio.workflow.importing import onto

if TYPE_CHECKING:
    from hpe_studio.ui.window import StudioWindow


_DRAGS = (
    QEvent.Type.DragEnter,
    QEvent.Type.DragMove,
    QEvent.Type.Drop,
    QEvent.Type.DragLeave,
)


class Dropping(QObject):
    """Clips, folders, results and projects, by drag and drop.

    Args:
        window: Where they are dropped.
    """

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._plan = DropPlan()
        self._waiting = DropPlan()
        self.overlay = DropOverlay(window)
        self.follow(window)

    def follow(self, widget: QWidget) -> None:
        """Take drops on another window or dock, which may float beside this one."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow a drag over the window; everything else goes on untouched."""
        if event.type() not in _DRAGS:
            return False
        if isinstance(event, QDragEnterEvent):
            return self._enter(event)
        if isinstance(event, QDragMoveEvent):
            return self._move(event)
        if isinstance(event, QDropEvent):
            return self._drop(event)
        self.overlay.hide()
        return False

    def do(self, plan: DropPlan) -> None:
        """Open and add what a plan says."""
        if plan.why_not:
            self._window.notices.inform(f"{plan.title}. {plan.detail}")
            return
        if plan.detail:
            self._window.notices.inform(plan.detail)
        if plan.truth is not None and self._window.session is not None:
            attach_path(self._window.session, plan.truth)
        elif plan.attaches is not None:
            attach(self._window, plan.attaches)
        elif plan.opens is None:
            self._add(plan.adds)
        elif self._is_open(plan.opens):
            told = self.tr("{} is open already").format(plan.opens.name)
            self._window.notices.inform(told)
            self._add(plan.adds)
        else:
            self._waiting = plan
            self._window.open_path(plan.opens)

    def add_waiting(self) -> None:
        """Add what was dropped with a clip, now that it is open (after questions)."""
        waiting, self._waiting = self._waiting, DropPlan()
        if waiting.opens is not None and self._is_open(waiting.opens):
            self._add(waiting.adds)

    def _enter(self, event: QDragEnterEvent) -> bool:
        paths = _paths_in(event.mimeData())
        if not paths:
            return False
        self._plan = self._plan_for(paths)
        self.overlay.show_plan(self._plan)
        event.acceptProposedAction()
        return True

    def _move(self, event: QDragMoveEvent) -> bool:
        if not self.overlay.isVisible():
            return False
        if self._plan.why_not:
            event.ignore()
        else:
            event.acceptProposedAction()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self.overlay.hide()
        paths = _paths_in(event.mimeData())
        if not paths:
            return False
        event.acceptProposedAction()
        self.do(self._plan_for(paths))
        return True

    def _is_open(self, path: Path) -> bool:
        session = self._window.session
        if session is None:
            return False
        mine = (session.project.path, session.document.clip.path)
        return path.absolute() in [own.absolute() for own in mine if own is not None]

    def _plan_for(self, paths: Sequence[Path]) -> DropPlan:
        session, workspace = self._window.session, self._window.workspace
        is_comparing = workspace is not None and workspace.workspace_id == "compare"
        truth = truth_among(paths) if is_comparing and self._can_add else None
        if truth is not None:
            return DropPlan(truth=truth)
        return plan_for(paths, can_add=self._can_add, can_attach=can_attach(session))

    @property
    def _can_add(self) -> bool:
        session = self._window.session
        return session is not None and not session.project.is_read_only

    def _add(self, paths: Sequence[Path]) -> None:
        """One file or folder is looked at in a window first, several go in at once."""
        session = self._window.session
        if session is None:
            return
        if len(paths) == 1:
            self._window.asking.show_import(paths[0])
            return
        for path in paths:
            session.jobs.start(
                self.tr("Reading {}").format(path.name),
                examine(path, goal=onto(session.document)),
                on_result=partial(self._on_read, session, path),
            )

    def _on_read(self, session: Session, path: Path, exam: Examination) -> None:
        """Add what was read, or open it alone where it cannot belong to the clip."""
        if self._window.session is not session:
            return
        clip = session.document.clip
        if not fits(exam.motion, clip):
            told = too_long_text(path.name, exam.motion, clip)
            if self._window.open_path(path):
                self._window.notices.inform(told)
            return
        start_import(session, path, exam, exam.options)


def _paths_in(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
