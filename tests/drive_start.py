"""What a test leaves in a window that lasts: how it is put back, how it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from hpe_studio.core.viewstate import Layers
from hpe_studio.edits.views import main_view
from hpe_studio.metrics.protocol import NAMED
from hpe_studio.ui import look
from hpe_studio.ui.curves.panel import CurvesPanel
from hpe_studio.ui.curves.quantities import QUANTITIES
from hpe_studio.ui.dialogs.low_card import LowCard
from hpe_studio.ui.drop_overlay import DropOverlay
from hpe_studio.ui.keys import PROFILES
from hpe_studio.ui.look.active import worn
from hpe_studio.ui.problems.shown import Filter
from hpe_studio.ui.scrim import Scrim
from hpe_studio.ui.settings import settings
from hpe_studio.ui.window import StudioWindow
from hpe_studio.ui.workspaces import WORKSPACES

if TYPE_CHECKING:
    from tests.driver import StudioDriver

_CARDS = (Scrim, LowCard, DropOverlay)
"""Children of a window that can lie over it."""
_LOOK = ("dark", 100)
"""Theme and text size that nobody chose."""
_PICTURE_STRENGTH, _ALL_COMPONENTS = 75, (0, 1, 2)


def left_open() -> list[QWidget]:
    """What lies over the windows: dialogs, menus, cards, the palette's veil."""
    tops = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    found: list[QWidget] = [w for w in tops if _is_over(w)]
    for window in tops:
        if isinstance(window, StudioWindow):
            children = [c for c in window.children() if isinstance(c, _CARDS)]
            found += [card for card in children if card.isVisible()]
    return found


def left_behind(*, with_look: bool = True) -> list[str]:
    """What a test left that the next one would find, in words.

    Args:
        with_look: False where every test chooses its theme itself.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return []
    found = [f"{type(w).__name__} is open" for w in left_open()]
    if app.overrideCursor() is not None:
        found.append("the pointer still says that something goes on")
    for window in _windows(app):
        keymap = window.actions_.keymap
        if keymap.profile != PROFILES[0] or keymap.changes:
            found.append(f"keys are changed: {keymap.profile} {dict(keymap.changes)}")
        found += [f"the job {job.title} goes on" for job in window.jobs.running]
    if with_look and (worn.theme.name, worn.text_percent) != _LOOK:
        found.append(f"the look is {worn.theme.name} at {worn.text_percent} %")
    return found


def clear_away() -> None:
    """Close whatever lies over a window, stop its jobs; usual keys and look."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    while app.overrideCursor() is not None:
        app.restoreOverrideCursor()
    close_over()
    for window in _windows(app):
        _put_keys_back(window)
        for job in window.jobs.running:
            job.cancel()
    if (worn.theme.name, worn.text_percent) != _LOOK:
        for name in ("look.theme", "look.text_percent"):
            settings().forget(name)
        look.apply(app)


def close_over() -> None:
    """Close whatever lies over the windows."""
    for widget in left_open():
        if isinstance(widget, Scrim):
            widget.close_()
        elif isinstance(widget, LowCard):
            widget.leave()
        else:
            widget.close()


def let_go() -> None:
    """No key and no button is down: Qt believes the last event it was sent."""
    app, hand = QApplication, QWidget()
    if app.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyRelease(hand, Qt.Key.Key_Shift)
    if app.mouseButtons() != Qt.MouseButton.NoButton:
        QTest.mouseRelease(hand, Qt.MouseButton.LeftButton)


def put_back(driver: StudioDriver, last_step: str) -> None:
    """Undo down to a step and put everything that is looked at back.

    Args:
        driver: Whose window.
        last_step: The undoable step that stays.
    """
    close_over()
    let_go()
    _put_keys_back(driver.window)
    _put_document_back(driver, last_step)
    _put_view_back(driver)
    _put_panels_back(driver)
    driver.window.toasts.clear()
    driver.window.activateWindow()
    driver.video.zoom.begin_anew()
    driver.session.requests.preset_wanted.emit("home")
    driver.focus_video()


def _put_keys_back(window: StudioWindow) -> None:
    keymap = window.actions_.keymap
    if keymap.profile != PROFILES[0]:
        keymap.profile = PROFILES[0]
    if keymap.changes:
        keymap.reset()


def _put_document_back(driver: StudioDriver, last_step: str) -> None:
    session = driver.session
    session.playback.stop()
    driver.workspace.tools.cancel()
    driver.lanes.cancel()
    jobs = driver.window.jobs
    for job in jobs.running:
        job.cancel()
    driver.wait_until(lambda: not jobs.running, "the jobs of the test before")
    history = session.document.history
    while history.undo_label not in (None, last_step):
        position = history.position
        session.undo()
        assert history.position < position, "a gesture was left open"


def _put_view_back(driver: StudioDriver) -> None:
    session, view = driver.session, driver.session.view
    session.select(None)
    session.copied_key = session.copied_pose = None
    session.playback.speed, session.playback.is_looping = 1.0, True
    session.problems.select(None)
    session.problems.filter = Filter()
    session.comparing.protocol = NAMED["studio"]
    view.shown_view = main_view(session.document)
    view.pins, view.play_range = frozenset(), None
    view.tool, view.layers, view.frame = "select", Layers(), 0


def _put_panels_back(driver: StudioDriver) -> None:
    """Every workspace as at first; folds, lists, lanes and curves too."""
    workspace, lanes = driver.workspace, driver.lanes
    if workspace.workspace_id != "fix":
        workspace.show_workspace("fix")
    workspace._arranger._left.clear()
    for spec in WORKSPACES:
        settings().forget(f"layout.{spec.id}")
    workspace.reset()
    driver.session.view.layers = Layers()
    for page in workspace.inspector.pages.values():
        for section in page.sections:
            settings().forget(f"inspector.fix.{section.id}")
    workspace.inspector.enter_workspace("fix")
    workspace.inspector.tabs.setCurrentIndex(0)
    if workspace.outliner.find_button.isChecked():
        workspace.outliner.close_search()
    if lanes.contents.opened:
        lanes.contents.opened = frozenset()
        lanes.refresh()
    _put_curves_back(workspace.curves)
    workspace.viewport.picture_strength.slider.setValue(_PICTURE_STRENGTH)
    driver.window.resize(1440, 900)
    lanes.axis = lanes.axis.fitted()
    lanes.scroll_to(0)
    driver.session.requests.framing_wanted.emit()


def _put_curves_back(panel: CurvesPanel) -> None:
    for quantity_id, switch in panel.switches.items():
        switch.setChecked(quantity_id == QUANTITIES[0].id)
    panel.normalise.setChecked(False)
    if panel.canvas is not None:
        panel.canvas.cancel()
        panel.canvas.show_components(_ALL_COMPONENTS)


def _is_over(widget: QWidget) -> bool:
    is_popup = widget.windowType() == Qt.WindowType.Popup
    return is_popup or isinstance(widget, QDialog)


def _windows(app: QApplication) -> Iterator[StudioWindow]:
    for widget in app.topLevelWidgets():
        if isinstance(widget, StudioWindow) and widget.isVisible():
            yield widget
