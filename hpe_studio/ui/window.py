"""The window: start page or workspace, and the few verbs that commands ask of it."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.errors import StudioError
from hpe_studio.ui import recent
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.asking import Asking
from hpe_studio.ui.calm import Calm
from hpe_studio.ui.crash import Crashes
from hpe_studio.ui.dropping import Dropping
from hpe_studio.ui.hands import Hands
from hpe_studio.ui.jobs import JobRunner
from hpe_studio.ui.notices import Notice, Notices
from hpe_studio.ui.opening import (
    attach_footage,
    check_kept,
    clip_without_rate,
    reattach_footage,
    start_estimate,
    start_finding_shots,
    start_session,
    still_read_only,
)
from hpe_studio.ui.opening_results import open_by_job
from hpe_studio.ui.reading import FilmReader, ReadingPage
from hpe_studio.ui.sequences import start_completing
from hpe_studio.ui.session import Session
from hpe_studio.ui.start_page import StartPage
from hpe_studio.ui.status import StatusLine
from hpe_studio.ui.toasts import Toasts
from hpe_studio.ui.topbar import TopBar
from hpe_studio.ui.window_place import keep_place
from hpe_studio.workflow.estimate import EstimateOptions

if TYPE_CHECKING:
    from hpe_studio.ui.workspace import Workspace


class StudioWindow(QMainWindow):
    """One window with at most one open project."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("HPE Studio")
        self.setMinimumSize(960, 600)
        self.keeps_layout = True
        self._session: Session | None = None
        self._warned: Session | None = None
        self.workspace: Workspace | None = None
        self.notices = Notices()
        self.jobs = JobRunner(self)
        self.reader = FilmReader(self.jobs, self._show_reading, self)
        self.asking = Asking(self)
        self.actions_ = ActionSet(self, self)
        self.hands = Hands(self, self, self.actions_)
        self.crashes = Crashes(self)
        self.top_bar = TopBar(self.actions_)
        self.start_page = StartPage(self.actions_)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start_page)
        self.status = StatusLine(self.jobs)
        self.status.show_keys(self.actions_)
        self.toasts = Toasts(self._stack, self.actions_, self._toast_lift_px)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top_bar, self._stack, self.status):
            column.addWidget(widget)
        self.setCentralWidget(whole)
        self.dropping = Dropping(self)
        self.notices.posted.connect(self._on_notice_posted)
        self.jobs.changed.connect(self.actions_.refresh)
        self.jobs.failed.connect(self.notices.complain)
        self.start_page.project_chosen.connect(self.open_path)

    # What commands ask (see `commands.Desk`) ----------------------------------------

    @property
    def session(self) -> Session | None:
        """The open project; None while a film is read to be opened instead."""
        return self._session if self.reader.page is None else None

    def open_path(self, path: Path, fps: Fraction | None = None) -> bool:
        """Open a clip, project or results file in place of what is open.

        Where it cannot be opened, everything stays as it was and a toast says why.
        A folder of images without a project asks for its frame rate first.
        """
        try:
            if fps is None and open_by_job(self, path):
                return True
            clip = clip_without_rate(path) if fps is None else None
            if clip is not None:
                self.asking.for_rate(path, clip)
            elif fps is not None or not self.reader.read_first(
                path, partial(self._open_read, path)
            ):
                self.load(path, fps)
        except StudioError as error:
            self.notices.complain(error)
            return False
        return True

    def load(self, path: Path, fps: Fraction | None = None) -> None:
        """Open a clip, project or results file in place of what is open.

        Raises:
            StudioError: If it cannot be opened; everything stays as it was.
        """
        if self._is_writing(path):
            told = self.tr("{} is open already").format(path.name)
            self.notices.inform(told)
            return
        self._check_kept()
        session, warnings = start_session(
            path, fps=fps, jobs=self.jobs, notices=self.notices
        )
        self._close_session()
        try:
            self._show_session(session)
        except BaseException:
            self._close_session()  # half of it would keep the program from ending
            raise
        if warnings:
            is_lost = self.actions_["locate"].isEnabled()
            ways = ("locate", "") if is_lost else ("", "")
            if session.project.is_read_only:
                ways = ("save_copy", "reopen")
            told = "; ".join(warnings)
            self.notices.inform(told, action=ways[0], other_action=ways[1])

    @property
    def is_still(self) -> bool:
        """True when nothing loads, runs or is drawn in haste."""
        if self.workspace is None or self.reader.page is not None:
            return self.reader.page is None and not self.jobs.running
        shown = self.workspace
        views = (shown.video, shown.deck, shown.viewport, shown.lanes)
        return not self.jobs.running and all(view.is_still for view in views)

    def open_for_editing(self) -> None:
        """Edit the project that is open for reading only, where that can be now."""
        if self._session is not None and not still_read_only(self._session):
            self._go_on_in(self._session.project.path)

    def save_copy(self, path: Path) -> None:
        """Copy the project; one that is open for reading only goes on as its copy."""
        session = self._session
        if session is None or not session.save_copy(path):
            return
        if session.project.is_read_only:
            self._go_on_in(path)

    def close_session(self) -> bool:
        """Close the project and go back to the start page.

        Returns:
            False where edits could not be kept yet; doing it again gives them up.
        """
        try:
            self._check_kept()
        except StudioError as error:
            self.notices.tell_not_written(error)
            return False
        self._close_session()
        return True

    def _close_session(self) -> None:
        session, workspace = self._session, self.workspace
        if session is None:
            return
        recent.remember(session)
        self.hands.close_palette()
        for dialog in self.findChildren(QDialog):
            dialog.close()
        if workspace is not None:
            workspace.close_views()
        self.toasts.clear()
        self._session = self.workspace = None
        self.top_bar.show_session(None)
        self.status.show_session(None)
        session.close()
        if workspace is not None:
            self._stack.removeWidget(workspace)
            workspace.deleteLater()
        self.start_page.refresh()
        self.setWindowTitle("HPE Studio")
        self.actions_.refresh()

    def locate_footage(self, path: Path) -> None:
        """Show the open project's footage from where it is now."""
        if self._session is None or self._session.footage is not None:
            return
        try:
            attach_footage(self._session, path)
        except StudioError as error:
            self.notices.complain(error)
        self.actions_.refresh()

    def open_sample(self) -> None:
        """Open a copy of the sample clip."""
        from hpe_studio.assets import path_of

        try:
            self.open_path(path_of("sample_clip"))
        except StudioError as error:
            self.notices.complain(error)

    def start_run(self, options: EstimateOptions) -> None:
        """Start an estimation in the background."""
        if self._session is not None:
            start_estimate(self._session, options)

    # Events --------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Write what is left before the window goes."""
        if self.keeps_layout:
            keep_place(self)
        if not self.close_session():
            event.ignore()
            return
        self.reader.stop()
        self.jobs.close()
        event.accept()

    # Within

    def _is_writing(self, path: Path) -> bool:
        """True for the project that is open here: it would have to wait for itself."""
        session = self._session
        if session is None or session.project.is_read_only:
            return False
        return path.absolute() == session.project.path.absolute()

    def _check_kept(self) -> None:
        """Raises a `StudioError` the first time that edits cannot be kept."""
        session = self._session
        if session is None:
            return
        try:
            check_kept(session.project)
        except StudioError:
            if self._warned is not session:
                self._warned = session
                raise

    def _go_on_in(self, path: Path) -> None:
        """Open a project in place of the same one, at the same frame."""
        frame = 0 if self._session is None else self._session.view.frame
        if self.open_path(path) and self._session is not None:
            self._session.view.frame = frame
            told = self.tr("{} is open for editing").format(path.name)
            if not self._session.project.is_read_only:
                self.notices.say(told)

    def _show_session(self, session: Session) -> None:
        from hpe_studio.ui.workspace import Workspace  # the 3D view is heavy

        self._session = session
        self.workspace = Workspace(session, self.actions_, is_kept=self.keeps_layout)
        self.workspace.arranged.connect(self.actions_.refresh)
        for dock in self.workspace.docks.values():
            self.dropping.follow(dock)
        self._stack.addWidget(self.workspace)
        self._stack.setCurrentWidget(self.workspace)
        self.workspace.begin(self._stack.size())
        self.top_bar.show_session(session)
        self.status.show_session(session)
        self.setWindowTitle(f"{session.title} – HPE Studio")
        for signal in _facts_signals(session):
            signal.connect(self._on_facts_changed)
        Calm(session, self._on_facts_changed, self.workspace)
        self.actions_.refresh()
        session.requests.locate_wanted.connect(self.asking.for_footage)
        session.requests.footage_lost.connect(self._on_facts_changed)
        session.requests.footage_attached.connect(self._on_facts_changed)
        session.keeper.came_back.connect(self._on_footage_back)
        self.workspace.video.setFocus()
        recent.remember(session)
        start_finding_shots(session)
        start_completing(session)
        self.dropping.add_waiting()

    def _show_reading(self, page: ReadingPage | None) -> None:
        shown = page or self.workspace or self.start_page
        if page is not None:
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(shown)
        (shown if page is None else page.strip).setFocus()
        self.actions_.refresh()

    def _open_read(self, path: Path, frame: int) -> None:
        if self.open_path(path) and self._session is not None:
            self._session.view.frame = frame

    def _on_footage_back(self) -> None:
        if self._session is not None:
            reattach_footage(self._session)

    def _toast_lift_px(self) -> int:
        return 0 if self.workspace is None else self.workspace.toast_lift_px

    def _on_facts_changed(self, _what: object = None) -> None:
        self.actions_.refresh()

    def _on_notice_posted(self, notice: Notice) -> None:
        self.actions_.refresh()  # what it offers must be possible now
        self.toasts.show(notice)


def _facts_signals(session: Session) -> tuple[SignalInstance, ...]:
    """What may change which actions are possible."""
    bridge = session.bridge
    return (
        bridge.document_changed,
        session.problems.changed,
        session.problems.selected_changed,
        bridge.selection_changed,
        bridge.range_changed,
        bridge.layers_changed,
        bridge.tool_changed,
        bridge.shown_view_changed,
        session.playback.changed,
    )
