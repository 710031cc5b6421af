"""Made sequences with exact truth: pictures, calibration and joints as Panoptic's.

People of the open body, dressed, move as real motion files say, before cameras that
are known exactly. Whatever reads CMU Panoptic reads the folder; what an estimator finds
in the pictures can be compared with the truth beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.body.skinning import skin
from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.formats.calibration_panoptic import write_cameras
from hpe_studio.formats.panoptic_write import FOLDER, body_text
from hpe_studio.media.writing import movie_writer
from hpe_studio.motion.point_fitting import fitted_points_m
from hpe_studio.workflow.synth_scene import Actor, actors_of, cameras_of

PANOPTIC_FPS = Fraction(30000, 1001)
_MOST_PEOPLE, _MOST_CAMERAS = 12, 31
_POST = (0.47, 0.60)
_POST_RGB = (70, 74, 82)


@dataclass(frozen=True, kw_only=True, slots=True)
class SynthOptions:
    """What is made.

    Attributes:
        motions: Motion files that people move by, taken in turn.
        people: How many people.
        cameras: How many cameras.
        frames: How many frames at most; None for all of the shortest motion.
        size_px: Width and height of the pictures, even numbers.
        fps: Frame rate, exact.
        truncated: Every second camera stands so near that people are cut off.
        occluded: A post stands before every camera and hides who passes behind it.
        seed: Of the bodies' shapes.
    """

    motions: tuple[Path, ...]
    people: int = 2
    cameras: int = 4
    frames: int | None = None
    size_px: tuple[int, int] = (1280, 720)
    fps: Fraction = PANOPTIC_FPS
    truncated: bool = False
    occluded: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.motions:
            raise StudioError("no motion was given", fix="name a .bvh file")
        if not 1 <= self.people <= _MOST_PEOPLE:
            raise StudioError(f"people are 1 to {_MOST_PEOPLE}")
        if not 1 <= self.cameras <= _MOST_CAMERAS:
            raise StudioError(f"cameras are 1 to {_MOST_CAMERAS}")
        if self.frames is not None and self.frames < 1:
            raise StudioError("at least one frame is made")
        if min(self.size_px) < 64 or any(side % 2 for side in self.size_px):
            raise StudioError("sides are even and at least 64 px")


@dataclass(frozen=True, kw_only=True, slots=True)
class Synth:
    """What was made.

    Attributes:
        folder: The sequence.
        movies: One per camera.
        frames: How many frames.
    """

    folder: Path
    movies: tuple[Path, ...]
    frames: int


def synth_job(folder: Path, options: SynthOptions) -> Job[Synth]:
    """Make a sequence in a folder that is new or empty.

    Raises:
        StudioError: If the folder holds something, a motion cannot be read, or there is
            no room.
    """
    if folder.exists() and any(folder.iterdir()):
        raise StudioError("is not empty", path=folder, fix="name a new folder")
    yield Progress(done=0, total=0, text="Reading motion")
    actors = actors_of(
        options.motions, people=options.people, fps=options.fps, seed=options.seed
    )
    count = len(actors[0].joints_rad)
    count = count if options.frames is None else min(count, options.frames)
    cameras = cameras_of(options.cameras, options.size_px, truncated=options.truncated)
    try:
        (folder / FOLDER).mkdir(parents=True)
        (folder / "hdVideos").mkdir()
    except OSError as error:
        raise StudioError(
            f"cannot be made ({error.strerror})", path=folder, fix="choose another"
        ) from None
    write_cameras(
        cameras, folder / f"calibration_{folder.name}.json", source="HPE Studio"
    )
    _write_truth(folder, actors, count, options.fps)
    movies = tuple(folder / "hdVideos" / f"hd_{camera.name}.mp4" for camera in cameras)
    with ExitStack() as stack:
        writers = [
            stack.enter_context(
                movie_writer(path, size_px=options.size_px, fps=options.fps)
            )
            for path in movies
        ]
        for frame, pictures in enumerate(_pictures(actors, cameras, count, options)):
            yield Progress(done=frame, total=count, text="Filming")
            for writer, rgb in zip(writers, pictures, strict=True):
                writer.add(rgb)
    return Synth(folder=folder, movies=movies, frames=count)


def truth_m(actor: Actor) -> FloatArray:
    """Where someone's coco19 joints are, shape (frames, 19, 3), scene metres."""
    model = open_body().joint_model
    return fitted_points_m(
        model,
        model.landmarks["coco19"],
        actor.joints_rad,
        actor.root_scene_m,
        betas=actor.betas,
        scale=actor.scale,
    )


def _write_truth(
    folder: Path, actors: Sequence[Actor], count: int, fps: Fraction
) -> None:
    places_m = [truth_m(actor) for actor in actors]
    sure = np.ones((19, 1))
    rate = f"hd_{float(fps):.2f}".replace(".", "_")
    for frame in range(count):
        bodies: list[tuple[int, FloatArray]] = [
            (number, np.hstack([places[frame], sure]))
            for number, places in enumerate(places_m)
        ]
        text = body_text(bodies, time_ms=1000 * frame / float(fps), rate=rate)
        write_replacing(folder / FOLDER / f"body3DScene_{frame:08d}.json", text)


def _pictures(
    actors: Sequence[Actor],
    cameras: Sequence[CalibratedCamera],
    count: int,
    options: SynthOptions,
) -> Iterator[list[ByteArray]]:
    """Per frame one picture of each camera, shape (height, width, 3)."""
    from hpe_studio.render.clothes import clothes
    from hpe_studio.render.mesh import PersonMesh
    from hpe_studio.render.scene3d import Scene3D
    from hpe_studio.render.theme import theme
    from hpe_studio.render.viewcamera import through_camera
    from hpe_studio.render.viewtransform import fit

    body, size = open_body(), options.size_px
    meshes = [
        PersonMesh(
            id=number,
            vertex_count=body.vertex_count,
            faces=body.faces,
            colour="#808080",
        )
        for number in range(len(actors))
    ]
    views = [through_camera(c.camera, fit(size, size)) for c in cameras]
    scene = Scene3D(theme("light"))
    try:
        scene.set_people(meshes)
        for number in range(len(actors)):
            scene.set_colours(number, clothes(body, number))
        for frame in range(count):
            for number, actor in enumerate(actors):
                posed = skin(
                    body,
                    actor.joints_rad[frame],
                    root_m=actor.root_scene_m[frame],
                    betas=actor.betas,
                    scale=actor.scale,
                )
                scene.set_vertices(number, posed.vertices_m)
            pictures: list[ByteArray] = []
            for view in views:
                scene.set_view(view)
                rgb = scene.render(*size, "moving")[..., :3].copy()
                if options.occluded:
                    left, right = (round(share * size[0]) for share in _POST)
                    rgb[:, left:right] = _POST_RGB
                pictures.append(rgb)
            yield pictures
    finally:
        scene.finalize()
