"""Simple closed meshes for tests of the 3D view."""

from __future__ import annotations

import numpy as np


def ball(centre, radius: float, *, rows: int = 24, columns: int = 32):
    """Vertices (n, 3) float32 and outward faces (m, 3) int32 of a sphere."""
    tilt, turn = np.meshgrid(
        np.linspace(-np.pi / 2, np.pi / 2, rows),
        np.linspace(0, 2 * np.pi, columns, endpoint=False),
        indexing="ij",
    )
    vertices = np.stack(
        [np.cos(tilt) * np.sin(turn), np.sin(tilt), np.cos(tilt) * np.cos(turn)], -1
    ).reshape(-1, 3)
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(columns), indexing="ij")
    here, side = row * columns + column, row * columns + (column + 1) % columns
    faces = np.concatenate(
        [
            np.stack([here, side, side + columns], -1).reshape(-1, 3),
            np.stack([here, side + columns, here + columns], -1).reshape(-1, 3),
        ]
    )
    return (vertices * radius + centre).astype(np.float32), faces.astype(np.int32)
