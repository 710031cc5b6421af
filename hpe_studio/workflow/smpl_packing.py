"""SMPL's original file in the layout that ROMP and BEV load.

Source: simple-romp's `pack_smpl_info.py` and `pack_smil_info.py`, whose results these
are, array for array; the original is read as data, never run.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from hpe_studio.body.landmarks import VERTICES
from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.unpickle import read_pickle

_FIX = "get it anew from smpl.is.tue.mpg.de"
_VERTICES = 6890
_TO_J17 = [6, 5, 4, 1, 2, 3, 16, 15, 14, 11, 12, 13, 8, 10, 0, 7, 9]
_FACE = ("nose", "right_eye", "left_eye", "right_ear", "left_ear")
_FOOT = ("big_toe", "small_toe", "heel")
_TIPS = ("thumb_tip", "index_tip", "middle_tip", "ring_tip", "pinky_tip")
_POINTS = (
    *_FACE,
    *(f"{side}_{name}" for side in ("left", "right") for name in _FOOT),
    *(f"{side}_{name}" for side in ("left", "right") for name in _TIPS),
)
_SHAPES = {
    "v_template": (_VERTICES, 3),
    "weights": (_VERTICES, 24),
    "J_regressor": (24, _VERTICES),
    "kintree_table": (2, 24),
    "posedirs": (_VERTICES, 3, 207),
}


def packed_body(
    path: Path, *, extra: Path, h36m: Path, kid: Path | None = None
) -> dict[str, AnyArray]:
    """The arrays of SMPL_NEUTRAL.pth, SMPLA_NEUTRAL.pth or smil_packed_info.pth.

    Args:
        path: SMPL_NEUTRAL.pkl or smil_web.pkl.
        extra: J_regressor_extra.npy, shape (9, 6890).
        h36m: J_regressor_h36m.npy, shape (17, 6890).
        kid: smpl_kid_template.npy, shape (6890, 3), for SMPLA; None for the others.

    Raises:
        StudioError: If a file is not what it should be.
    """
    body = _body(path)
    template = np.asarray(body["v_template"], np.float32)
    parents = np.asarray(body["kintree_table"][0]).astype(np.int64)
    parents[0] = -1
    shapedirs = np.asarray(body["shapedirs"])[:, :, :10].astype(np.float32)
    posedirs = np.asarray(body["posedirs"], np.float32)
    points = [VERTICES[_VERTICES][name] for name in _POINTS]
    arrays: dict[str, AnyArray] = {
        "kintree_table": parents,
        "J_regressor_extra9": _regressor(extra, 9),
        "J_regressor_h36m17": _regressor(h36m, 17)[_TO_J17],
        "shapedirs": shapedirs,
        "posedirs": posedirs.reshape(3 * _VERTICES, -1).T,
        "extra_joints_index": np.array(points, dtype=np.int64),
        "f": np.asarray(body["f"]).astype(np.int64),
        "v_template": template,
        "J_regressor": np.asarray(body["J_regressor"], np.float32),
        "weights": np.asarray(body["weights"], np.float32),
    }
    if kid is not None:
        child = _npy(kid, (_VERTICES, 3))
        change = child - child.mean(axis=0) - template
        both = np.concatenate([shapedirs, change[:, :, None]], axis=2)
        arrays["smpla_shapedirs"] = both.astype(np.float32)
    return arrays


def _body(path: Path) -> Mapping[str, Any]:
    content = read_pickle(path)
    if not isinstance(content, dict):
        raise StudioError("holds no body", path=path, fix=_FIX)
    body = cast("dict[str, Any]", content)
    for name, shape in _SHAPES.items():
        if np.shape(body.get(name, 0)) != shape:
            what = f"is no SMPL body: {name} is not {shape}"
            raise StudioError(what, path=path, fix=_FIX)
    shapes = np.shape(body.get("shapedirs", 0))
    if len(shapes) != 3 or shapes[:2] != (_VERTICES, 3) or shapes[2] < 10:
        what = "is no SMPL body: it lacks ten shape directions"
        raise StudioError(what, path=path, fix=_FIX)
    return body


def _regressor(path: Path, rows: int) -> AnyArray:
    return _npy(path, (rows, _VERTICES))


def _npy(path: Path, shape: tuple[int, ...]) -> AnyArray:
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise StudioError(
            f"cannot be read ({error})", path=path, fix="unpack the archive again"
        ) from None
    if getattr(array, "shape", None) != shape:
        raise StudioError(
            f"is not of shape {shape}", path=path, fix="unpack the archive again"
        )
    return array.astype(np.float32)
