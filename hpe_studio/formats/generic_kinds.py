"""What an array of an unknown file is: points, rotations, or neither."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.pointsets import SETS, known_set
from hpe_studio.core.skeleton import LandmarkSet
from hpe_studio.formats.guessing import edge_cost
from hpe_studio.formats.rotation_orders import are_six

What = Literal["points", "pixels", "rotvecs", "matrices", "quaternions", "sixes"]

ROTATING = (21, 22, 23, 24, 52, 55)
"""Numbers of joints that rotations of the SMPL family come in."""

_ROTATION_WORD = re.compile(r"pose(?!s?_?(?:3d|2d|xyz))|theta|rot|orient|aa$|axis|quat")
_POINT_WORD = re.compile(
    r"joint|j3d|kp|keypoint|point|pos(?!e)|xyz|coord|skel|3d|2d|mark"
)
_PLACE_WORD = re.compile(r"trans|root|vert|cam|bbox|box|beta|shape|center|centre|scale")
_ROOT_WORD = re.compile(r"global_?orient|root_?orient|root_?pose|root_?rot|^rh$")
_SIX_WORD = re.compile(r"6_?d(?!\d)|rot_?6|ortho_?6|sixd")
_FEWEST_POINTS, _MOST_POINTS = 5, 400
_UNIT_TOLERANCE = 1e-2


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """What an array is.

    Attributes:
        what: Points in space, points in a picture, or rotations of some form.
        count: Points or joints.
        axes: Axes of the array in front of those of one person on one frame: 0 for one
            frame, 1 for frames (or people), 2 for both.
        has_confidence: The last number of a point is its confidence.
        is_flat: Points or joints and their numbers are one axis.
    """

    what: What
    count: int
    axes: int
    has_confidence: bool = False
    is_flat: bool = False

    @property
    def is_rotation(self) -> bool:
        """Whether it says rotations."""
        return self.what in ("rotvecs", "matrices", "quaternions", "sixes")

    @property
    def text(self) -> str:
        """For people: "points of 17"."""
        words = {
            "points": "points", "pixels": "points in the picture",
            "rotvecs": "rotation vectors", "matrices": "rotation matrices",
            "quaternions": "quaternions", "sixes": "6D rotations",
        }  # fmt: skip
        return f"{words[self.what]} of {self.count}"


def kind_of(key: str, array: FloatArray) -> Kind | None:
    """What an array is by its shape, its numbers and its name; None for neither."""
    name = key.rsplit("/", 1)[-1].lower()
    shape = array.shape
    if not array.size or not np.isfinite(array).any():
        return None
    if _ROOT_WORD.search(name) and len(shape) <= 2:
        return None  # however many frames there are
    found = _matrices(shape, array)
    if found is None and len(shape) >= 2 and shape[-1] in (2, 3, 4):
        found = _rows(name, array)
    if found is None:
        found = _many_numbers(name, array)
    if found is None and shape and shape[-1] > 4:
        found = _flat(name, array)
    return found if found is not None and found.axes <= 2 else None


def sets_of(count: int) -> tuple[str, ...]:
    """Shipped joint sets of that many points, the usual one first."""
    usual = ("h36m17", "smpl24", "body25", "coco17", "hand21")
    ordered = (*usual, *(name for name in SETS if name not in usual))
    return tuple(name for name in ordered if len(known_set(name).names) == count)


def set_of(name: str, count: int) -> LandmarkSet:
    """A shipped set, the first points of SMPL-X's, or points without names."""
    if name:
        return known_set(name)
    if 55 < count < 144:
        whole = known_set("smplx144")
        edges = tuple(e for e in whole.edges if max(e) < count)
        return LandmarkSet(name=f"smplx{count}", names=whole.names[:count], edges=edges)
    names = tuple(f"point_{i}" for i in range(count))
    return LandmarkSet(name=f"points{count}", names=names, edges=())


def _matrices(shape: tuple[int, ...], array: FloatArray) -> Kind | None:
    if len(shape) < 3 or shape[-2:] != (3, 3) or shape[-3] not in ROTATING:
        return None
    some = array.reshape(-1, 3, 3)[:100]
    turned = some @ np.swapaxes(some, 1, 2)
    if not np.allclose(turned[np.isfinite(turned).all((1, 2))], np.eye(3), atol=0.01):
        return None
    return Kind(what="matrices", count=shape[-3], axes=len(shape) - 3)


def _many_numbers(name: str, array: FloatArray) -> Kind | None:
    """Six numbers per joint, and six, nine or four of all joints on one axis."""
    shape = array.shape
    width = shape[-1] if array.ndim else 0
    if len(shape) >= 2 and shape[-1] == 6 and shape[-2] in ROTATING:
        if _SIX_WORD.search(name) or are_six(array):
            return Kind(what="sixes", count=shape[-2], axes=len(shape) - 2)
        return None
    forms: tuple[tuple[int, What], ...] = (
        (9, "matrices"), (6, "sixes"), (4, "quaternions"),
    )  # fmt: skip
    for numbers, what in forms:
        count = width // numbers
        if count not in ROTATING or width % numbers:
            continue
        rows = array.reshape(*shape[:-1], count, numbers)
        if _are_turns(name, rows, what):
            return Kind(what=what, count=count, axes=len(shape) - 1, is_flat=True)
    return None


def _are_turns(name: str, rows: FloatArray, what: What) -> bool:
    """Whether numbers of joints, shape (..., joints, numbers), are rotations."""
    if what == "matrices":
        whole = rows.reshape(*rows.shape[:-1], 3, 3)
        return _matrices(whole.shape, whole) is not None
    if what == "quaternions":
        return _are_unit(rows) and not _POINT_WORD.search(name)
    return bool(_SIX_WORD.search(name)) or are_six(rows)


def _rows(name: str, array: FloatArray) -> Kind | None:
    """Arrays of (..., joints, 2 to 4)."""
    count, width = array.shape[-2:]
    axes = array.ndim - 2
    if not _FEWEST_POINTS <= count <= _MOST_POINTS or _is_no_point(name):
        return None
    rows = array.reshape(-1, count, width)
    what, has_confidence = _what(name, rows)
    return Kind(what=what, count=count, axes=axes, has_confidence=has_confidence)


def _what(name: str, rows: FloatArray) -> tuple[What, bool]:
    """What rows of (joints, 2 to 4) are, and whether confidence stands last."""
    count, width = rows.shape[1:]
    if width == 2:
        return "pixels", False
    if width == 4:
        is_turn = count in ROTATING and _are_unit(rows)
        if is_turn and not _POINT_WORD.search(name):
            return "quaternions", False
        return "points", True
    if _are_shares(rows[..., -1]) and _largest(rows[..., :2]) > 5:
        return "pixels", True
    if count in ROTATING and _are_rotvecs(name, rows):
        return "rotvecs", False
    return "points", False


def _flat(name: str, array: FloatArray) -> Kind | None:
    """Arrays of (..., joints x numbers)."""
    width, axes = array.shape[-1], array.ndim - 1
    is_point = bool(_POINT_WORD.search(name)) and not _ROTATION_WORD.search(name)
    if _is_no_point(name):
        return None
    if width % 3 == 0 and width // 3 in ROTATING and not is_point:
        if _largest(array) > 4 * np.pi:
            is_point = True
        else:
            return Kind(what="rotvecs", count=width // 3, axes=axes, is_flat=True)
    for numbers in (3, 4, 2):
        count = width // numbers
        if width % numbers == 0 and sets_of(count) and is_point:
            rows = array.reshape(-1, count, numbers)
            found = _rows(name, rows)
            if found is not None and not found.is_rotation:
                return Kind(
                    what=found.what,
                    count=count,
                    axes=axes,
                    has_confidence=found.has_confidence,
                    is_flat=True,
                )
    return None


def _is_no_point(name: str) -> bool:
    is_named = _POINT_WORD.search(name) or _ROTATION_WORD.search(name)
    return bool(_PLACE_WORD.search(name)) and not is_named


def _are_unit(rows: FloatArray) -> bool:
    length = np.linalg.norm(rows, axis=-1)
    known = length[np.isfinite(length)]
    return bool(len(known)) and bool((np.abs(known - 1) < _UNIT_TOLERANCE).all())


def _are_shares(values: FloatArray) -> bool:
    known = values[np.isfinite(values)]
    return bool(len(known)) and float(known.min()) >= 0 and float(known.max()) <= 1.001


def _largest(values: FloatArray) -> float:
    return float(np.nanmax(np.abs(values)))


def _are_rotvecs(name: str, rows: FloatArray) -> bool:
    """By name; without a telling one by whether lengths fit bones."""
    if _POINT_WORD.search(name):
        return False
    if _largest(rows) > 2 * np.pi:
        return False
    if _ROTATION_WORD.search(name):
        return True
    count = rows.shape[1]
    named = sets_of(count)
    cost = min((edge_cost(rows, known_set(n)) for n in named), default=1.0)
    return cost > _BODY_COST


_BODY_COST = 0.45
"""Above this no lines of a set look like a body (`guessing.edge_cost`)."""
