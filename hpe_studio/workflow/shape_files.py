"""Shapes, meshes and joint regressors as people have them in files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.unpickle import read_npy, read_npz, read_pickle

_MAX_BYTES = 1024**3
_MAX_ELEMENTS = 200_000_000
_BETAS = ("betas", "shape", "shapes", "beta")
_VERTICES = ("vertices", "verts", "v_template", "v", "vertex")
_REGRESSORS = ("J_regressor", "regressor", "J", "arr_0")


def read_shape(path: Path) -> tuple[FloatArray | None, FloatArray | None]:
    """Betas or rest vertices, whichever the file has.

    Args:
        path: `.obj` (vertices), `.npy`, `.npz`, `.json` or a pickle of an array, or of
            a dictionary with `betas` or `vertices`.

    Returns:
        Betas, shape (coefficients,) or (people, coefficients), or None; vertices,
        shape (vertices, 3) or (meshes, vertices, 3), or None.

    Raises:
        StudioError: If it has neither, or is damaged or hostile.
    """
    suffix = path.suffix.lower()
    if suffix == ".obj":
        return None, _obj_vertices(path)
    content = _content(path)
    if isinstance(content, dict):
        for names, is_betas in ((_BETAS, True), (_VERTICES, False)):
            for name in names:
                if name in content:
                    array = _numbers(content[name], path)
                    return (array, None) if is_betas else (None, array)
        raise StudioError(
            f"has neither betas nor vertices (it has {', '.join(map(str, content))})",
            path=path,
            fix="name them so",
        )
    array = _numbers(content, path)
    is_mesh = array.ndim >= 2 and array.shape[-1] == 3 and array.shape[-2] > 400
    return (None, array) if is_mesh else (array, None)


def read_regressor(path: Path) -> FloatArray:
    """A joint regressor, shape (joints, vertices), dense.

    Args:
        path: `.npy`, `.npz` (an array, or what `scipy.sparse.save_npz` writes) or a
            pickle with `J_regressor`.

    Raises:
        StudioError: If it is none, or damaged or hostile.
    """
    content = _content(path)
    if isinstance(content, dict) and {"data", "indices", "indptr"} <= set(content):
        return _dense(content, path)
    if isinstance(content, dict):
        name = next((n for n in _REGRESSORS if n in content), None)
        if name is None:
            raise StudioError(
                f"has no J_regressor (it has {', '.join(map(str, content))})",
                path=path,
                fix="name it so",
            )
        content = content[name]
    array = _numbers(content, path)
    if array.ndim != 2:
        raise StudioError(
            f"is no regressor but an array of shape {array.shape}",
            path=path,
            fix="give one of (joints, vertices)",
        )
    return array


def _content(path: Path) -> Any:
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _json(path)
    if suffix == ".npy":
        return read_npy(path)
    return read_npz(path) if suffix == ".npz" else read_pickle(path)


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise StudioError("is larger than 1 GiB", path=path, fix="choose another")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=path, fix="check it"
        ) from None
    except (ValueError, RecursionError):
        raise StudioError(
            "is no readable JSON", path=path, fix="look whether it was cut off"
        ) from None


def _numbers(value: Any, path: Path) -> FloatArray:
    try:
        array = np.array(value, dtype=np.float64)
    except (ValueError, TypeError):
        array = np.zeros(0)
    if not array.size or not np.isfinite(array).all():
        raise StudioError("has no array of numbers", path=path, fix="choose another")
    return np.atleast_1d(array)


def _obj_vertices(path: Path) -> FloatArray:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise StudioError("is larger than 1 GiB", path=path, fix="choose another")
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=path, fix="check it"
        ) from None
    try:
        rows = [[float(n) for n in s.split()[1:4]] for s in lines if s[:2] == b"v "]
        vertices = np.array(rows, dtype=np.float64).reshape(len(rows), 3)
    except ValueError:
        vertices = np.zeros((0, 3))
    if not len(vertices) or not np.isfinite(vertices).all():
        raise StudioError("has no vertices", path=path, fix="export it as OBJ again")
    return vertices


def _dense(content: dict[str, Any], path: Path) -> FloatArray:
    """A sparse matrix as scipy saves it."""
    damaged = StudioError("is a damaged sparse matrix", path=path, fix="save it again")
    try:
        rows, columns = (int(n) for n in content["shape"])
        data = np.asarray(content["data"], dtype=np.float64)
        minor = np.asarray(content["indices"]).astype(np.int64)
        starts = np.asarray(content["indptr"]).astype(np.int64)
        major = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    except (ValueError, TypeError, KeyError, IndexError):
        raise damaged from None
    raw: Any = content.get("format", b"csr")
    text = raw if isinstance(raw, bytes | str) else np.asarray(raw).item()
    row, column = (major, minor) if "csr" in str(text) else (minor, major)
    is_small = 0 < rows * columns <= _MAX_ELEMENTS and rows > 0
    is_whole = len(row) == len(column) == len(data)
    if not is_small or not is_whole:
        raise damaged
    if not _within(row, rows) or not _within(column, columns):
        raise damaged
    dense = np.zeros((rows, columns))
    np.add.at(dense, (row, column), data)
    return dense


def _within(places: IntArray, limit: int) -> bool:
    return not len(places) or bool(0 <= places.min() <= places.max() < limit)
