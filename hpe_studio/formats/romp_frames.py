"""Rows of people out of ROMP's dictionaries, whatever their age.

One frame is a dictionary of arrays whose first axis is people; ROMP's first versions
wrote a list with a dictionary per person instead, under other names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray

_OLD_NAMES = {
    "pose": "smpl_thetas",
    "poses": "smpl_thetas",
    "betas": "smpl_betas",
    "trans": "cam_trans",
    "j3d_all54": "joints",
    "j3d_smpl24": "joints",
    "center_conf": "center_confs",
    "track_id": "track_ids",
}
_KEPT = (
    "smpl_thetas", "smpl_betas", "cam", "cam_trans", "joints", "pj2d_org",
    "center_confs", "track_ids",
)  # fmt: skip
NOT_READ = frozenset({"verts", "verts_camed_org", "center_preds", "smpl_face"})
"""Large or of no use: not even made into arrays."""

_NUMBER = re.compile(r"^(.*?)(\d{1,9})(\D*)$")
_TAILS = {
    "smpl_thetas": 72, "cam": 3, "cam_trans": 3, "center_confs": 1, "track_ids": 1,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RompRows:
    """People of all frames, one row per person and frame, in the camera's axes.

    Attributes:
        frames: Shape (rows,), not decreasing.
        values: Arrays by ROMP's names, first axis rows; only those all frames have.
        is_bev: True where BEV wrote it.
    """

    frames: IntArray
    values: Mapping[str, FloatArray]
    is_bev: bool

    def get(self, name: str) -> FloatArray | None:
        """One array, or None."""
        return self.values.get(name)


def people_of(result: Any) -> dict[str, Any]:
    """One frame's arrays by ROMP's newer names; empty where nobody is.

    Raises:
        ValueError: If it is no result of ROMP.
    """
    if isinstance(result, np.ndarray):
        result = cast("Any", result).tolist()
    if isinstance(result, list | tuple):
        return _stacked([people_of(person) for person in cast("list[Any]", result)])
    if not isinstance(result, dict):
        raise ValueError("no dictionary of people")  # noqa: TRY004 - a bad file
    kept = _renamed(cast("dict[str, Any]", result))
    if kept and "smpl_thetas" not in kept:
        raise ValueError("it lacks smpl_thetas")
    if kept and kept["smpl_thetas"].ndim == 1:
        kept = {key: value[None] for key, value in kept.items()}
    if "params_pred" in result or _has_eleven_betas(kept):
        kept["is_bev"] = np.ones(len(kept["smpl_thetas"]))
    return kept


def _renamed(raw: dict[str, Any]) -> dict[str, Any]:
    """What is read of a dictionary, by the newer names."""
    named: dict[str, Any] = {}
    for key, value in raw.items():
        named.setdefault(_OLD_NAMES.get(key, key), value)
    for newer in ("joints", "cam_trans"):  # the better one where both were written
        if newer in raw:
            named[newer] = raw[newer]
    if "smpl_thetas" not in named and "body_pose" in named:
        parts = [np.atleast_2d(named[k]) for k in ("global_orient", "body_pose")]
        named["smpl_thetas"] = np.concatenate(parts, axis=1)
    return {key: np.asarray(named[key]) for key in _KEPT if key in named}


def _has_eleven_betas(kept: dict[str, Any]) -> bool:
    return "smpl_betas" in kept and kept["smpl_betas"].shape[-1] > 10


def _stacked(people: list[dict[str, Any]]) -> dict[str, Any]:
    named = list(people[0]) if people else []
    shared = [key for key in named if all(key in person for person in people)]
    return {key: np.concatenate([p[key] for p in people]) for key in shared}


def rows_of(frames: Iterable[tuple[int, dict[str, Any]]]) -> RompRows:
    """All frames in one table.

    Args:
        frames: Frame numbers, increasing, with what `people_of` says.

    Raises:
        ValueError: If shapes differ from one frame to the other.
    """
    numbers: list[int] = []
    counts: list[int] = []
    found: list[dict[str, Any]] = []
    for number, people in frames:
        if people:
            numbers.append(number)
            counts.append(len(people["smpl_thetas"]))
            found.append(people)
    shared = set(found[0]) if found else set[str]()
    for people in found[1:]:
        shared &= people.keys()
    total = sum(counts)
    values: dict[str, FloatArray] = {}
    for key in sorted(shared - {"is_bev"}):
        joined = np.concatenate([np.asarray(people[key]) for people in found])
        if key in _TAILS:
            joined = joined.reshape(-1, _TAILS[key])
        if len(joined) != total or joined.dtype.kind not in "fiub":
            raise ValueError(f"{key} has shape {joined.shape}")
        values[key] = joined.astype(np.float64)
    _check(values)
    return RompRows(
        frames=np.repeat(np.array(numbers, dtype=np.int64), counts),
        values=values,
        is_bev=any("is_bev" in people for people in found),
    )


def _check(values: Mapping[str, FloatArray]) -> None:
    for key, tail in (("joints", 3), ("pj2d_org", 2)):
        if key in values and (values[key].ndim != 3 or values[key].shape[2] != tail):
            raise ValueError(f"{key} has shape {values[key].shape}")
    betas = values.get("smpl_betas")
    if betas is not None and betas.ndim != 2:
        raise ValueError(f"smpl_betas has shape {betas.shape}")


def numbered(names: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """Frame numbers of file names: the last digits of each, where the rest agrees.

    Returns:
        Number by name, by increasing number; and the names that are of something else
        (another prefix, or a number that another name has). Names of which none has
        digits are numbered in order.
    """
    stems = {name: Path(name).stem for name in names}
    matches = {name: _NUMBER.match(stem) for name, stem in stems.items()}
    ways = Counter((m[1], m[3]) for m in matches.values() if m is not None)
    if not ways:
        return {name: i for i, name in enumerate(sorted(stems))}, []
    usual = ways.most_common(1)[0][0]
    taken: dict[int, str] = {}
    foreign: list[str] = []
    for name in sorted(stems):
        found = matches[name]
        if found is None or (found[1], found[3]) != usual or int(found[2]) in taken:
            foreign.append(name)
        else:
            taken[int(found[2])] = name
    return {taken[number]: number for number in sorted(taken)}, foreign
