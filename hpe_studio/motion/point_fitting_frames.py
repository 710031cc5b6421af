"""Frames of 3D points, one at a time, in the fit's compiled loop.

The loop is the picture fit's (`fitting_solver`): its pixel terms weigh nothing here,
and its unknown "place of the 3D landmarks' origin relative to the root" is the scene's
origin seen from the pelvis, so that the pelvis stands at minus it. One landmark more
than the set has, at the root joint, carries the tie of the root to its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.jointmodel import JointModel, Landmarks
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.motion.fitting_arrays import (
    BodyArrays,
    PriorArrays,
    SeenArrays,
    State,
)
from hpe_studio.motion.fitting_frame import UNEVEN, FrameSolver, Solved, copied
from hpe_studio.motion.fitting_problem import BodyShape, body_arrays, landmark_trust
from hpe_studio.motion.fitting_start import kabsch
from hpe_studio.motion.hand_prior import hand_columns, with_hands
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m
from hpe_studio.motion.prior import PosePrior, pose_prior
from hpe_studio.motion.rotations import matrix_from_rotvec

_STEPS = 12
_COLD_STAGES = ((8.0, 8), (2.5, 8), (1.0, 25))
"""What counts as an outlier, times the usual, and most steps taken."""
_SIDES = ("hip", "collar", "shoulder")
_TORSO = {
    *("pelvis", "spine1", "spine2", "spine3", "neck"),
    *(f"{side}_{name}" for side in ("left", "right") for name in _SIDES),
}
_TURNS_RAD = (0.0, np.pi)


@dataclass(frozen=True, kw_only=True, slots=True)
class PointFitOptions:
    """What the fit trusts how much; lengths in metres.

    Attributes:
        spread_m: Usual distance of a point from where the body can have it.
        robust_m: Points further off than about this no longer pull.
        confidence_min: Points trusted less count as missing.
        points_min: Frames with fewer points stay without a pose.
        prior_weight: Strength of the pose prior.
        shape_weight: Strength of the shape prior, per frame of evidence.
        shape_frames: How many frames the shape is found from.
        tie_weight: Strength of the tie to the frame before.
        settle_weight: Strength of the tie to the frames on both sides.
        settle_sweeps: How often all frames are fitted again between their neighbours.
        root_step_m: Usual way of the root within 1/30 s.
        tolerance: A frame is done when a step gains less than this part of the cost.
    """

    spread_m: float = 0.015
    robust_m: float = 0.15
    confidence_min: float = 0.0
    points_min: int = 4
    prior_weight: float = 0.3
    shape_weight: float = 0.3
    shape_frames: int = 24
    tie_weight: float = 0.1
    settle_weight: float = 0.5
    settle_sweeps: int = 1
    root_step_m: float = 0.06
    tolerance: float = 1e-3


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SeenPoints:
    """Points in the fit's terms; the last one stands for the root.

    Attributes:
        points_m: Scene axes, shape (frames, points + 1, 3); 0 where missing.
        trust: Shape (frames, points + 1), 0 where missing or not on the body.
    """

    points_m: FloatArray
    trust: FloatArray

    def present(self, points_min: int) -> BoolArray:
        """Which frames show enough to be fitted, bool, shape (frames,)."""
        return (self.trust > 0).sum(1) >= points_min


def prepare_points(
    points_scene_m: FloatArray,
    confidence: FloatArray | None,
    landmarks: Landmarks,
    options: PointFitOptions,
) -> SeenPoints:
    """Put points into the fit's terms.

    Confidences are taken relative to their middle, because every source has a scale of
    its own (Panoptic's good joints say 0.3 to 0.7).
    """
    points = np.asarray(points_scene_m, dtype=np.float64)
    trust = np.broadcast_to(_point_trust(landmarks), points.shape[:2]).copy()
    usable = np.isfinite(points).all(-1)
    usable &= np.isin(np.arange(landmarks.count), landmarks.index)
    if confidence is not None:
        given = np.nan_to_num(np.asarray(confidence, dtype=np.float64))
        usable &= given > options.confidence_min
        middle = float(np.median(given[usable])) if usable.any() else 1.0
        trust *= np.clip(given / max(middle, 1e-9), 0.2, 1.5)
    frames = len(points)
    return SeenPoints(
        points_m=np.concatenate(
            [np.where(usable[..., None], points, 0.0), np.zeros((frames, 1, 3))], axis=1
        ),
        trust=np.concatenate(
            [np.where(usable, trust, 0.0), np.zeros((frames, 1))], axis=1
        ),
    )


def _point_trust(landmarks: Landmarks) -> FloatArray:
    try:
        return landmark_trust(landmarks.name)
    except KeyError:  # a set made of several
        return np.ones(landmarks.count)


def with_root(landmarks: Landmarks, model: JointModel) -> Landmarks:
    """The set with one landmark more: the root joint."""
    return replace(
        landmarks,
        index=np.append(landmarks.index, landmarks.count),
        joint=np.append(landmarks.joint, 0),
        weight=np.append(landmarks.weight, 1.0),
        point_m=np.vstack([landmarks.point_m, model.joints_m[:1]]),
        point_shapedirs_m=np.concatenate(
            [landmarks.point_shapedirs_m, model.joints_shapedirs_m[:1]]
        ),
        count=landmarks.count + 1,
    )


class PointFrames(FrameSolver):
    """Fits single frames of one person's points with one body shape.

    Args:
        model: The body.
        landmarks: What each point is on the body, the root among them (`with_root`).
        seen: The points in the fit's terms.
        shape: The body's shape.
        options: What is trusted how much.
    """

    def __init__(
        self,
        model: JointModel,
        landmarks: Landmarks,
        seen: SeenPoints,
        *,
        shape: BodyShape,
        options: PointFitOptions,
    ) -> None:
        self.model = model
        self.landmarks = landmarks
        self.seen = seen
        self.options = options
        prior = with_hands(pose_prior(model.skeleton), model.skeleton)
        self._steps_rad = prior.step_rad
        super().__init__(
            self._active(body_arrays(model, landmarks=landmarks, shape=shape)),
            _prior_arrays(prior, options.prior_weight),
            tolerance=options.tolerance,
        )
        self._usual = matrix_from_rotvec(self.usual_rad())
        self.usual_m = _usual_places(model, landmarks, self.usual_rad(), shape)
        self._torso = _torso(model.skeleton, landmarks)
        self._no_pixels = np.zeros((landmarks.count, 2))
        self._no_pixel_weights = np.zeros(landmarks.count)

    def free_body(self, shape: BodyShape) -> BodyArrays:
        """The body of a shape, with how it changes with the shape."""
        return self._active(
            body_arrays(
                self.model, landmarks=self.landmarks, shape=shape, free_shape=True
            )
        )

    def bones(self) -> IntArray:
        """Pairs of points at both ends of a bone, shape (bones, 2)."""
        at_joint: dict[int, int] = {}
        for point in range(self.landmarks.count - 1):
            first, stop = self.body.first_part[point : point + 2]
            if stop - first == 1 and not self.body.part_m[first].any():
                at_joint[int(self.body.part_joint[first])] = point
        parents = self.model.skeleton.parents
        pairs = [
            (at_joint[parents[j]], at_joint[j])
            for j in at_joint
            if parents[j] in at_joint
        ]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)

    def _active(self, body: BodyArrays) -> BodyArrays:
        """The body with its fingers free too, where landmarks speak of them."""
        column, unknowns = hand_columns(body, self.model.skeleton)
        return body._replace(column=column, unknowns=unknowns)

    def cold(self, frame: int) -> Solved:
        """The best of the starts that know nothing of other frames."""
        return min(
            (self._graduated(frame, start) for start in self._starts(frame)),
            key=lambda solved: solved.cost,
        )

    def warm(
        self, frame: int, before: State, *, gap_s: float, stiff: float = 1.0
    ) -> Solved:
        """Go on from a frame that lies `gap_s` before, tied `stiff` times as firmly."""
        weight = self.options.tie_weight / (max(gap_s / stiff, 1e-3) * 30.0)
        return self._tied(frame, copied(before), before, weight)

    def settle(
        self, frame: int, state: State, target: State, *, spacing_s: float
    ) -> Solved:
        """Fit again from a state, tied to what its neighbours on both sides expect."""
        spans = (spacing_s * 30.0) ** 2
        weight = self.options.settle_weight / (UNEVEN * spans) ** 2
        return self._tied(frame, copied(state), target, weight)

    def arrays(self, frame: int, state: State, robust: float = 1.0) -> SeenArrays:
        """A frame's points; `robust` widens what counts as an outlier."""
        del state  # the picture fit needs its depth, 3D points do not
        weights = self.seen.trust[frame] / self.options.spread_m**2
        return SeenArrays(
            points_px=self._no_pixels,
            weights_px=self._no_pixel_weights,
            points_m=self.seen.points_m[frame],
            weights_m=np.repeat(weights[:, None], 3, axis=1),
            focal_px=1.0,
            metres_per_px=1.0,
            robust_m=robust * np.array([1.0, self.options.robust_m]),
        )

    def _tied(self, frame: int, state: State, target: State, weight: float) -> Solved:
        arrays = self.arrays(frame, state)
        points_m, weights_m = arrays.points_m.copy(), arrays.weights_m.copy()
        points_m[-1] = -target.origin_m
        weights_m[-1] = weight / self.options.root_step_m**2
        tie = self.no_tie._replace(
            rotations=target.rotations, precision=weight / self._steps_rad**2
        )
        arrays = arrays._replace(points_m=points_m, weights_m=weights_m)
        cost, taken = self.solve(arrays, tie, state, _STEPS)
        return self.solved(frame, state, cost, taken < _STEPS)

    def _graduated(self, frame: int, state: State) -> Solved:
        """Solve in place, stage after stage with a narrower idea of an outlier."""
        cost, converged = np.inf, False
        for robust, steps in _COLD_STAGES:
            arrays = self.arrays(frame, state, robust)
            cost, taken = self.solve(arrays, self.no_tie, state, steps)
            converged = taken < steps
        return self.solved(frame, state, cost, converged)

    def trust(self, frame: int) -> float:
        """Sum of the weights of a frame's points."""
        return float(self.seen.trust[frame].sum())

    def _starts(self, frame: int) -> list[State]:
        """The usual pose, facing as the trunk says, and turned round."""
        seen = self.seen.trust[frame] > 0
        used = np.flatnonzero(seen & self._torso)
        if len(used) < 3:
            used = np.flatnonzero(seen)
        points_m, weights = (
            self.seen.points_m[frame, used],
            self.seen.trust[frame, used],
        )
        facing = kabsch(self.usual_m[used], points_m, weights)
        middle = np.average(points_m, axis=0, weights=weights)
        states: list[State] = []
        for turn in _TURNS_RAD:
            rotations = self._usual.copy()
            rotations[0] = facing @ matrix_from_rotvec(np.array([0.0, turn, 0.0]))
            placed = self.usual_m[used] @ rotations[0].T
            root_m = middle - np.average(placed, axis=0, weights=weights)
            states.append(State(rotations, np.array([0.0, 0.0, 1.0]), -root_m))
        return states


def _prior_arrays(prior: PosePrior, weight: float) -> PriorArrays:
    return PriorArrays(
        mean_rad=prior.mean_rad,
        precision=weight / prior.spread_rad**2,
        lower_rad=prior.lower_rad,
        upper_rad=prior.upper_rad,
        limit_precision=1.0 / 0.05**2,
    )


def _usual_places(
    model: JointModel, landmarks: Landmarks, usual_rad: FloatArray, shape: BodyShape
) -> FloatArray:
    """Landmarks of the usual pose from the root, shape (points, 3)."""
    joints_m, rotations = forward_kinematics(
        model.skeleton.parents,
        model.rest_joints_m(shape.betas, scale=shape.scale),
        usual_rad[None],
        np.zeros((1, 3)),
    )
    own = replace(model, landmarks={landmarks.name: landmarks})
    return landmarks_m(
        own, landmarks.name, joints_m, rotations, shape.betas, shape.scale
    )[0]


def _torso(skeleton: Skeleton, landmarks: Landmarks) -> BoolArray:
    """Landmarks that hang on the trunk alone, bool, shape (points,)."""
    on_trunk: BoolArray = np.array([n in _TORSO for n in skeleton.joint_names])
    counts: IntArray = np.bincount(landmarks.index, minlength=landmarks.count)
    inside: IntArray = np.bincount(
        landmarks.index[on_trunk[landmarks.joint]], minlength=landmarks.count
    )
    return (counts > 0) & (counts == inside)
