"""Reading ROMP's files of a long clip, against numpy's own reader of pickles.

Ten thousand frames with one person each (an eighth of them with two), as ROMP writes
them, vertices included; the names are hard links to a few hundred files. Both readers
find the files in memory; of each the best of several turns counts.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.formats import romp_npz

_FRAMES = 10_000
_FILES = 400
_ROUNDS = 3
_LIMIT = 1.5


def run() -> dict[str, dict[str, Any]]:
    """How much longer reading takes than `np.load` over the same files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = _written(Path(folder))
        best_s = [float("inf"), float("inf")]
        for _ in range(_ROUNDS):
            started = time.perf_counter()
            for path in paths:
                np.load(path, allow_pickle=True)["results"][()]
            middle = time.perf_counter()
            motion = romp_npz.read(Path(folder))
            best_s[0] = min(best_s[0], middle - started)
            best_s[1] = min(best_s[1], time.perf_counter() - middle)
    if motion.frame_count != _FRAMES:
        raise RuntimeError("not all frames were read")
    return {
        "romp_npz": {
            "ratio": round(best_s[1] / best_s[0], 2),
            "limit": _LIMIT,
            "better": "lower",
            "unit": "x",
            "detail": f"{_FRAMES} files read in {best_s[1]:.2f} s, joints and people "
            f"included; np.load alone {best_s[0]:.2f} s",
        }
    }


def _written(folder: Path) -> list[Path]:
    rng = np.random.default_rng(0)
    paths: list[Path] = []
    for frame in range(_FRAMES):
        path = folder / f"{frame:08d}.npz"
        if frame < _FILES:
            np.savez(path, results=_results(rng, 2 if frame % 8 == 0 else 1, frame))
        else:
            os.link(paths[frame % _FILES], path)
        paths.append(path)
    return paths


def _results(rng: np.random.Generator, people: int, frame: int) -> dict[str, Any]:
    def values(*shape: int) -> Any:
        return rng.normal(0, 0.2, (people, *shape)).astype(np.float32)

    thetas, joints = values(72), values(71, 3)
    joints[:, 0] = (0.0, -0.2, 0.0)
    away = 1.5 * np.arange(people)
    cam = np.stack([np.full(people, 0.4), 0.1 * away, np.zeros(people)], axis=1)
    square = cam[:, None, :1] * joints[..., :2] + cam[:, None, 1:]
    trans = np.stack([away + np.sin(frame / 50), 0 * away, 5 + 0 * away], axis=1)
    return {
        "cam": cam.astype(np.float32),
        "global_orient": thetas[:, :3],
        "body_pose": thetas[:, 3:],
        "smpl_betas": values(10),
        "smpl_thetas": thetas,
        "center_preds": values(2),
        "center_confs": values(1),
        "cam_trans": trans.astype(np.float32),
        "verts": values(6890, 3),
        "joints": joints,
        "pj2d_org": ((square + 1) * 640 - [0, 280]).astype(np.float32),
    }


if __name__ == "__main__":
    for name, result in run().items():
        print(name, result)
