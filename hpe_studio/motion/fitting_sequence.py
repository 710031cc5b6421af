"""Frame after frame: cold starts, warm starts, and what to do when a fit is lost."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple, Protocol

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.jobs import Progress
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.motion.fitting_arrays import (
    BodyArrays,
    PullArrays,
    SeenArrays,
    State,
)
from hpe_studio.motion.fitting_frame import UNEVEN, FrameSolver, Solved, copied
from hpe_studio.motion.fitting_problem import (
    BodyShape,
    FitOptions,
    Seen,
    body_arrays,
    frame_arrays,
    prior_arrays,
)
from hpe_studio.motion.fitting_root import landmarks_camera
from hpe_studio.motion.fitting_start import start_states
from hpe_studio.motion.hand_prior import prior_for
from hpe_studio.motion.rotations import geodesic_rad, rotvec_from_matrix


class _Stage(NamedTuple):
    """A part of a graduated fit.

    Attributes:
        robust: What counts as an outlier, times the usual.
        depth: How much more the 3D landmarks are trusted than usual.
        steps: Most steps taken.
    """

    robust: float
    depth: float
    steps: int


_USUAL = _Stage(1.0, 1.0, 8)
_COLD_STAGES = (_Stage(10.0, 4.0, 6), _Stage(3.0, 4.0, 6), _Stage(1.0, 1.0, 25))
# A limb bent the wrong way in depth looks right in the picture, so that no small step
# leads out of it: let the 3D landmarks speak louder for a while, then compare.
_AGAIN_STAGES = (_Stage(3.0, 10.0, 6), _USUAL)
_BETTER = 0.95
_LONGEST_GAP_S = 0.5
_FRAMES_PER_STEP = 8
_TURN_RAD = np.pi / 4
_SLACK_RAD = 0.15
_FASTEST_TURN_RAD_S = 12.0
"""Skaters and divers turn at about twice in a second."""
_TURN_LASTS_S = 0.25
_JUMP_PAYS = 1.5
_LOST_ABOVE = 2.0
"""A frame whose cost per trust exceeds this many times the usual is started anew."""


class SingleFrames(Protocol):
    """A fitter of single frames, as far as a sequence asks for one."""

    def cold(self, frame: int) -> Solved:
        """A frame without knowing any other."""
        ...

    def warm(
        self, frame: int, before: State, *, gap_s: float, stiff: float = 1.0
    ) -> Solved:
        """A frame from the state of one `gap_s` before."""
        ...


class FrameFitter(FrameSolver):
    """Fits single frames of one tracklet with one body shape.

    Args:
        model: The body.
        seen: The tracklet in the fit's terms.
        landmark_name: Landmark set of the tracklet.
        shape: The body's shape.
        options: What is trusted how much.
    """

    def __init__(
        self,
        model: JointModel,
        seen: Seen,
        *,
        landmark_name: str,
        shape: BodyShape,
        options: FitOptions,
    ) -> None:
        self.model = model
        self.seen = seen
        self.options = options
        self.landmark_name = landmark_name
        super().__init__(
            body_arrays(model, landmarks=model.landmarks[landmark_name], shape=shape),
            prior_arrays(
                model, landmark_name=landmark_name, weight=options.prior_weight
            ),
            tolerance=options.tolerance,
        )
        self._steps_rad = prior_for(model.skeleton, landmark_name).step_rad
        self._usual_landmarks_m = landmarks_camera(
            model,
            self.usual_rad()[None],
            np.zeros((1, 3)),
            shape=shape,
            landmark_name=landmark_name,
        )[0]

    def free_body(self, shape: BodyShape) -> BodyArrays:
        """The body of a shape, with how it changes with the shape."""
        landmarks = self.model.landmarks[self.landmark_name]
        return body_arrays(
            self.model, landmarks=landmarks, shape=shape, free_shape=True
        )

    def cold(self, frame: int) -> Solved:
        """The best of all starts that know nothing of other frames."""
        seen = self.seen
        starts = start_states(
            usual_rad=self.usual_rad(),
            landmark_name=self.landmark_name,
            rest_landmarks_m=self._usual_landmarks_m,
            points_m=seen.points_m[frame],
            trust_m=seen.trust_m[frame],
            ideal_px=seen.ideal_px[frame],
            trust_px=seen.trust_px[frame],
            focal_px=seen.focal_px,
        )
        return min(
            (self._graduated(frame, s, _COLD_STAGES, self.no_tie) for s in starts),
            key=lambda s: s.cost,
        )

    def warm(
        self, frame: int, before: State, *, gap_s: float, stiff: float = 1.0
    ) -> Solved:
        """Go on from a frame that lies `gap_s` before, tied `stiff` times as firmly."""
        tie = self._tie(before, gap_s / stiff, frame)
        direct = self._graduated(frame, copied(before), (_USUAL,), tie)
        again = self._graduated(frame, copied(direct.state), _AGAIN_STAGES, tie)
        # The way there does not count: a limb that was wrong may jump to be right.
        free = [self.cost_of(frame, s.state) for s in (again, direct)]
        return again if free[0] < _BETTER * free[1] else direct

    def settle(
        self, frame: int, state: State, target: State, *, spacing_s: float
    ) -> Solved:
        """Fit again from a state, tied to what its neighbours on both sides expect."""
        spans = (spacing_s * 30.0) ** 2
        weight = self.options.settle_weight / (UNEVEN * spans) ** 2
        tie = self._pull(target, weight, frame)
        return self._graduated(frame, copied(state), (_USUAL,), tie)

    def _graduated(
        self,
        frame: int,
        state: State,
        stages: tuple[_Stage, ...],
        tie: PullArrays,
    ) -> Solved:
        """Solve in place, stage after stage with a narrower idea of an outlier."""
        cost, converged = np.inf, False
        for stage in stages:
            arrays = self.arrays(frame, state, stage.robust)
            arrays = arrays._replace(weights_m=stage.depth * arrays.weights_m)
            cost, taken = self.solve(arrays, tie, state, stage.steps)
            converged = taken < stage.steps
        return self.solved(frame, state, cost, converged)

    def arrays(self, frame: int, state: State, robust: float = 1.0) -> SeenArrays:
        """A frame's observations, in metres at the depth of a state."""
        depth = max(float(state.root_m[2]), 0.3)
        return frame_arrays(
            self.seen, frame, depth_m=depth, options=self.options, robust=robust
        )

    def trust(self, frame: int) -> float:
        """Sum of the weights of the 2D and 3D landmarks of a frame."""
        return float(self.seen.trust_px[frame].sum() + self.seen.trust_m[frame].sum())

    def _tie(self, before: State, gap_s: float, frame: int) -> PullArrays:
        """A tie that loosens with the time between, as a random walk does."""
        spans = max(gap_s, 1e-3) * 30.0
        return self._pull(before, self.options.tie_weight / spans, frame)

    def _pull(self, target: State, weight: float, frame: int) -> PullArrays:
        across, along = self.options.root_step_m
        ray2 = self.seen.rays[frame] ** 2
        return PullArrays(
            rotations=target.rotations,
            precision=weight / self._steps_rad**2,
            root_m=target.root_m,
            root_precision=weight / (across**2 + (along**2 - across**2) * ray2),
        )


class SequenceFitter:
    """Fits frames in order, keeping what the next one needs.

    Args:
        frames: The single-frame fitter.
        times_s: Time of each frame, shape (frames,).
        initial: Where a chunk before this one ended: its state and time, or None.
    """

    def __init__(
        self,
        frames: SingleFrames,
        times_s: FloatArray,
        *,
        initial: tuple[State, float] | None = None,
    ) -> None:
        self._frames = frames
        self._times_s = times_s
        self._last = initial
        self._usual_cost: float | None = None
        self._lost_since_s: float | None = None

    @property
    def last(self) -> tuple[State, float] | None:
        """State and time of the last frame fitted."""
        return self._last

    def fit(self, frame: int) -> Solved:
        """Fit the next frame; frames that show too little are not to be asked for."""
        time_s = float(self._times_s[frame])
        warm: Solved | None = None
        if self._last is not None:
            state, before_s = self._last
            gap_s = time_s - before_s
            if 0 < gap_s <= _LONGEST_GAP_S:
                warm = self._frames.warm(frame, state, gap_s=gap_s)
                limit = _SLACK_RAD + _FASTEST_TURN_RAD_S * gap_s
                if _angle_between(warm.state, state) > limit:
                    warm = self._frames.warm(frame, state, gap_s=gap_s, stiff=1e3)
        solved = self._frames.cold(frame) if warm is None else self._kept(frame, warm)
        self._remember(solved)
        self._last = (copied(solved.state), time_s)
        return solved

    def fit_all(
        self, frames: IntArray
    ) -> Generator[Progress, None, list[tuple[int, Solved]]]:
        """Fit frames in order: each with its fit."""
        solved: list[tuple[int, Solved]] = []
        for done, frame in enumerate(frames):
            if done % _FRAMES_PER_STEP == 0:
                yield Progress(done=done, total=len(frames), text="Fitting the body")
            solved.append((int(frame), self.fit(int(frame))))
        yield Progress(done=1, total=1, text="Fitting the body")
        return solved

    def _kept(self, frame: int, warm: Solved) -> Solved:
        """The warm start, or a cold one where the warm one is lost."""
        if not self._is_lost(warm):
            self._lost_since_s = None
            return warm
        time_s = float(self._times_s[frame])
        if self._lost_since_s is None:
            self._lost_since_s = time_s
        cold = self._frames.cold(frame)
        # Nobody turns round within a frame: believe it only once it lasts.
        turned = _angle_between(warm.state, cold.state) > _TURN_RAD
        if turned and time_s - self._lost_since_s < _TURN_LASTS_S:
            return warm
        return cold if warm.cost > _JUMP_PAYS * cold.cost else warm

    def _is_lost(self, solved: Solved) -> bool:
        if self._usual_cost is None:
            return False
        return solved.cost_per_trust > _LOST_ABOVE * self._usual_cost + 0.5

    def _remember(self, solved: Solved) -> None:
        cost = solved.cost_per_trust
        if self._usual_cost is None:
            self._usual_cost = cost
        else:
            self._usual_cost += 0.1 * (
                min(cost, 3 * self._usual_cost) - self._usual_cost
            )


def _angle_between(a: State, b: State) -> float:
    """Angle between the roots' orientations, radians."""
    roots = rotvec_from_matrix(np.stack([a.rotations[0], b.rotations[0]]))
    return float(geodesic_rad(roots[0], roots[1]))
