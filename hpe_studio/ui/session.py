"""One open project as the window uses it: document, view, footage, poser, jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.core.arrays import FloatArray, read_only
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Key, Track
from hpe_studio.core.viewstate import Layers, Selection, ViewState
from hpe_studio.edits.views import main_view
from hpe_studio.edits.whole_pose import CopiedPose
from hpe_studio.render.mesh import LevelOfDetail, level_between
from hpe_studio.render.theme import person_letter
from hpe_studio.ui.bridge import Bridge, Touched
from hpe_studio.ui.compare.following import Comparing
from hpe_studio.ui.eye import Eye, eye_of
from hpe_studio.ui.finds import Finds
from hpe_studio.ui.footage_watch import FootageKeeper
from hpe_studio.ui.jobs import JobRunner
from hpe_studio.ui.notices import Notices, Requests
from hpe_studio.ui.playback import Playback
from hpe_studio.ui.problems.following import Problems
from hpe_studio.ui.settings import settings
from hpe_studio.ui.views.feeds import ViewFeeds

if TYPE_CHECKING:
    from hpe_studio.body import Body
    from hpe_studio.core.document import Document
    from hpe_studio.media.footage import Footage
    from hpe_studio.media.loader import FrameLoader, Picture
    from hpe_studio.posing.posed import Poser
    from hpe_studio.storage.project import Project


class Session:
    """What the panels of a window read, and the few verbs they share.

    Args:
        project: The open project; closed with the session.
        footage: Its clip's footage, or None where there is none at hand.
        poser: Poses of its persons.
        jobs: Where long work runs.
        notices: Where sentences for people go.
    """

    def __init__(
        self,
        project: Project,
        *,
        footage: Footage | None,
        poser: Poser,
        jobs: JobRunner,
        notices: Notices,
    ) -> None:
        self.project = project
        self.document = project.document
        self.footage = footage
        self.poser = poser
        self.jobs = jobs
        self.notices = notices
        self.requests = Requests()
        self.view = ViewState(self.document.clip)
        self.view.frame = _first_frame(self.document)
        self.view.shown_view = main_view(self.document)
        self.view.layers_changed.connect(self._on_layers_changed)
        self.document.changed.connect(self._watch_ignored)
        self._watch_ignored()
        self.bridge = Bridge(self.document, self.view)
        self.bridge.document_changed.connect(self._on_document_changed)
        self.playback = Playback(self.view, self.document.clip.times_s)
        self.playback.is_looping = settings().read("play.loop", True)
        self._level: tuple[Body, LevelOfDetail] | None = None
        self.copied_key: Key | None = None
        self.copied_pose: CopiedPose | None = None
        self.loader: FrameLoader | None = None
        self.finds = Finds()
        self.problems = Problems(self)
        self.comparing = Comparing(self)
        self._laid_aside: Footage | None = None
        self.feeds = ViewFeeds(self)
        if footage is not None:
            self._load_from(footage)
        self.keeper = FootageKeeper(self)

    def close(self) -> None:
        """Stop playing, loading and jobs; write what is left; give the files back."""
        self.playback.stop()
        self.problems.close()
        self.comparing.close()
        self.keeper.close()
        self.jobs.close()
        self.feeds.close()
        if self.loader is not None:
            self.loader.close()
        for footage in (self.footage, self._laid_aside):
            if footage is not None:
                footage.close()
        self.document.changed.disconnect(self._watch_ignored)
        self.bridge.close()
        self.poser.close()
        self.project.close()

    # Reading -----------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name of the clip, else of the project."""
        path = self.document.clip.path
        return path.stem if path is not None else self.project.path.stem

    @property
    def persons(self) -> tuple[Person, ...]:
        """All persons in a steady order."""
        return tuple(p for _, p in sorted(self.document.persons.items()))

    def letter_of(self, person_id: int) -> str:
        """The letter that stands beside a person's colour."""
        order = sorted(self.document.persons)
        return person_letter(order.index(person_id)) if person_id in order else "?"

    @property
    def active_person(self) -> Person | None:
        """The selected person, the last one of several."""
        active = self.view.selection.active
        return None if active is None else self.document.persons.get(active)

    @property
    def active_track(self) -> Track | None:
        """The selected person's track on the frame shown."""
        active = self.view.selection.active
        if active is None:
            return None
        return self.document.track_at(active, self.view.frame)

    @property
    def camera(self) -> Camera:
        """The camera of the view that is shown, on the frame shown."""
        return self.document.camera_at(self.view.frame, self.view.shown_view)

    @property
    def shown_clip(self) -> Clip:
        """Footage of the view that is shown; frames are those of the clip."""
        return self.document.view_clip(self.view.shown_view)

    def eye(self, view: int | None = None) -> Eye:
        """How a view sees the frame shown; the one that is shown when None."""
        number = self.view.shown_view if view is None else view
        return eye_of(self.document, self.view.frame, number)

    @property
    def level_from_scene(self) -> FloatArray:
        """Rigid transform of the shot shown to its levelled floor, shape (3, 4)."""
        return self.document.shot_at(self.view.frame).level_from_scene

    def to_level(self, points_scene_m: FloatArray) -> FloatArray:
        """Scene points, shape (..., 3), in the levelled space that is drawn in 3D."""
        level = self.level_from_scene
        if np.array_equal(level, np.eye(3, 4)):
            return points_scene_m
        return (points_scene_m @ level[:, :3].T + level[:, 3]).astype(
            points_scene_m.dtype
        )

    @property
    def frame_in_shot(self) -> int:
        """The frame shown, counted from its shot's start."""
        return self.view.frame - self.document.shot_at(self.view.frame).start

    @property
    def light_level(self) -> LevelOfDetail:
        """The coarse mesh that stands in while anything moves."""
        body, light = self.poser.body, self.poser.light_body
        if self._level is None or self._level[0] is not light:
            level = level_between(
                body.v_template, light.v_template, light.faces, faces=body.faces
            )
            self._level = (light, level)
        return self._level[1]

    def height_m(self, person: Person) -> float:
        """How tall a person's body is, standing straight."""
        shaped = self.poser.body.shaped(np.asarray(person.betas), scale=person.scale)
        return float(np.ptp(shaped.vertices_m[:, 1])) * person.scale

    # Doing --------------------------------------------------------------------

    def select(self, person_id: int | None, joint: int | None = None) -> None:
        """Select a person and perhaps a joint everywhere, or nothing."""
        persons = () if person_id is None else (person_id,)
        self.view.selection = Selection(persons=persons, joint=joint)

    def pick(self, person_id: int, joint: int | None, *, is_adding: bool) -> None:
        """Select what was clicked, beside the others selected or in their place."""
        others = self.view.selection.persons if is_adding else ()
        persons = tuple(p for p in others if p != person_id)
        self.view.selection = Selection(persons=(*persons, person_id), joint=joint)

    def perform(self, label: str, write: Callable[[Edit], object]) -> bool:
        """Do something as one undoable step; False (and a toast) where it is refused.

        Args:
            label: Name of the step.
            write: Writes into the open edit.
        """
        if self.document.is_editing:
            self.notices.inform("Finish or cancel the drag first")
            return False
        try:
            with self.document.edit(label) as edit:
                write(edit)
        except StudioError as error:
            self.notices.complain(error)
            return False
        return True

    def attach_footage(self, footage: Footage) -> None:
        """Show the clip's footage, which was not at hand before."""
        assert self.footage is None, "the clip has its footage"
        if self._laid_aside is not None:
            self._laid_aside.close()
            self._laid_aside = None
        self._load_from(footage)
        self.requests.footage_attached.emit()

    def detach_footage(self) -> None:
        """Go on without the footage, which is not at hand any more."""
        footage, loader = self.footage, self.loader
        if footage is None or loader is None:
            return
        self.playback.stop()
        self.footage, self.loader = None, None
        self._laid_aside = footage  # jobs may still read it
        # A share that is gone answers late: nobody waits for its last picture.
        threading.Thread(target=loader.close, name="last picture", daemon=True).start()
        self.bridge.on_picture(black_picture(footage, self.view.frame))
        self.requests.footage_lost.emit()

    def save_copy(self, path: Path) -> bool:
        """Write a complete copy of the project; a toast says how it went."""
        try:
            self.project.save_copy(path)
        except StudioError as error:
            self.notices.complain(error)
            return False
        self.notices.say(f"Copied to {path.name}")
        return True

    def undo(self) -> None:
        """Take the last step back."""
        self._travel(self.document.undo)

    def redo(self) -> None:
        """Do the last undone step again."""
        self._travel(self.document.redo)

    def _load_from(self, footage: Footage) -> None:
        from hpe_studio.media.loader import FrameLoader

        self.footage = footage
        cache_bytes = max(64, settings().read("files.cache_mb", 384)) << 20
        self.loader = FrameLoader(
            footage, self.bridge.on_picture, cache_bytes=cache_bytes
        )

    def _watch_ignored(self, _change: object = None) -> None:
        persons = self.document.persons.values()
        self.view.ignored_persons = frozenset(p.id for p in persons if p.ignored)
        if self.view.shown_view not in (0, *self.document.views):
            self.view.shown_view = 0

    def _on_layers_changed(self, layers: Layers) -> None:
        self.poser.is_before = layers.before

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.any_of("settings") or touched.any_of("takes"):
            body, warning = body_for(self.document)
            if body is not self.poser.body:
                self.poser.body = body
            if warning:
                self.notices.inform(warning)

    def _travel(self, move: Callable[[], str | None]) -> None:
        if self.document.is_editing:
            return
        try:
            move()
        except StudioError as error:
            self.notices.complain(error)
        kept = tuple(
            p for p in self.view.selection.persons if p in self.document.persons
        )
        if kept != self.view.selection.persons:
            self.view.selection = Selection(persons=kept)


def _first_frame(document: Document) -> int:
    """Where one looks first: results without a clip may begin late."""
    starts = [track.start for track in document.tracks.values()]
    return min(starts, default=0) if document.clip.kind == "none" else 0


def black_picture(footage: Footage, frame: int) -> Picture:
    """What stands for a frame that cannot be had."""
    from hpe_studio.media.loader import Picture

    width, height = footage.size_px
    rgb = read_only(np.zeros((height, width, 3), np.uint8))
    return Picture(frame=frame, rgb=rgb, missing=True)


def body_for(document: Document) -> tuple[Body, str]:
    """The body that shows every track, and a sentence where another one stands in.

    The shipped body has as many joints as the richest track.
    """
    from hpe_studio.workflow import bodies

    body, warning = bodies.body_of(document)
    if document.setting("body", bodies.OPEN) != bodies.OPEN:
        return body, warning
    names = {track.skeleton for track in document.tracks.values()}
    counts = {skeleton(name).joint_count for name in names}
    return open_body(max(counts, default=body.joint_count)), warning
