"""Docks, workspaces, layouts of the viewers, and what is kept of them."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from hpe_studio.core.viewstate import Layers
from hpe_studio.media import open_footage
from hpe_studio.storage.project import create_project
from hpe_studio.ui.arrangement import VERSION, kept_arrangement, with_choices
from hpe_studio.ui.docks import DOCKS, PanelDock
from hpe_studio.ui.panes import ToolColumn
from hpe_studio.ui.settings import settings
from hpe_studio.ui.topbar import TopBar
from hpe_studio.ui.viewer_layout import MODES, ViewerLayout, placed
from hpe_studio.ui.workspaces import WORKSPACES
from tests.driver import StudioDriver

_OPEN = tuple(spec for spec in DOCKS if not spec.behind)
"""The docks that are seen at first."""

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea


@pytest.fixture
def lasting_layout(lasting: StudioDriver) -> Iterator[StudioDriver]:
    """The file's window, every workspace as at first."""
    yield lasting
    for spec in WORKSPACES:
        lasting.workspace.show_workspace(spec.id)
        lasting.workspace.reset()
    lasting.workspace.show_workspace("fix")


def _do(driver: StudioDriver, action_id: str) -> None:
    driver.window.actions_[action_id].trigger()
    driver.settle()


def _dock(driver: StudioDriver, name: str) -> PanelDock:
    return driver.workspace.docks[name]


# Docks ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "widths"), [((1440, 900), (260, 300, 200)), ((1280, 720), (224, 256, 148))]
)
def test_docks_have_their_first_sizes(
    qapp: object, project: Path, size: tuple[int, int], widths: tuple[int, int, int]
) -> None:
    with StudioDriver(size) as driver:
        driver.open_clip(project)
        ids = ("people", "problems", "inspector", "lanes")
        people, problems, inspector, lanes = (_dock(driver, name) for name in ids)
        assert (people.width(), inspector.width(), lanes.height()) == widths
        assert problems.width() == people.width()
        assert lanes.width() == size[0]
        assert driver.workspace.lanes.labels.width() == people.width()


def test_each_dock_is_closed_and_brought_back_by_its_action(
    lasting_layout: StudioDriver,
) -> None:
    for spec in _OPEN:
        action = lasting_layout.window.actions_[f"dock_{spec.id}"]
        assert action.isChecked()
        _do(lasting_layout, f"dock_{spec.id}")
        assert not _dock(lasting_layout, spec.id).isVisible()
        assert not action.isChecked()
        _do(lasting_layout, f"dock_{spec.id}")
        assert _dock(lasting_layout, spec.id).isVisible()


def test_a_wide_grip_moves_a_thin_line_and_the_labels_follow(
    lasting_layout: StudioDriver,
) -> None:
    people = _dock(lasting_layout, "people")
    grip = lasting_layout.workspace.seams.grip_of(people)
    assert grip is not None
    assert grip.width() == 8
    before = people.width()
    middle = (4.0, grip.height() / 2)
    lasting_layout.drag(grip, [middle, (24.0, middle[1]), (34.0, middle[1])])
    assert people.width() > before + 20
    assert lasting_layout.workspace.lanes.labels.width() == people.width()
    wider = people.width()
    grip.setFocus()
    lasting_layout.press("Left", grip)
    assert people.width() == wider - 16


def test_docks_move_and_lie_behind_each_other(lasting_layout: StudioDriver) -> None:
    workspace = lasting_layout.workspace
    people, inspector = (_dock(lasting_layout, n) for n in ("people", "inspector"))
    workspace.addDockWidget(_RIGHT, people)
    lasting_layout.settle()
    assert people.x() > workspace.viewers.x()
    workspace.tabifyDockWidget(people, inspector)
    lasting_layout.settle()
    assert workspace.tabifiedDockWidgets(people) == [inspector]
    _do(lasting_layout, "reset_workspace")
    assert workspace.dockWidgetArea(people) == _LEFT
    assert not workspace.tabifiedDockWidgets(people)


def test_a_floating_dock_has_a_title_and_keys_go_through_it(
    lasting_layout: StudioDriver,
) -> None:
    driver, inspector = lasting_layout, _dock(lasting_layout, "inspector")
    assert not inspector.has_title
    driver.workspace.inspector.tabs.setFocus()
    _do(driver, "float_dock")
    assert inspector.isFloating()
    assert inspector.isWindow()
    assert inspector.has_title
    driver.window.activateWindow()
    driver.focus_video()
    order = [driver.viewport, driver.workspace.inspector.tabs, driver.lanes]
    seen: list[QWidget | None] = []
    for _ in range(4):  # one of them is the problems'
        driver.press("F6")
        seen.append(driver.app.focusWidget())
    assert [widget for widget in seen if widget in order] == order
    inspector.activateWindow()
    driver.settle()
    driver.workspace.inspector.tabs.setFocus()
    _do(driver, "float_dock")
    assert not inspector.isFloating()


def test_titles_show_where_docks_are_dragged(lasting_layout: StudioDriver) -> None:
    lanes = _dock(lasting_layout, "lanes")
    title = lanes.titleBarWidget()
    assert title is not None
    assert title.height() == 0
    _do(lasting_layout, "dock_titles")
    assert title.height() == 30
    floats = [b for b in title.findChildren(QToolButton) if b.isVisible()]
    assert [b.accessibleName() for b in floats] == [
        "Dock or float Lanes",
        "Close Lanes",
    ]


# Room ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["people", "inspector", "lanes"])
def test_one_key_maximises_the_dock_under_the_pointer(
    lasting_layout: StudioDriver, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, dock = lasting_layout, _dock(lasting_layout, name)
    before = dock.geometry()
    driver.window.move(400 - dock.geometry().center().x(), 0)  # on the small screen
    under = dock.mapToGlobal(dock.rect().center())
    monkeypatch.setattr("hpe_studio.ui.room.QCursor.pos", lambda: under)
    driver.window.toasts.clear()  # one might lie under the pointer
    driver.settle()
    driver.press("Ctrl+Space", driver.video)
    assert not driver.video.isVisible()
    whole = driver.workspace.rect()
    assert dock.width() == whole.width()
    strip, transport = driver.workspace.strip, driver.workspace.transport
    assert dock.height() >= whole.height() - strip.height() - transport.height() - 2
    driver.press("Ctrl+Space")
    assert dock.geometry() == before
    assert driver.video.isVisible()
    assert driver.app.focusWidget() is not None


def test_the_side_docks_go_and_come(lasting_layout: StudioDriver) -> None:
    driver = lasting_layout
    driver.press("Ctrl+Shift+Space", driver.video)
    shown = [_dock(driver, spec.id).isVisible() for spec in _OPEN]
    assert shown == [False, False, False, True]
    driver.press("Ctrl+Shift+Space")
    assert all(_dock(driver, spec.id).isVisible() for spec in _OPEN)


def test_a_wide_film_is_1200_px_wide_by_one_key(qapp: object, tmp_path: Path) -> None:
    folder = tmp_path / "wide"
    folder.mkdir()
    for frame in range(3):
        picture = np.full((200, 478, 3), 128, np.uint8)
        assert cv2.imwrite(str(folder / f"{frame:04d}.png"), picture)
    footage = open_footage(folder, fps=Fraction(25))
    create_project(tmp_path / "wide.hpes", footage.clip).close()
    footage.close()
    with StudioDriver((1280, 720)) as driver:
        driver.open_clip(tmp_path / "wide.hpes")
        driver.focus_video()
        driver.press("Ctrl+Space")
        driver.wait_idle()
        image = driver.video.grab().toImage()
        row = image.height() // 2
        greys = [image.pixelColor(x, row).red() for x in range(image.width())]
        assert sum(abs(grey - 128) < 3 for grey in greys) >= 1200


# Viewers -------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_viewers_share_the_room_in_every_layout(
    lasting_layout: StudioDriver, mode: str
) -> None:
    driver = lasting_layout
    _do(driver, f"viewers_{mode}")
    video, scene = (driver.workspace.viewers.panes[s] for s in ("video", "scene"))
    room = driver.workspace.viewers.rect()
    assert room.contains(video.geometry())
    assert room.contains(scene.geometry())
    meet = video.geometry().intersects(scene.geometry())
    assert meet == mode.startswith("inset")
    assert driver.window.actions_[f"viewers_{mode}"].isChecked()
    if mode == "stacked":
        assert video.width() == scene.width() == room.width()
    if mode == "inset_3d":
        assert video.size() == room.size()
        assert not any(c.isVisible() for c in scene.view.findChildren(ToolColumn))


def test_the_inset_is_dragged_to_a_corner_and_sized(
    lasting_layout: StudioDriver,
) -> None:
    driver, viewers = lasting_layout, lasting_layout.workspace.viewers
    _do(driver, "viewers_inset_3d")
    pane = viewers.panes["scene"]
    assert viewers.arrangement.corner == "bottom_right"
    start = (40.0, 10.0)
    away = (start[0] - 0.8 * viewers.width(), start[1])
    driver.drag(pane.head, [start, away])
    assert viewers.arrangement.corner == "bottom_left"
    assert pane.geometry().center().x() < viewers.width() / 2
    before = pane.width()
    driver.drag(viewers.sizer, [(5, 5), (65, -10)])
    assert pane.width() > before + 30
    _do(driver, "inset_smaller")
    _do(driver, "inset_corner")
    assert viewers.arrangement.corner == "top_left"
    assert pane.geometry().center().y() < viewers.height() / 2


def test_the_line_between_viewers_is_dragged(lasting_layout: StudioDriver) -> None:
    driver, viewers = lasting_layout, lasting_layout.workspace.viewers
    assert viewers.grip.width() == 8
    driver.drag(viewers.grip, [(4, 50), (4 + 100, 50)])
    assert viewers.arrangement.share > 0.55
    gap = viewers.panes["scene"].x() - viewers.panes["video"].width()
    assert gap == 1


@pytest.mark.parametrize("size", [(640, 400), (320, 180), (1600, 900)])
def test_panes_never_leave_the_room(size: tuple[int, int]) -> None:
    for mode in MODES:
        for share in (0.0, 0.5, 1.0):
            layout = replace(ViewerLayout(mode=mode), share=share)
            where = placed(layout, *size)
            for box in (where.video, where.scene):
                assert min(box.x, box.y) >= 0
                assert box.x + box.width <= size[0]
                assert box.y + box.height <= size[1]


# Workspaces ----------------------------------------------------------------------


def test_each_workspace_keeps_docks_viewers_and_layers(
    lasting_layout: StudioDriver,
) -> None:
    driver, view = lasting_layout, lasting_layout.session.view
    fix_lanes = _dock(driver, "lanes").height()
    _do(driver, "viewers_stacked")
    driver.press("Ctrl+PgDown", driver.video)
    assert driver.window.actions_["workspace_track"].isChecked()
    assert view.layers.boxes
    tabs = driver.workspace.inspector.tabs
    assert tabs.tabText(tabs.currentIndex()) == "Person"
    assert _dock(driver, "lanes").height() > fix_lanes + 50
    assert driver.video.width() > 1.4 * driver.viewport.width()
    _do(driver, "dock_people")
    hidden = frozenset({driver.person("Person B").id})
    view.layers = replace(view.layers, hidden_persons=hidden)
    driver.press("Ctrl+PgUp", driver.video)
    assert _dock(driver, "people").isVisible()
    assert driver.workspace.viewers.arrangement.mode == "stacked"
    assert not view.layers.boxes
    assert view.layers.hidden_persons == hidden
    driver.click_button("workspace_track")
    assert not _dock(driver, "people").isVisible()
    _do(driver, "reset_workspace")
    assert _dock(driver, "people").isVisible()


@pytest.mark.slow
def test_what_is_arranged_comes_back_at_the_next_start(
    qapp: object, project: Path
) -> None:
    with StudioDriver() as driver:
        driver.open_clip(project)
        _do(driver, "workspace_track")
        _do(driver, "viewers_inset_video")
        _do(driver, "dock_inspector")
        driver.workspace.resizeDocks(
            [_dock(driver, "people")], [333], Qt.Orientation.Horizontal
        )
        driver.settle()
        _choose_looks(driver)
        driver.press("Ctrl+Space", driver.video)  # what is maximised is not kept
    with StudioDriver() as driver:
        driver.open_clip(project)
        assert driver.workspace.workspace_id == "track"
        assert driver.workspace.viewers.arrangement.mode == "inset_video"
        assert not _dock(driver, "inspector").isVisible()
        assert _dock(driver, "people").width() == 333
        assert driver.viewport.isVisible()
        layers = driver.session.view.layers
        assert (layers.curves, layers.thumbnails) == (True, False)
        assert (layers.mesh, layers.mesh_opacity) == ("outline", 0.6)
        assert layers.truth_place == "beside"
        assert driver.workspace.lanes.curves.shown == (0, 2)
        _do(driver, "workspace_fix")
        layers = driver.session.view.layers
        assert (layers.curves, layers.mesh) == (False, "off")


def _choose_looks(driver: StudioDriver) -> None:
    """Fix without its curves; Track without thumbnails, with the mesh, X and Z."""
    _do(driver, "workspace_fix")
    _do(driver, "toggle_curves")
    _do(driver, "workspace_track")
    _do(driver, "toggle_thumbnails")
    view = driver.session.view
    view.layers = replace(view.layers, mesh="outline", mesh_opacity=0.6)
    view.layers = replace(view.layers, truth_place="beside")
    driver.workspace.lanes.curve_label.letters[1].click()
    driver.settle()


@pytest.mark.parametrize(
    "made_up",
    [
        {"boxes": 1, "mesh": "round", "mesh_opacity": 7.0, "truth_place": None},
        {"mesh": ["fill"], "mesh_opacity": math.nan, "sparkles": True},
    ],
)
def test_layers_that_make_no_sense_are_left_as_they_are(
    data_home: Path, made_up: dict[str, object]
) -> None:
    kept = {"version": VERSION, "docks": "", "layers": made_up | {"names": False}}
    settings().write("layout.fix", kept)
    found = kept_arrangement("fix")
    assert found is not None
    assert with_choices(Layers(), found.layers) == Layers(names=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kept",
    [
        {"version": VERSION, "docks": "no base64!", "viewers": 3, "layers": [1]},
        {"version": VERSION, "docks": "AAAA", "viewers": {"mode": "round"}},
        {"version": 99, "docks": "", "viewers": {}, "layers": {"boxes": True}},
        {"version": VERSION},
        None,
    ],
)
def test_a_damaged_or_foreign_state_is_ignored(
    qapp: object, project: Path, data_home: Path, kept: dict[str, object] | None
) -> None:
    if kept is None:
        data_home.mkdir()
        file = data_home / "settings.ini"
        file.write_bytes(b"[layout]\nfix=\x00\xff{{{\n[[[\x1a\xfe")
    else:
        settings().write("layout.fix", kept)
        settings().write("layout.workspace", "juggle")
        settings().write("lanes.curves", [7, None])
    with StudioDriver() as driver:
        driver.open_clip(project)
        assert driver.workspace.workspace_id == "fix"
        assert all(_dock(driver, spec.id).isVisible() for spec in _OPEN)
        assert driver.workspace.viewers.arrangement == ViewerLayout()
        assert driver.session.view.layers == Layers()
        assert driver.workspace.lanes.curves.shown == (0, 1, 2)


# Top bar -------------------------------------------------------------------------


def _edges(bar: TopBar) -> tuple[QRect, QRect]:
    return bar.workspaces.geometry(), bar.whereabouts.geometry()


def test_workspaces_stand_in_the_middle_and_nothing_overlaps(
    lasting_layout: StudioDriver,
) -> None:
    bar = lasting_layout.window.top_bar
    for width, has_name, off_px in ((1440, True, 40), (1280, False, 90)):
        lasting_layout.window.resize(width, 800)
        lasting_layout.settle()
        tabs, where = _edges(bar)
        assert abs(tabs.center().x() - width // 2) <= off_px
        assert bar.whereabouts.clip_name.isVisible() == has_name
        assert tabs.right() < where.left()
        assert where.right() <= width


def test_longer_words_still_fit_the_top_bar(lasting_layout: StudioDriver) -> None:
    driver, bar = lasting_layout, lasting_layout.window.top_bar
    driver.window.resize(1280, 720)
    names = ("open", "run", "workspace_fix", "workspace_track", "export")
    before = {name: driver.window.actions_[name].iconText() for name in names}
    menus = bar.menu_bar.actions()
    titles = [menu.text() for menu in menus]
    try:
        for menu in menus:
            menu.setText(_longer(menu.text()))
        for name in names:
            driver.window.actions_[name].setIconText(_longer(before[name]))
        driver.window.resize(1281, 720)
        driver.settle()
        tabs, where = _edges(bar)
        last = bar.menu_bar.parentWidget()
        assert last is not None
        assert last.geometry().right() < tabs.left()
        assert tabs.right() < where.left()
        assert where.right() <= 1281
    finally:
        for menu, title in zip(menus, titles, strict=True):
            menu.setText(title)
        for name, text in before.items():
            driver.window.actions_[name].setIconText(text)


def _longer(text: str) -> str:
    return text + "n" * -(-3 * len(text) // 10)


def test_export_opens_one_window_beside_the_work(lasting_layout: StudioDriver) -> None:
    from hpe_studio.ui.export import ExportDialog

    lasting_layout.click_button("export")
    lasting_layout.click_button("export")
    found = [
        d for d in lasting_layout.window.findChildren(ExportDialog) if d.isVisible()
    ]
    assert len(found) == 1
    assert not found[0].isModal()
    found[0].close()


# Screens -------------------------------------------------------------------------


def _screen(name: str, x: int, width: int, height: int) -> dict[str, object]:
    return {"name": name, "x": x, "y": 0, "width": width, "height": height,
            "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}  # fmt: skip


_NEAR = _screen("near", 0, 1600, 1000)
_TWO_SCREENS = [_screen("far", 1600, 3200, 2000), _NEAR]


_KEEP = """
import sys
from PySide6.QtWidgets import QWidget
from hpe_studio import app
from hpe_studio.ui.window_place import keep_place, restore_place
made = app.make_application()
screens = {screen.name(): screen for screen in made.screens()}
window = app.make_window()
if sys.argv[1] == "keep":
    window.show()
    window.windowHandle().setScreen(screens["far"])
    window.setGeometry(1700, 100, 1200, 700)
    made.processEvents()
    window.close()
else:
    restore_place(window)
    window.show()
    made.processEvents()
    box = window.geometry()
    print(screens["near"].geometry().contains(box), box.width(), box.height())
    window.close()
"""


def _on_screens(
    tmp_path: Path, screens: list[dict[str, object]], script: str, *words: str
) -> str:
    config = tmp_path / f"screens{len(screens)}.json"
    config.write_text(json.dumps({"synchronousWindowSystemEvents": True,
                                  "screens": screens}))  # fmt: skip
    env = os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        "QT_SCREEN_SCALE_FACTORS": "near=1;far=2",
    }
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=env, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_window_of_a_screen_that_is_gone_comes_back(
    data_home: Path, tmp_path: Path
) -> None:
    _on_screens(tmp_path, _TWO_SCREENS, _KEEP, "keep")
    told = _on_screens(tmp_path, [_NEAR], _KEEP, "restore")
    assert told.split() == ["True", "1200", "700"]
    _on_screens(tmp_path, _TWO_SCREENS, _KEEP, "keep")
    told = _on_screens(tmp_path, _TWO_SCREENS, _KEEP, "restore")
    assert told.split() == ["False", "1200", "700"]
    settings().write("layout.window", {"version": 1, "geometry": "AAAA"})
    told = _on_screens(tmp_path, [_NEAR], _KEEP, "restore")
    assert told.split() == ["True", "1440", "900"]


_SHARPEN = """
import sys
from pathlib import Path
from hpe_studio.ui.stage import Stage
from tests.driver import StudioDriver
drawn, begin = [], Stage.begin
def noted(self, view, size, **how):
    drawn.append(size[0])
    return begin(self, view, size, **how)
Stage.begin = noted
with StudioDriver((1200, 700)) as driver:
    driver.open_clip(Path(sys.argv[1]))
    before = drawn[-1] / driver.viewport.width()
    screens = {screen.name(): screen for screen in driver.app.screens()}
    driver.window.windowHandle().setScreen(screens["far"])
    driver.window.setGeometry(1700, 100, 1200, 700)
    driver.settle()
    driver.wait_idle()
    print(driver.viewport.devicePixelRatioF())
    print(before, drawn[-1] / driver.viewport.width())
"""


@pytest.mark.slow
def test_viewers_are_sharp_on_a_screen_of_another_ratio(
    project: Path, data_home: Path, tmp_path: Path
) -> None:
    told = _on_screens(tmp_path, _TWO_SCREENS, _SHARPEN, str(project))
    assert told.split() == ["2.0", "1.0", "2.0"]
