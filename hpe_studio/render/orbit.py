"""How the viewport's own camera moves: pure functions, state in, state out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.geometry import finite_rows
from hpe_studio.render.viewcamera import ViewCamera

RADIANS_PER_PIXEL = math.radians(0.4)
MIN_DISTANCE_M, MAX_DISTANCE_M = 0.15, 60.0
# Parallel views also draw what lies behind the eye, which stays near for precision:
# ambient occlusion keeps depths in 16-bit floats.
_ORTHO_BEHIND_M, _ORTHO_EYE_M = 60.0, 4.0


@dataclass(frozen=True, kw_only=True, slots=True)
class OrbitState:
    """A camera that circles a point.

    Attributes:
        focal_m: The point looked at, scene metres.
        distance_m: From the eye to that point.
        yaw_rad: Turn about the vertical; 0 looks at the front (from +Z), pi/2 from +X.
        pitch_rad: Height of the eye, -pi/2 to pi/2.
        fov_deg: Vertical field of view.
        orthographic: Parallel rays; the picture keeps its size at the focal point.
    """

    focal_m: tuple[float, float, float] = (0.0, 0.9, 0.0)
    distance_m: float = 4.5
    yaw_rad: float = math.radians(30)
    pitch_rad: float = math.radians(12)
    fov_deg: float = 40.0
    orthographic: bool = False

    def axes(self) -> FloatArray:
        """Right, up and back of the eye as rows, shape (3, 3), in the scene."""
        sin_yaw, cos_yaw = math.sin(self.yaw_rad), math.cos(self.yaw_rad)
        sin_pitch, cos_pitch = math.sin(self.pitch_rad), math.cos(self.pitch_rad)
        return np.array(
            [
                [cos_yaw, 0.0, -sin_yaw],
                [-sin_yaw * sin_pitch, cos_pitch, -cos_yaw * sin_pitch],
                [sin_yaw * cos_pitch, sin_pitch, cos_yaw * cos_pitch],
            ]
        )

    def view_camera(self, size: tuple[float, float]) -> ViewCamera:
        """The matrices for a view of that width and height."""
        axes = self.axes()
        distance = _ORTHO_EYE_M if self.orthographic else self.distance_m
        eye = np.array(self.focal_m) + distance * axes[2]
        eye_from_scene = np.eye(4)
        eye_from_scene[:3, :3] = axes
        eye_from_scene[:3, 3] = -axes @ eye
        near_far = (max(0.02, 0.03 * distance), distance + 60.0)
        half = math.tan(math.radians(self.fov_deg) / 2)
        aspect = size[0] / size[1]
        if self.orthographic:
            near_far = (-_ORTHO_BEHIND_M, near_far[1])
            clip = _parallel(half * self.distance_m, aspect, near_far)
        else:
            clip = _perspective(half, aspect, near_far)
        return ViewCamera(
            eye_from_scene=eye_from_scene,
            clip_from_eye=clip,
            size=size,
            orthographic=self.orthographic,
            near_far_m=near_far,
        )


def orbited(state: OrbitState, dx: float, dy: float) -> OrbitState:
    """The eye carried around the focal point by a drag of (dx, dy) view pixels."""
    yaw = (state.yaw_rad - dx * RADIANS_PER_PIXEL + math.pi) % math.tau - math.pi
    pitch = state.pitch_rad + dy * RADIANS_PER_PIXEL
    pitch = min(max(pitch, -math.pi / 2), math.pi / 2)
    return replace(state, yaw_rad=yaw, pitch_rad=pitch)


def panned(
    state: OrbitState, dx: float, dy: float, *, view_height: float
) -> OrbitState:
    """The scene pulled along: what is at the focal depth follows the pointer."""
    right, up, _ = state.axes()
    step = _focal_height_m(state) / view_height
    focal = np.array(state.focal_m) + (-dx * right + dy * up) * step
    return replace(state, focal_m=_triple(focal))


def zoomed_at(
    state: OrbitState, factor: float, x: float, y: float, *, size: tuple[float, float]
) -> OrbitState:
    """Closer by `factor` while the point under (x, y), at focal depth, stays there."""
    distance = state.distance_m / factor
    distance = min(max(distance, MIN_DISTANCE_M), MAX_DISTANCE_M)
    factor = state.distance_m / distance
    right, up, _ = state.axes()
    step = _focal_height_m(state) / size[1]
    focal = np.array(state.focal_m)
    target = focal + (x - size[0] / 2) * step * right + (size[1] / 2 - y) * step * up
    return replace(
        state, distance_m=distance, focal_m=_triple(target + (focal - target) / factor)
    )


def framed(
    state: OrbitState,
    points_m: FloatArray,
    *,
    size: tuple[float, float],
    margin: float = 0.12,
) -> OrbitState:
    """The same direction of view with all points in sight, `margin` of it left free.

    Points that are NaN are ignored; without any the state comes back unchanged.
    """
    points = np.asarray(points_m, np.float64).reshape(-1, 3)
    points = points[finite_rows(points)]
    if len(points) == 0:
        return state
    axes = state.axes()
    local = points @ axes.T
    middle = (local.min(axis=0) + local.max(axis=0)) / 2
    half = math.tan(math.radians(state.fov_deg) / 2) * (1 - margin)
    reach = np.abs(local - middle)
    needed = np.maximum(reach[:, 0] / (half * size[0] / size[1]), reach[:, 1] / half)
    if not state.orthographic:
        needed = needed + local[:, 2] - middle[2]
    distance = min(max(float(needed.max()), 0.4), MAX_DISTANCE_M)
    return replace(state, focal_m=_triple(middle @ axes), distance_m=distance)


def preset(state: OrbitState, name: str) -> OrbitState:
    """The same focal point seen along an axis, in parallel rays.

    Args:
        state: Where one looked from.
        name: "front", "side", "top", or from opposite: "back", "far side", "bottom".

    Raises:
        KeyError: If there is no such preset.
    """
    yaw, pitch = {
        "front": (0.0, 0.0),
        "side": (math.pi / 2, 0.0),
        "top": (0.0, math.pi / 2),
        "back": (math.pi, 0.0),
        "far side": (-math.pi / 2, 0.0),
        "bottom": (0.0, -math.pi / 2),
    }[name]
    return replace(state, yaw_rad=yaw, pitch_rad=pitch, orthographic=True)


def between(start: OrbitState, stop: OrbitState, share: float) -> OrbitState:
    """A state on the way from one to another, by the shorter turn; 0 to 1.

    Distances change by equal ratios, so that the picture grows steadily.
    """
    turn = (stop.yaw_rad - start.yaw_rad + math.pi) % math.tau - math.pi
    focal = np.array(start.focal_m) * (1 - share) + np.array(stop.focal_m) * share
    ratio = stop.distance_m / start.distance_m
    return replace(
        stop,
        focal_m=_triple(focal),
        distance_m=start.distance_m * ratio**share,
        yaw_rad=start.yaw_rad + share * turn,
        pitch_rad=start.pitch_rad + share * (stop.pitch_rad - start.pitch_rad),
        fov_deg=start.fov_deg + share * (stop.fov_deg - start.fov_deg),
    )


def leaving(view: ViewCamera, *, depth_m: float) -> OrbitState:
    """The orbit that starts where another view stood, as when leaving a clip's camera.

    Args:
        view: What was looked through.
        depth_m: How far ahead the new focal point lies.
    """
    back = view.eye_from_scene[2, :3]
    focal = view.position_m() - depth_m * back
    return OrbitState(
        focal_m=_triple(focal),
        distance_m=min(max(depth_m, MIN_DISTANCE_M), MAX_DISTANCE_M),
        yaw_rad=math.atan2(back[0], back[2]),
        pitch_rad=math.asin(min(max(float(back[1]), -1.0), 1.0)),
    )


def _focal_height_m(state: OrbitState) -> float:
    return 2 * state.distance_m * math.tan(math.radians(state.fov_deg) / 2)


def _perspective(
    half: float, aspect: float, near_far: tuple[float, float]
) -> FloatArray:
    near, far = near_far
    return np.array(
        [
            [1 / (half * aspect), 0, 0, 0],
            [0, 1 / half, 0, 0],
            [0, 0, -(far + near) / (far - near), -2 * far * near / (far - near)],
            [0, 0, -1, 0],
        ]
    )


def _parallel(
    half_height: float, aspect: float, near_far: tuple[float, float]
) -> FloatArray:
    near, far = near_far
    return np.array(
        [
            [1 / (half_height * aspect), 0, 0, 0],
            [0, 1 / half_height, 0, 0],
            [0, 0, -2 / (far - near), -(far + near) / (far - near)],
            [0, 0, 0, 1],
        ]
    )


def _triple(point: FloatArray) -> tuple[float, float, float]:
    return float(point[0]), float(point[1]), float(point[2])
