"""Small projects, clips and motion files with known content."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.core.clip import Clip, clip_without_footage
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.media import open_footage
from hpe_studio.storage.project import create_project
from hpe_studio.workflow.importing import import_motion
from tests.clips import write_movie

FRAMES = 40


def movie(folder: Path, name: str = "clip.mp4", frames: int = FRAMES) -> Path:
    """A short movie of numbered pictures; the same bytes on every call."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_movie(folder / name, "libx264", frames=frames, size=(64, 48))


def person(
    name: str = "Ravi", *, frames: int = FRAMES, seed: int = 0, start: int = 0
) -> PersonMotion:
    """Somebody on the shipped body who waves all joints while walking along."""
    rng = np.random.default_rng(seed)
    model = open_body().joint_model
    betas = rng.uniform(-1, 1, model.beta_count)
    swing = np.sin(np.linspace(0, 6, frames))[:, None, None]
    place = np.array([0.1 * seed, 0.1, -4.0]) + np.linspace(0, 1, frames)[:, None]
    return PersonMotion(
        name=name,
        skeleton=model.skeleton,
        rest_joints_m=model.rest_joints_m(betas, scale=1.02),
        start=start,
        joints_rad=swing * rng.normal(0, 0.4, (model.skeleton.joint_count, 3)),
        root_scene_m=place,
        betas=betas,
        scale=1.02,
        person_id=name,
    )


def motion(*people: PersonMotion, fps: Fraction = Fraction(25)) -> MotionFile:
    """A file's content with those people."""
    last = max((p.start + len(p.joints_rad) for p in people), default=FRAMES)
    return MotionFile(fps=fps, frame_count=last, people=people)


def project(path: Path, *people: PersonMotion, clip: Clip | Path | None = None) -> Path:
    """A project of those people, over a movie where one is given."""
    if isinstance(clip, Path):
        footage = open_footage(clip)
        clip = footage.clip
        footage.close()
    if clip is None:
        last = max((p.start + len(p.joints_rad) for p in people), default=FRAMES)
        clip = clip_without_footage(frame_count=last, fps=Fraction(25))
    made = create_project(path, clip)
    if people:
        import_motion(made.document, motion(*people), name="made")
    made.close()
    return path


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def share_models(home: Path) -> None:
    """Let a data folder of a test's own have the fetched model files."""
    from hpe_studio.assets import models_folder

    home.mkdir(parents=True, exist_ok=True)
    shutil.copytree(models_folder(), home / "models", copy_function=_linked)


def _linked(source: str, goal: str) -> str:
    Path(goal).symlink_to(source)
    return goal
