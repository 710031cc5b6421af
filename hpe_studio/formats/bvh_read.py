"""What a parsed BVH text means: rotations, places, rest pose, up, unit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.formats.bvh_text import BvhText
from hpe_studio.motion.rotations import matrix_from_euler_deg

UNITS_M = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "cmu": 0.0254 / 0.45}
"""Metres per unit; "cmu" is the CMU mocap library's (inches over 0.45)."""

Z_UP = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])
"""Turns Y up (facing +Z) into Z up (facing -Y)."""


def channels_of(text: BvhText) -> tuple[FloatArray, FloatArray]:
    """Rotations (frames, joints, 3, 3) and positions (frames, joints, 3).

    Positions are NaN where a joint has no position channel.
    """
    frames, count = len(text.values), len(text.joints)
    rotations = np.broadcast_to(np.eye(3), (frames, count, 3, 3)).copy()
    places = np.full((frames, count, 3), np.nan)
    column = 0
    for i, joint in enumerate(text.joints):
        for channel in joint.channels:
            axis, value = "XYZ".index(channel[0]), text.values[:, column]
            column += 1
            if channel.endswith("position"):
                places[:, i, axis] = value
            else:
                angles = np.zeros((frames, 3))
                angles[:, 0] = value
                turn = matrix_from_euler_deg(angles, _starting_with(axis))
                rotations[:, i] = rotations[:, i] @ turn
    return rotations, places


def _starting_with(axis: int) -> str:
    return ("XYZ", "YZX", "ZXY")[axis]


def positions_of(
    path: Path, text: BvhText, places: FloatArray, rotations: FloatArray
) -> tuple[FloatArray, FloatArray, list[str]]:
    """Rest offsets, the root's place per frame, and what had to be left out."""
    offsets = np.stack([joint.offset for joint in text.joints])
    root = np.where(np.isnan(places[:, 0]), offsets[0], places[:, 0])
    warnings: list[str] = []
    ignored = 0
    chain = rotations[:, 0]
    on_chain = 0
    for i in range(1, len(text.joints)):
        given = places[:, i]
        if np.isnan(given).all():
            continue
        still = np.ptp(given, axis=0).max() <= 1e-3 * max(1.0, np.abs(given).max())
        if still:
            offsets[i] = given[0]
        elif text.joints[i].parent == on_chain and _is_only_child(text, i):
            # A root above the hips: the hips' own motion becomes the root's.
            root = root + np.einsum("fij,fj->fi", chain, given - offsets[i])
            chain, on_chain = chain @ rotations[:, i], i
        else:
            ignored += 1
    if ignored:
        warnings.append(f"{path.name}: {ignored} joints slide; only turns were taken")
    return offsets, root, warnings


def _is_only_child(text: BvhText, joint: int) -> bool:
    parent = text.joints[joint].parent
    return sum(j.parent == parent for j in text.joints) == 1


def points_up_z(rest: FloatArray) -> bool:
    """True where the body stands along Z: its joints lie mostly above each other so."""
    spread = np.ptp(rest, axis=0)
    return bool(spread[2] > 1.3 * spread[1])


def scale_of(unit: str, rest: FloatArray) -> tuple[float, str]:
    """Metres per unit, and the unit's name where it was guessed."""
    if unit != "auto":
        return UNITS_M[unit], ""
    height = float(np.ptp(rest[:, 1]))
    if height <= 0:
        return 1.0, "m"
    # Joints span about 1.55 m from toes to head in a person of 1.70 m.
    misfit = {u: abs(np.log(height * m / 1.55)) for u, m in UNITS_M.items()}
    best = min(misfit, key=lambda u: misfit[u])
    return UNITS_M[best], best


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names, with a number behind those that stood before."""
    seen: dict[str, int] = {}
    out: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(out)
