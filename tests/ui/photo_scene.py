"""A clip and a project for photographs: drawn by our own scene, so nobody's footage."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from hpe_studio.body import open_body
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people, pose
from hpe_studio.media import open_footage
from hpe_studio.posing.posed import Poser
from hpe_studio.render.backdrop import picture_behind
from hpe_studio.render.mesh import PersonMesh
from hpe_studio.render.scene3d import Scene3D
from hpe_studio.render.theme import theme
from hpe_studio.render.viewcamera import through_camera
from hpe_studio.render.viewtransform import fit
from hpe_studio.storage.project import create_project, open_project

SIZE_PX, FRAMES, CUT = (960, 540), 96, 60
_HELD = 6  # so many frames share a picture, which saves time
_FLOOR_M, _HIP_M = -1.12, 0.93
_PLACES_M = ((-0.95, -3.9), (0.25, -5.0), (0.78, -2.5))
_TURNS_RAD = (0.95, 0.0, -0.85)
"""Persons A and C face each other, B the camera; C is cut off by the lower edge."""

_SKIN = ("#B98A6C", "#8A5E44", "#C79A7E")
_TOPS, _TROUSERS = ("#3C4A5C", "#6E4A3A", "#4F5A48"), ("#2C2E36", "#33302C", "#39414C")
_SKIN_JOINTS, _LEG_JOINTS = (12, 15, 20, 21, 22, 23), (0, 1, 2, 4, 5, 7, 8, 10, 11)
_MISSING = range(68, 78)


def make_photo_scene(folder: Path) -> Path:
    """Three people who talk in a room: two shots, keys, every source and a gap."""
    blank = folder / "blank"
    blank.mkdir(parents=True)
    for frame in range(FRAMES):
        picture = np.zeros((SIZE_PX[1], SIZE_PX[0], 3), np.uint8)
        assert cv2.imwrite(str(blank / f"{frame:04d}.jpg"), picture)
    staged = _project(blank, folder / "blank.hpes")
    clip = folder / "stage"
    clip.mkdir()
    for first, picture in zip(range(0, FRAMES, _HELD), _drawn(staged), strict=True):
        for frame in range(first, first + _HELD):
            name = str(clip / f"{frame:04d}.jpg")
            assert cv2.imwrite(name, picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return _project(clip, folder / "stage.hpes", with_gap=True)


# The project -----------------------------------------------------------------------


def _project(images: Path, path: Path, *, with_gap: bool = False) -> Path:
    footage = open_footage(images, fps=Fraction(25))
    made = create_project(path, footage.clip)
    with made.document.edit("Estimate people") as edit:
        _fill(edit, made.document, with_gap=with_gap)
    track = made.document.track_at(min(made.document.persons), 20)
    assert track is not None
    with made.document.edit("Insert keys") as edit:
        for frame in (10, 24, 46):
            pose.insert_key(edit, made.document, track, frame=frame, joints=(16, 18))
    made.close()
    footage.close()
    return path


def _fill(edit: Edit, document: Document, *, with_gap: bool) -> None:
    for start, stop in ((0, CUT), (CUT, FRAMES)):
        edit.put(Shot(id=document.new_id(), start=start, stop=stop))
    take = Take(id=document.new_id(), name="Drawn", origin="test")
    edit.put(take)
    noise = np.random.default_rng(7)
    for number in range(len(_PLACES_M)):
        person = people.add_person(edit, document)
        for start, stop in ((0, CUT), (CUT, FRAMES)):
            rad, root_m = _motion(number, start, stop)
            source = _sources(number, start, stop)
            if with_gap:
                gone = (source == Source.MISSING).all(axis=1)
                rad[gone], root_m[gone] = np.nan, np.nan
            estimate = Estimate(
                id=document.new_id(),
                take_id=take.id,
                start=start,
                stop=stop,
                skeleton="smpl24",
            )
            seen_rad = rad + noise.normal(0, 0.04, rad.shape)
            arrays = {"joints_rad": seen_rad, "root_scene_m": root_m}
            edit.add_estimate(estimate, arrays)
            track = Track(
                id=document.new_id(),
                person_id=person.id,
                start=start,
                stop=stop,
                skeleton="smpl24",
                estimate_id=estimate.id,
            )
            base = {"base_rad": rad, "base_root_m": root_m, "base_source": source}
            edit.add_track(track, base)


def _motion(number: int, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Joints, shape (frames, 24, 3), and pelvis, shape (frames, 3), of a talk."""
    time = np.arange(start, stop) / 9 + 1.7 * number
    rad = np.zeros((stop - start, 24, 3))
    rad[:, 0, 1] = _TURNS_RAD[number] + 0.06 * np.sin(0.5 * time)
    rad[:, 3, 0] = 0.06
    rad[:, 15, 1] = 0.15 * np.sin(0.7 * time)
    rad[:, 16, 2], rad[:, 17, 2] = -1.12, 1.12
    rad[:, 16, 1], rad[:, 17, 1] = -0.35, 0.35
    lively = 0.45 if number != 1 else 0.12
    rad[:, 18, 1] = -1.0 + 0.8 * lively * np.sin(time)
    rad[:, 19, 1] = 0.85 + lively * np.cos(1.3 * time)
    rad[:, 1, 2], rad[:, 2, 2] = 0.07, -0.07
    rad[:, 1, 0], rad[:, 4, 0] = -0.1, 0.16
    x_m, z_m = _PLACES_M[number]
    root_m = np.tile((x_m, _FLOOR_M + _HIP_M, z_m), (stop - start, 1))
    root_m[:, 0] += 0.02 * np.sin(0.5 * time)
    return rad, root_m


def _sources(number: int, start: int, stop: int) -> np.ndarray:
    source = np.full((FRAMES, 24), Source.ESTIMATED)
    source[30 + 4 * number : 42 + 4 * number] = Source.FILTERED
    source[14 + 12 * number : 22 + 12 * number] = Source.FILLED
    if number == 1:
        source[CUT:] = Source.IMPORTED
    if number == 2:
        source[_MISSING.start : _MISSING.stop] = Source.MISSING
    return source[start:stop]


# Its footage ---------------------------------------------------------------------


def _drawn(staged: Path) -> list[np.ndarray]:
    """Pictures of the project's people in a room, BGR, one for every held frame."""
    project = open_project(staged)
    document = project.document
    poser = Poser(document, open_body())
    scene = Scene3D(theme("dark"))
    persons = sorted(document.persons)
    _dress(scene, poser, persons)
    place = fit(SIZE_PX, SIZE_PX)
    rooms = {is_second: _room(is_second=is_second) for is_second in (False, True)}
    pictures = []
    for frame in range(0, FRAMES, _HELD):
        camera = document.camera_at(frame)
        scene.set_view(through_camera(camera, place, frame_in_shot=0))
        room = rooms[frame >= CUT].copy()
        for person in persons:
            vertices = poser.vertices_at(person, frame)
            for part in ("skin", "top", "legs"):
                scene.set_vertices((person, part), vertices)
            posed = poser.pose_at(person, frame)
            assert posed is not None
            x_m, z_m = posed.joints_scene_m[0, (0, 2)]
            ground = camera.project(np.array([[x_m, _FLOOR_M, z_m]]))[0]
            _shade(room, ground, 560 / -z_m)
        scene.set_backdrop(picture_behind(room, camera, place, ratio=1, strength=1))
        seen = scene.render(*SIZE_PX, "still")[..., :3]
        grain = cv2.GaussianBlur(seen, (3, 3), 0)
        pictures.append(cv2.cvtColor(grain, cv2.COLOR_RGB2BGR))
    scene.finalize()
    poser.close()
    project.close()
    return pictures


def _dress(scene: Scene3D, poser: Poser, persons: list[int]) -> None:
    """Head and hands, top, and legs of everyone in colours of their own."""
    body, faces = poser.body, np.asarray(poser.faces())
    main = body.weights.dense(body.joint_count).argmax(axis=1)[faces[:, 0]]
    is_skin, is_leg = np.isin(main, _SKIN_JOINTS), np.isin(main, _LEG_JOINTS)
    shares = {"skin": is_skin, "legs": is_leg, "top": ~(is_skin | is_leg)}
    inks = {"skin": _SKIN, "legs": _TROUSERS, "top": _TOPS}
    scene.set_people(
        [
            PersonMesh(
                id=(person, part),
                vertex_count=body.vertex_count,
                faces=faces[share],
                colour=inks[part][number],
            )
            for number, person in enumerate(persons)
            for part, share in shares.items()
        ]
    )


def _room(*, is_second: bool) -> np.ndarray:
    """Wall, window and boards, RGB; the second shot is cooler and seen from aside."""
    width, height = SIZE_PX
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    horizon, middle = 300.0, 300.0 if is_second else 520.0
    light = 1.08 - 0.00075 * np.hypot(across - middle, 1.4 * (down - 150))
    wall = np.array([196, 190, 178], np.float32) * light[..., None]
    depth = np.maximum(down - horizon, 1) / (height - horizon)
    boards = (across - width / 2) / (0.35 + depth)
    seam = 1 - 0.16 * (np.abs(np.mod(boards, 90) - 45) > 43.5)
    floor = (
        np.array([142, 112, 84], np.float32) * (0.72 + 0.34 * depth * seam)[..., None]
    )
    picture = np.where((down < horizon)[..., None], wall, floor)
    picture[int(horizon) - 9 : int(horizon)] *= 0.86  # skirting
    for x in (110, 640) if is_second else (90, 330, 700):
        cv2.rectangle(picture, (x, 44), (x + 170, 206), (112, 104, 96), -1)
        cv2.rectangle(picture, (x + 6, 50), (x + 164, 200), (206, 220, 232), -1)
        cv2.line(picture, (x + 85, 50), (x + 85, 200), (112, 104, 96), 5)
    if is_second:
        picture *= (0.84, 0.93, 1.04)
    soft = cv2.GaussianBlur(picture, (0, 0), 2.2)  # it lies out of focus
    return np.ascontiguousarray(soft.clip(0, 255).astype(np.uint8))


def _shade(room: np.ndarray, at_px: np.ndarray, reach_px: float) -> None:
    """A soft shadow under somebody's feet."""
    down, across = np.mgrid[0 : room.shape[0], 0 : room.shape[1]].astype(np.float32)
    x, y = (float(v) for v in at_px)
    far = np.hypot((across - x) / reach_px, (down - y) / (0.28 * reach_px))
    room[...] = (room * (1 - 0.5 * np.exp(-4 * far**2))[..., None]).astype(np.uint8)
