"""Files dropped on every pane and on docks that float: taken and done as anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from hpe_studio.ui.dialogs.rate import RateDialog
from hpe_studio.ui.importing import ImportDialog
from hpe_studio.workflow.exporting import export_path
from tests.drive_import import take_in
from tests.driver import StudioDriver

_COPY, _LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
_PLAIN = Qt.KeyboardModifier.NoModifier

Pane = Callable[[StudioDriver], QWidget]
_PANES: dict[str, Pane] = {
    "video": lambda d: d.video,
    "3D": lambda d: d.viewport,
    "strip": lambda d: d.workspace.strip.bars,
    "transport": lambda d: d.workspace.transport,
    "people": lambda d: d.tree.viewport(),
    "problems": lambda d: d.workspace.problems.list.viewport(),
    "inspector": lambda d: d.workspace.inspector,
    "lanes": lambda d: d.lanes,
    "top bar": lambda d: d.window.top_bar,
    "status": lambda d: d.window.status,
}


class PaneDrag:
    """Files dragged over one widget, as Qt hands it on.

    Qt gives a drag to the innermost widget under the pointer that takes drops, else to
    the nearest one around it; what that one refuses goes further out.
    """

    def __init__(self, driver: StudioDriver, pane: QWidget, *paths: Path) -> None:
        self._driver, self._pane = driver, pane
        self._data = QMimeData()
        self._data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])

    @property
    def said(self) -> str:
        """What the overlay says."""
        return self._driver.window.dropping.overlay.text

    def over(self) -> bool:
        """Come over the pane and stay; True where a drop would be taken."""
        self._takers = self._offer(QDragEnterEvent)
        moved = self._offer(QDragMoveEvent)
        self._driver.settle()
        return bool(self._takers) and bool(moved)

    def drop(self) -> None:
        """Let go."""
        for taker in self._takers:
            at = QPointF(self._place(taker))
            event = QDropEvent(at, _COPY, self._data, _LEFT, _PLAIN)
            assert event.type() == QEvent.Type.Drop
            QApplication.sendEvent(taker, event)
        self._driver.settle()

    def _offer(self, kind: type[QDragEnterEvent | QDragMoveEvent]) -> list[QWidget]:
        widget: QWidget | None = self._pane
        while widget is not None:
            if widget.acceptDrops():
                at = self._place(widget)
                event = kind(at, _COPY, self._data, _LEFT, _PLAIN)
                event.setAccepted(False)
                QApplication.sendEvent(widget, event)
                if event.isAccepted():
                    return [widget]
            if widget.isWindow():
                break
            widget = widget.parentWidget()
        return []

    def _place(self, taker: QWidget) -> QPoint:
        middle = QPoint(self._pane.width() // 2, self._pane.height() // 2)
        return self._pane.mapTo(taker, middle)


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    return lasting


@pytest.fixture
def results(project: Path, tmp_path: Path) -> Path:
    """The project's people as a results file of their own."""
    goal = tmp_path / "people.json"
    export_path(project, goal)
    return goal


@pytest.mark.parametrize("name", _PANES)
def test_results_can_be_dropped_on_every_pane(
    opened: StudioDriver, results: Path, name: str
) -> None:
    drag = PaneDrag(opened, _PANES[name](opened), results)
    assert drag.over(), name
    assert drag.said == "Add results of people.json to this project"
    drag.drop()
    assert not drag.said
    dialog = opened.window.findChild(ImportDialog)
    assert dialog is not None
    dialog.reject()
    jobs = opened.window.jobs
    opened.wait_until(lambda: not jobs.running, "the end of the reading")


@pytest.mark.parametrize("dock_id", ["people", "problems", "inspector", "lanes"])
def test_results_can_be_dropped_on_a_dock_that_floats(
    opened: StudioDriver, results: Path, dock_id: str
) -> None:
    dock = opened.workspace.docks[dock_id]
    dock.setFloating(True)
    opened.settle()
    assert dock.isWindow()
    before = len(opened.session.persons)
    try:
        drag = PaneDrag(opened, dock.focus_target, results)
        assert drag.over(), dock_id
        assert drag.said == "Add results of people.json to this project"
        drag.drop()
        assert not drag.said
        take_in(opened)
        assert len(opened.session.persons) == before + 2
    finally:
        dock.setFloating(False)
        opened.settle()


@pytest.mark.parametrize("where", ["video", "floating"])
@pytest.mark.parametrize("kind", ["project", "folder"])
def test_projects_and_clips_dropped_there_are_opened(
    studio: StudioDriver,
    project: Path,
    images: Path,
    tmp_path: Path,
    where: str,
    kind: str,
) -> None:
    studio.open_clip(project)
    other = tmp_path / "other"
    images.rename(other) if kind == "folder" else None
    copy = tmp_path / "copy.hpes"
    copy.write_bytes(project.read_bytes())
    pane: QWidget = studio.video
    if where == "floating":
        dock = studio.workspace.docks["people"]
        dock.setFloating(True)
        studio.settle()
        pane = dock.focus_target
    drag = PaneDrag(studio, pane, copy if kind == "project" else other)
    assert drag.over()
    drag.drop()
    if kind == "folder":
        dialog = studio.window.findChild(RateDialog)
        assert dialog is not None
        studio.click(dialog.go, 10, 10)
    studio.wait_idle()
    path = studio.session.project.path
    assert path == (copy if kind == "project" else other.with_suffix(".hpes"))


def test_what_is_no_file_is_left_to_the_list_itself(opened: StudioDriver) -> None:
    data = QMimeData()
    data.setText("just words")
    enter = QDragEnterEvent(QPoint(5, 5), _COPY, data, _LEFT, _PLAIN)
    enter.setAccepted(False)
    QApplication.sendEvent(opened.tree.viewport(), enter)
    assert not opened.window.dropping.overlay.text
