"""The window with a performance in it, and photographs of what an edit does there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage

import hpe_studio as hs
from edit_pictures import panels
from hpe_studio.core.viewstate import Layers, Selection
from hpe_studio.ui.sights import sight_of
from tests.driver import StudioDriver

Act = Callable[[], object]
_LABELS_PX, _LANES_PX = 178, 400


@dataclass
class OpenProject:
    """The window's project as scripts see one."""

    driver: StudioDriver

    @property
    def document(self) -> Any:
        """Everything undoable."""
        return self.driver.document

    @property
    def poser(self) -> Any:
        """Its poses."""
        return self.driver.session.poser

    @property
    def footage(self) -> Any:
        """Its pictures."""
        return self.driver.session.footage

    @property
    def people(self) -> tuple[hs.Person, ...]:
        """Its people."""
        return tuple(hs.Person(self.document, self.poser, i) for i in self.ids)

    @property
    def ids(self) -> list[int]:
        """Their ids in order."""
        return sorted(self.document.persons)


@dataclass
class Stage:
    """Where pictures are taken.

    Attributes:
        driver: The window.
        folder: Where pictures go.
        sizes: Bytes of those that were taken.
    """

    driver: StudioDriver
    folder: Path
    sizes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.project = OpenProject(self.driver)
        self._first = self.driver.document.history.position

    # Reading -----------------------------------------------------------------

    def person(self, letter: str) -> hs.Person:
        """Person A, B, ..."""
        found = [p for p in self.project.people if p.name == f"Person {letter}"]
        return found[0]

    def places_m(self, letter: str, joint: str) -> np.ndarray:
        """Where a joint is on all frames, shape (frames, 3)."""
        motion = self.person(letter).motion
        return motion.joints_scene_m[:, motion.skeleton.index(joint)]

    # Arranging ---------------------------------------------------------------

    def begin(self, frame: int, selected: str = "", joint: str = "") -> None:
        """Everything as at first, on a frame, perhaps with somebody selected."""
        driver, session = self.driver, self.driver.session
        while driver.document.history.position > self._first:
            session.undo()
        view = session.view
        view.tool, view.play_range = "select", None
        view.layers = Layers(names=False, frustum=False, thumbnails=False)
        driver.workspace.room.take_back()
        driver.workspace.show_workspace("fix")
        driver.window.toasts.clear()
        view.frame = frame
        self.select(selected, joint)
        driver.wait_idle()

    def select(self, letters: str, joint: str = "") -> None:
        """Select people, and a joint of the last."""
        session = self.driver.session
        persons = tuple(self.person(letter).id for letter in letters)
        index = None
        if joint:
            index = self.driver.joint_index(
                self.driver.person(f"Person {letters[-1]}"), joint
            )
        session.view.selection = Selection(persons=persons, joint=index)
        self.driver.settle()

    def with_camera(self) -> Layers:
        """What is drawn, the clip's camera too."""
        return Layers(names=False)

    # Photographs ---------------------------------------------------------------

    def bodies(
        self,
        name: str,
        act: Act,
        letters: str,
        *,
        look_from: str = "home",
        margin: float = 0.12,
        back: int = 2,
    ) -> None:
        """Bodies in 3D before and after.

        Args:
            name: Of the picture.
            act: The edit.
            letters: Who is to be seen.
            look_from: A view of the 3D ("home", "front", "side").
            margin: Room about them as a share of their size.
            back: How many notches farther away than what frames the selection.
        """
        driver, session = self.driver, self.driver.session
        driver.workspace.room.give("3d")
        driver.wait_idle()
        chosen = session.view.selection
        session.requests.preset_wanted.emit(look_from)
        self.select(letters[-1])
        driver.viewport.frame_selection()
        session.view.selection = chosen
        canvas = driver.viewport
        driver.wheel(canvas, canvas.width() / 2, canvas.height() / 2, -back)
        self._pair(name, act, canvas, letters, panels.BODY, margin)

    def overlay(
        self, name: str, act: Act, letters: str, *, margin: float = 0.15
    ) -> None:
        """People over the footage before and after."""
        self.driver.workspace.room.give("video")
        self._pair(name, act, self.driver.video, letters, panels.PANEL, margin)

    def _pair(
        self,
        name: str,
        act: Act,
        canvas: Any,
        letters: str,
        size: QSize,
        margin: float,
    ) -> None:
        def shot() -> tuple[QImage, np.ndarray]:
            self.driver.wait_idle()
            self.driver.window.toasts.clear()
            self.driver.wait_idle()
            return canvas.grab().toImage(), self._joints_px(canvas, letters)

        first, points = shot()
        act()
        second, later = shot()
        every = np.concatenate([points, later])
        both = [panels.cropped(p, every, size, margin=margin) for p in (first, second)]
        self._keep(name, both)

    def _joints_px(self, canvas: Any, letters: str) -> np.ndarray:
        driver, frame = self.driver, self.driver.frame
        names = {f"Person {letter}" for letter in letters}
        found = [np.zeros((0, 2))]
        for person in driver.session.persons:
            posed = driver.session.poser.pose_at(person.id, frame)
            if person.name in names and posed is not None:
                sight = sight_of(driver.session, canvas)
                found.append(sight.project(np.asarray(posed.joints_scene_m)))
        return np.concatenate(found)

    def widget(self, name: str, act: Act, part: Callable[[], QImage]) -> None:
        """A part of the window before and after."""
        self.driver.wait_idle()
        first = part()
        act()
        self.driver.window.toasts.clear()
        self.driver.wait_idle()
        self._keep(name, [first, part()])

    def show_lanes(self, start: int, stop: int) -> None:
        """Zoom the lanes to a range, as wide as a panel."""
        driver = self.driver
        driver.wait_idle()
        panel, view = driver.workspace.lanes, driver.session.view
        panel.set_labels_px(_LABELS_PX)
        driver.wait_idle()
        share = driver.lanes.width() / (_LANES_PX - _LABELS_PX)
        count = driver.document.clip.frame_count
        view.play_range = start, min(count, start + round((stop - start) * share))
        driver.lanes.zoom_to_range()
        view.play_range = None
        driver.wait_idle()

    def lanes(self, high: int = 132) -> QImage:
        """The upper left part of the lanes."""
        panel = self.driver.workspace.lanes
        return panel.grab(QRect(0, 0, _LANES_PX, high)).toImage()

    def people(self, high: int = 124) -> QImage:
        """The list of people."""
        tree = self.driver.workspace.outliner
        return tree.grab(QRect(0, 0, tree.width(), high)).toImage()

    def views(self) -> QImage:
        """The views beside each other, small."""
        deck = self.driver.workspace.deck.grab().toImage()
        smooth = Qt.TransformationMode.SmoothTransformation
        upper = deck.copy(0, 0, deck.width(), round(0.76 * deck.height()))
        return upper.scaledToWidth(panels.PANEL.width(), smooth)

    def problems(self) -> QImage:
        """The upper part of the list of problems."""
        dock = self.driver.workspace.docks["problems"]
        return dock.grab(QRect(0, 0, dock.width(), 210)).toImage()

    def wait_checked(self) -> None:
        """Wait until everything is checked for problems."""
        queue = self.driver.session.problems
        self.driver.wait_until(
            lambda: not queue.is_checking, "the check", patience_s=120
        )
        self.driver.wait_idle()

    def section(self, section_id: str) -> Callable[[], QImage]:
        """A section of the inspector."""
        inspector = self.driver.workspace.inspector

        def part() -> QImage:
            found = inspector.reveal(section_id)
            self.driver.wait_idle()
            return found.grab().toImage()

        return part

    def curve(
        self,
        name: str,
        act: Act,
        read: Callable[[], np.ndarray],
        *,
        title: str,
        span: tuple[int, int],
        mark: tuple[int, int] | None = None,
    ) -> None:
        """A curve before and after."""
        first = read()
        act()
        both = [first, read()]
        made = [
            panels.curve(both[: i + 1], i, title=title, span=span, mark=mark)
            for i in (0, 1)
        ]
        self._keep(name, made)

    def texts(self, name: str, before: str, after: str) -> None:
        """Lines of a file before and after."""
        self._keep(name, [panels.lines(before), panels.lines(after)])

    def _keep(self, name: str, made: Sequence[QImage]) -> None:
        path = self.folder / f"{name}.webp"
        self.sizes[name] = panels.keep(path, made)
        print(f"{name}: {self.sizes[name]} bytes", flush=True)
