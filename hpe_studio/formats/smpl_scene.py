"""Axes, rest joints and the finished motion file, for readers of SMPL results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import Option
from hpe_studio.formats.smpl_options import NOBODY_FIX
from hpe_studio.formats.smpl_results import (
    FROM_Z_UP,
    PersonRows,
    RestJoints,
    mean_betas,
    not_of_this_kind,
    runs_of,
    turned,
)
from hpe_studio.motion.rotations import matrix_from_rotvec

AXES = {"y_up": np.eye(3), "y_down": FLIP_YZ, "z_up": FROM_Z_UP}
"""Turns of a file's axes into the scene's."""

AXES_OPTION = Option(
    name="axes",
    kind="choice",
    default="auto",
    choices=("auto", *AXES),
    help="Which way is up in the file; auto takes the way in which people stand",
)


@dataclass(kw_only=True, slots=True)
class Notes:
    """What a reader wants to tell, collected while it reads."""

    warnings: list[str] = field(default_factory=list[str])
    assumed: list[str] = field(default_factory=list[str])

    def assume(self, *sentences: str) -> None:
        """Say something that was taken for granted, once."""
        for sentence in sentences:
            if sentence not in self.assumed:
                self.assumed.append(sentence)


def upright(root_rad: FloatArray, axes: str, notes: Notes) -> FloatArray:
    """The turn into the scene's axes.

    Args:
        root_rad: Root's rotation vectors of everybody, shape (rows, 3).
        axes: A key of `AXES`, or "auto" to see which way people stand.
        notes: Where a guess is told.
    """
    if axes != "auto":
        return AXES[axes]
    known = root_rad[np.isfinite(root_rad).all(axis=1)]
    up = matrix_from_rotvec(known)[:, :, 1].sum(axis=0) if len(known) else np.zeros(3)
    share = {name: float((turn @ up)[1]) for name, turn in AXES.items()}
    best = max(share, key=lambda name: share[name])
    said = {"y_up": "Y points up", "y_down": "Y points down", "z_up": "Z points up"}
    notes.assume(f"{said[best]} in the file, as people stand")
    return AXES[best]


def person_rows(
    name: str,
    frames: IntArray,
    joints_rad: FloatArray,
    transl_m: FloatArray,
    betas: FloatArray,
    rest: RestJoints,
    *,
    turn: FloatArray,
    body: str,
    person_id: str = "",
    expression: FloatArray | None = None,
) -> PersonRows:
    """A person told by SMPL's parameters, in the scene; the pelvis is transl + J0.

    Args:
        name: The person's name.
        frames: Shape (rows,).
        joints_rad: Shape (rows, joints, 3), the file's axes.
        transl_m: SMPL's `transl`, shape (rows, 3), the file's axes.
        betas: Shape (rows, coefficients) or (1, coefficients).
        rest: Where rest joints come from.
        turn: Rotation into the scene's axes, shape (3, 3).
        body: "smpl", "smplh" or "smplx".
        person_id: The producer's identity.
        expression: Shape (rows, coefficients), or None.
    """
    rest_m = rest.of(betas)
    return PersonRows(
        name=name,
        person_id=person_id,
        frames=frames,
        joints_rad=turned(joints_rad, turn),
        root_scene_m=(transl_m + rest_m[:, 0]) @ turn.T,
        rest_joints_m=np.median(rest_m, axis=0),
        betas=mean_betas(betas),
        body=body,
        expression=expression,
    )


def pose_of(parts: Iterable[FloatArray], joints: int) -> FloatArray:
    """Parts of a pose one behind the other, the joints that lack at rest.

    Args:
        parts: Shapes (rows, some joints, 3), in the skeleton's order.
        joints: 24, 52 or 55.

    Raises:
        ValueError: If there are more joints, or the parts differ in rows.
    """
    given = np.concatenate(list(parts), axis=1)
    if given.shape[1] > joints:
        raise ValueError(f"{given.shape[1]} joints instead of {joints}")
    pose = np.zeros((len(given), joints, 3))
    pose[:, : given.shape[1]] = given
    return pose


def assembled(
    path: Path,
    spec_id: str,
    people: Iterable[PersonRows],
    *,
    rate: Fraction,
    notes: Notes,
    camera: Callable[[int], Camera] | None = None,
    size_px: tuple[int, int] | None = None,
    frame_count: int = 0,
    about: dict[str, Any] | None = None,
) -> MotionFile:
    """The motion file of people in one shot.

    Args:
        path: The file read.
        spec_id: The format's name.
        people: Everybody.
        rate: Frames per second.
        notes: What to tell.
        camera: Makes the camera for a number of frames.
        size_px: Size of the picture.
        frame_count: Least length of the clip.
        about: More of the provenance.

    Raises:
        ValueError, StudioError: If rows do not fit each other, or there is nobody.
    """
    runs = tuple(run for person in people for run in runs_of(person))
    count = max((run.start + len(run.joints_rad) for run in runs), default=0)
    if not count:
        raise StudioError("holds nobody", path=path, fix=NOBODY_FIX)
    count = max(count, frame_count)
    return MotionFile(
        fps=rate,
        frame_count=count,
        people=runs,
        size_px=size_px,
        shots=((0, count),),
        cameras={} if camera is None else {0: camera(count)},
        provenance={"format": spec_id, "file": path.name, **(about or {})},
        warnings=tuple(notes.warnings),
        assumed=tuple(notes.assumed),
    )


def reading(path: Path, producer: str, make: Callable[[], MotionFile]) -> MotionFile:
    """What `make` reads; whatever does not fit ends in one sentence.

    Raises:
        StudioError: If the content is not the producer's.
    """
    try:
        return make()
    except (
        ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError,
    ) as error:  # fmt: skip
        raise not_of_this_kind(path, producer, error) from None


def dictionary(value: Any) -> dict[Any, Any]:
    """The value, if it is a dictionary.

    Raises:
        ValueError: If it is none.
    """
    if not isinstance(value, dict):
        raise ValueError("no dictionary of results")  # noqa: TRY004 - a bad file
    return value  # pyright: ignore[reportUnknownVariableType]
