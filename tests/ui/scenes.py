"""A clip and a project painted for photographs; nobody's footage is in it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from hpe_studio.body import open_body
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people, pose
from hpe_studio.media import open_footage
from hpe_studio.posing.posed import Poser
from hpe_studio.storage.project import create_project

SIZE_PX, FRAMES, CUT = (960, 540), 96, 60
_PLACES_M = ((-1.0, 0.12, -4.2), (0.15, 0.12, -5.2), (1.2, 0.12, -4.4))
_SKIN, _CLOTH = (118, 140, 176), ((92, 78, 62), (66, 84, 74), (78, 62, 88))


def make_scene(folder: Path) -> Path:
    """Three people who wave in front of a wall, two shots, keys and all sources."""
    blank = folder / "blank"
    blank.mkdir(parents=True)
    for frame in range(FRAMES):
        picture = np.zeros((SIZE_PX[1], SIZE_PX[0], 3), np.uint8)
        assert cv2.imwrite(str(blank / f"{frame:04d}.jpg"), picture)
    drawn = _joints_px(_project(blank, folder / "blank.hpes"))
    clip = folder / "stage"
    clip.mkdir()
    for frame in range(FRAMES):
        picture = _painted(frame, drawn)
        assert cv2.imwrite(str(clip / f"{frame:04d}.jpg"), picture)
    return _project(clip, folder / "stage.hpes")


def _project(images: Path, path: Path) -> Path:
    footage = open_footage(images, fps=Fraction(25))
    made = create_project(path, footage.clip)
    with made.document.edit("Estimate people") as edit:
        _fill(edit, made.document)
    track = made.document.track_at(min(made.document.persons), 20)
    assert track is not None
    with made.document.edit("Insert keys") as edit:
        for frame in (14, 32):
            pose.insert_key(edit, made.document, track, frame=frame, joints=(16, 18))
    made.close()
    footage.close()
    return path


def _fill(edit: Edit, document: Document) -> None:
    for start, stop in ((0, CUT), (CUT, FRAMES)):
        edit.put(Shot(id=document.new_id(), start=start, stop=stop))
    take = Take(id=document.new_id(), name="Painted", origin="test")
    edit.put(take)
    for number, place_m in enumerate(_PLACES_M):
        person = people.add_person(edit, document)
        for start, stop in ((0, CUT), (CUT, FRAMES)):
            estimate = Estimate(
                id=document.new_id(),
                take_id=take.id,
                start=start,
                stop=stop,
                skeleton="smpl24",
            )
            rad, root_m = _motion(number, start, stop), _roots(place_m, start, stop)
            arrays = {"joints_rad": rad, "root_scene_m": root_m}
            edit.add_estimate(estimate, arrays)
            track = Track(
                id=document.new_id(),
                person_id=person.id,
                start=start,
                stop=stop,
                skeleton="smpl24",
                estimate_id=estimate.id,
            )
            source = _sources(number, start, stop)
            base = {"base_rad": rad, "base_root_m": root_m, "base_source": source}
            edit.add_track(track, base)


def _motion(number: int, start: int, stop: int) -> np.ndarray:
    time = np.arange(start, stop) / 7 + number
    rad = np.zeros((stop - start, 24, 3))
    rad[:, 0, 1] = 0.5 - 0.5 * number
    rad[:, 16, 2] = -0.9 + 0.5 * np.sin(time)
    rad[:, 17, 2] = 0.9 - 0.4 * np.cos(time)
    rad[:, 18, 1] = -0.8
    rad[:, 19, 1] = 0.9 + 0.3 * np.sin(time)
    rad[:, 1, 0] = -0.25 * np.sin(time)
    rad[:, 2, 0] = 0.25 * np.sin(time)
    return rad


def _roots(place_m: tuple[float, float, float], start: int, stop: int) -> np.ndarray:
    return np.tile(place_m, (stop - start, 1))


def _sources(number: int, start: int, stop: int) -> np.ndarray:
    source = np.full((stop - start, 24), Source.ESTIMATED)
    for first, last, kind in (
        (8 + 6 * number, 24 + 6 * number, Source.FILTERED),
        (40, 52 - 4 * number, Source.FILLED),
        (70 + 4 * number, 84, Source.IMPORTED),
    ):
        source[max(first - start, 0) : max(last - start, 0)] = kind
    return source


def _joints_px(path: Path) -> list[list[np.ndarray]]:
    """Joints in the picture by person and frame, each of shape (24, 2)."""
    from hpe_studio.storage.project import open_project

    project = open_project(path)
    poser = Poser(project.document, open_body())
    found = []
    for person_id in sorted(project.document.persons):
        frames = []
        for frame in range(FRAMES):
            posed = poser.pose_at(person_id, frame)
            assert posed is not None
            camera = project.document.camera_at(frame)
            frames.append(camera.project(posed.joints_scene_m))
        found.append(frames)
    poser.close()
    project.close()
    return found


def _painted(frame: int, people_px: list[list[np.ndarray]]) -> np.ndarray:
    width, height = SIZE_PX
    down, across = np.mgrid[0:height, 0:width] / (height, width)[0]
    wall = 150 - 60 * down + 14 * np.sin(across * 3)
    picture = np.stack([wall * 0.96, wall, wall * 1.02], 2)
    picture[int(height * 0.72) :] *= 0.62
    if frame >= CUT:
        picture *= (0.8, 0.9, 1.05)
    picture = picture.clip(0, 255).astype(np.uint8)
    for x in range(60, width, 190):
        cv2.rectangle(picture, (x, 60), (x + 110, 220), (176, 172, 168), -1)
        cv2.rectangle(picture, (x, 60), (x + 110, 220), (110, 108, 104), 3)
    bones = skeleton("smpl24").parents
    for number, frames in enumerate(people_px):
        points = np.round(frames[frame]).astype(int)
        for joint, parent in enumerate(bones):
            if parent >= 0:
                ink = _CLOTH[number] if joint < 15 else _SKIN
                start, end = points[parent].tolist(), points[joint].tolist()
                cv2.line(picture, start, end, ink, 22, cv2.LINE_AA)
        cv2.circle(picture, points[15].tolist(), 24, _SKIN, -1, cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (5, 5), 0)
