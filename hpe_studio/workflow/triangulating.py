"""People seen by several calibrated cameras at once: found in each, joined in space.

In every view the estimator finds people; at each time those whose rays meet are one
person; their landmarks are triangulated, without views that disagree; over time the
nearest is the same person. A body is then fitted to the points, as to any others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.jobs import Job, Progress, run_job, scaled
from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.person import Person
from hpe_studio.core.view import View
from hpe_studio.media.footage import Footage
from hpe_studio.workflow.apply_import import apply_import
from hpe_studio.workflow.estimate import EstimateOptions
from hpe_studio.workflow.estimating import ProgressCallback
from hpe_studio.workflow.find_people import RunPlan, detect_in_shot, plan_run
from hpe_studio.workflow.importing import Imported, Onto, import_job, onto
from hpe_studio.workflow.joined_views import PersonJoined, joined_over_time
from hpe_studio.workflow.opening import Opened
from hpe_studio.workflow.views import open_view

_GATE_SHARE = 0.02
"""A view disagrees where it is off by more than this share of the longer side."""

_FOUND_SHARE, _JOINED_SHARE = 0.8, 0.05


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CalibratedView:
    """A view that takes part.

    Attributes:
        number: In the document; 0 is the clip.
        name: What people call it.
        clip: Its footage.
        camera: Calibrated lens and place in the scene.
        view: Where it lies in the document; None for the clip itself.
    """

    number: int
    name: str
    clip: Clip
    camera: Camera
    view: View | None

    def frame_at(self, frame: int, clip: Clip) -> int | None:
        """This view's picture at a frame of the document's clip, or None."""
        return frame if self.view is None else self.view.frame_at(frame, clip)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Triangulation:
    """What came out, not in a document yet.

    Attributes:
        people: Everybody who was joined.
        imported: Their bodies.
        reprojection_px: Median over all that was surely seen of everybody, pixels.
        views: Names of the views that took part.
    """

    people: tuple[PersonJoined, ...]
    imported: Imported
    reprojection_px: float
    views: tuple[str, ...]


def calibrated_views(document: Document) -> tuple[CalibratedView, ...]:
    """The views of a document whose cameras are known, the clip first.

    Raises:
        StudioError: If there are fewer than two.
    """
    shot = document.shot_at(0)
    cameras = document.table("cameras")
    everything = [(0, document.clip, None)]
    everything += [(v.number, v.clip, v) for v in document.views.values()]
    found = tuple(
        CalibratedView(
            number=number,
            name=document.view_name(number),
            clip=clip,
            camera=cameras[shot.id, number].camera,
            view=view,
        )
        for number, clip, view in everything
        if (shot.id, number) in cameras
        and cameras[shot.id, number].camera.source == "calibration"
    )
    if len(found) < 2:
        raise StudioError(
            "fewer than two views are calibrated", fix="add views with a calibration"
        )
    return found


def triangulate_job(
    document_clip: Clip,
    views: Sequence[CalibratedView],
    goal: Onto,
    *,
    project_path: Path,
    options: EstimateOptions,
) -> Job[Triangulation]:
    """Find, join and fit everybody; nothing is written.

    Args:
        document_clip: The clip whose frames count.
        views: Who takes part (`calibrated_views`).
        goal: What bodies are fitted for.
        project_path: Where footage is looked for that moved along.
        options: The estimator and the frames of the clip.

    Raises:
        StudioError: If footage is missing, or nobody is seen by two views.
    """
    first, last = options.frames or (0, document_clip.frame_count)
    frames = range(max(0, first), min(last, document_clip.frame_count))
    found, name = yield from scaled(
        _detected_in_all(views, document_clip, frames, project_path, options),
        start=0.0,
        share=_FOUND_SHARE,
    )
    yield Progress(done=_FOUND_SHARE, total=1.0, text="Joining views")
    people = joined_over_time(
        [view.camera for view in views],
        found,
        frames,
        name,
        gate_px=_GATE_SHARE * max(max(view.clip.size_px) for view in views),
    )
    if not people:
        raise StudioError(
            "nobody is seen by two views at a time",
            fix="check the calibration and that the films are synchronous",
        )
    motion = MotionFile(
        fps=document_clip.fps,
        frame_count=document_clip.frame_count,
        people=(),
        points=tuple(person.points for person in people),
        size_px=document_clip.size_px,
        provenance={"format": "triangulation"},
    )
    start = _FOUND_SHARE + _JOINED_SHARE
    imported = yield from scaled(
        import_job(motion, goal), start=start, share=1.0 - start
    )
    return Triangulation(
        people=people,
        imported=imported,
        reprojection_px=float(np.median(np.concatenate([p.errors_px for p in people]))),
        views=tuple(view.name for view in views),
    )


def apply_triangulation(document: Document, found: Triangulation) -> tuple[Person, ...]:
    """Put everybody into the document as a take, as one edit."""
    name = f"Triangulated from {len(found.views)} views"
    return apply_import(document, found.imported, name=name)


def triangulate_into(
    opened: Opened,
    options: EstimateOptions,
    *,
    on_progress: ProgressCallback | None = None,
) -> Triangulation:
    """Triangulate the people of an open project in this thread and add them as a take.

    A project that was made for it goes again where that fails.

    Raises:
        StudioError: As `calibrated_views` and `triangulate_job`.
    """
    document, path, is_done = opened.project.document, opened.project.path, False
    try:
        job = triangulate_job(
            document.clip,
            calibrated_views(document),
            onto(document),
            project_path=path,
            options=options,
        )
        found = run_job(job, on_progress=on_progress)
        apply_triangulation(document, found)
        is_done = True
    finally:
        if not is_done:
            opened.close()
            if opened.is_new:
                path.unlink(missing_ok=True)
    return found


def _detected_in_all(
    views: Sequence[CalibratedView],
    clip: Clip,
    frames: range,
    project_path: Path,
    options: EstimateOptions,
) -> Job[tuple[list[Mapping[int, FrameDetections]], str]]:
    """People by view and frame of the document's clip, and their landmark set.

    A stopped run goes on where it was; what was kept for that goes when all is done.
    """
    found: list[Mapping[int, FrameDetections]] = []
    plans: list[RunPlan] = []
    name, is_done = "", False
    try:
        for number, view in enumerate(views):
            own = {frame: view.frame_at(frame, clip) for frame in frames}
            wanted = [frame for frame in own.values() if frame is not None]
            if not wanted:
                found.append({})
                continue
            plans.append(plan_run(options, view.clip))
            name = plans[-1].landmark_set
            shot = (min(wanted), max(wanted) + 1)
            by_frame = yield from scaled(
                _detected(view, plans[-1], shot, project_path),
                start=number / len(views),
                share=1 / len(views),
            )
            found.append(
                {
                    f: by_frame[o]
                    for f, o in own.items()
                    if o is not None and o in by_frame
                }
            )
        is_done = True
    finally:
        for plan in plans:
            plan.store.close(discard=is_done)
    return found, name


def _detected(
    view: CalibratedView, plan: RunPlan, shot: tuple[int, int], project_path: Path
) -> Job[Mapping[int, FrameDetections]]:
    footage = _footage(view, project_path)
    try:
        detections, _ = yield from detect_in_shot(footage, plan, shot)
    finally:
        footage.close()
    return {found.frame: found for found in detections}


def _footage(view: CalibratedView, project_path: Path) -> Footage:
    placed = view.view or View(number=1, name=view.name, clip=view.clip)
    return open_view(placed, project_path)
