"""One body shape per person, from the frames that show most of it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.jobs import Progress
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.motion import fitting_residuals, fitting_solver
from hpe_studio.motion.fitting_arrays import (
    BodyArrays,
    PriorArrays,
    PullArrays,
    SeenArrays,
    State,
)
from hpe_studio.motion.fitting_problem import BodyShape, FitOptions, Seen
from hpe_studio.motion.fitting_sequence import FrameFitter

_BETA_MAX = 3.0
_SCALE_SPREAD = 0.15
"""Usual spread of the logarithm of a body's size, for bodies without betas."""
_ROUNDS = 10
_FRAMES_MAX = 16


class ShapeFrames(Protocol):
    """A fitter of single frames, as far as finding a shape asks for one."""

    prior: PriorArrays
    no_tie: PullArrays

    def arrays(self, frame: int, state: State, robust: float = 1.0) -> SeenArrays:
        """What a frame shows."""
        ...

    def cost_of(self, frame: int, state: State) -> float:
        """Cost per trust of a state on a frame, tied to nothing."""
        ...

    def free_body(self, shape: BodyShape) -> BodyArrays:
        """The body of a shape, with how it changes with the shape."""
        ...


@dataclass(slots=True, eq=False)
class Evidence:
    """One frame's fit while the shape is being found."""

    fitter: ShapeFrames
    frame: int
    state: State


def fit_shape(
    model: JointModel,
    views: Sequence[Seen],
    *,
    landmark_name: str,
    options: FitOptions,
) -> Generator[Progress, None, BodyShape]:
    """Find the shape that explains the clearest frames best, all at once.

    Every frame gets a pose of its own; poses are eliminated from the normal equations
    (Schur complement), so that a step costs as much as fitting the frames apart.

    Args:
        model: The body.
        views: The person's tracklets in the fit's terms.
        landmark_name: Their landmark set.
        options: What is trusted how much.

    Returns:
        The shape; the body's middle where nothing was seen.
    """
    shape = BodyShape(betas=np.zeros(model.beta_count))
    evidence: list[Evidence] = []
    chosen = _clearest(views, _FRAMES_MAX)
    for done, (view, frame) in enumerate(chosen):
        fitter = FrameFitter(
            model,
            views[view],
            landmark_name=landmark_name,
            shape=shape,
            options=options,
        )
        evidence.append(Evidence(fitter, frame, fitter.cold(frame).state))
        yield Progress(done=done, total=2 * len(chosen), text="Finding the body shape")
    evidence = trusted(evidence)
    if evidence:
        # Errors of an estimator's landmarks repeat from frame to frame, so the prior
        # must be as strong against many frames as against one.
        weight = options.shape_weight * len(evidence)
        shape = solve_shape(evidence, shape, weight=weight, tolerance=options.tolerance)
    yield Progress(done=1, total=1, text="Finding the body shape")
    return shape


def _clearest(views: Sequence[Seen], count: int) -> list[tuple[int, int]]:
    """(view, frame) of the clearest frames, spread over time."""
    pairs = [
        (v, int(f)) for v, s in enumerate(views) for f in np.flatnonzero(s.present)
    ]
    if not pairs:
        return []
    clarity = np.array([views[v].trust_px[f].sum() for v, f in pairs])
    good = np.flatnonzero(clarity >= np.quantile(clarity, 0.5) - 1e-9)
    picks = np.unique(np.linspace(0, len(good) - 1, count).round().astype(int))
    return [pairs[i] for i in good[picks]]


def trusted(evidence: list[Evidence]) -> list[Evidence]:
    """Leave out frames whose own fit went clearly worse than most."""
    solved = [e.fitter.cost_of(e.frame, e.state) for e in evidence]
    if not solved:
        return []
    limit = 2.0 * float(np.median(solved))
    return [e for e, cost in zip(evidence, solved, strict=True) if cost <= limit]


def _shape_precision(shape: BodyShape, weight: float) -> FloatArray:
    if len(shape.betas):
        return np.full(len(shape.betas), weight)
    return np.full(1, weight / _SCALE_SPREAD**2)


def _moved(shape: BodyShape, step: FloatArray) -> BodyShape:
    if len(shape.betas):
        betas = np.clip(shape.betas + step, -_BETA_MAX, _BETA_MAX)
        return BodyShape(betas=betas, scale=shape.scale)
    return BodyShape(betas=shape.betas, scale=shape.scale * float(np.exp(step[0])))


def _unknowns(shape: BodyShape) -> FloatArray:
    return shape.betas if len(shape.betas) else np.array([np.log(shape.scale)])


class _Normal:
    """Normal equations of all frames for one shape."""

    def __init__(
        self, evidence: list[Evidence], shape: BodyShape, precision: FloatArray
    ) -> None:
        self.body = evidence[0].fitter.free_body(shape)
        self.pose_size = self.body.unknowns + 6
        size = self.pose_size + len(precision)
        self.hessians = np.empty((len(evidence), size, size))
        self.gradients = np.empty((len(evidence), size))
        unknowns = _unknowns(shape)
        self.cost = float(precision @ unknowns**2)
        self.shape_gradient = -precision * unknowns
        for i, e in enumerate(evidence):
            lower = np.empty((size, size))
            self.cost += fitting_residuals.assemble(
                self.body,
                e.fitter.prior,
                e.fitter.arrays(e.frame, e.state),
                e.fitter.no_tie,
                e.state,
                lower,
                self.gradients[i],
            )
            self.hessians[i] = np.tril(lower) + np.tril(lower, -1).T

    def step(
        self, precision: FloatArray, damping: float
    ) -> tuple[FloatArray, FloatArray]:
        """Damped steps of the poses, shape (frames, unknowns), and of the shape."""
        n = self.pose_size
        h = self.hessians.copy()
        diagonal = np.arange(n)
        h[:, diagonal, diagonal] *= 1.0 + damping
        h[:, diagonal, diagonal] += 1e-6
        right = np.concatenate([self.gradients[:, :n, None], h[:, :n, n:]], axis=2)
        solved = np.linalg.solve(h[:, :n, :n], right)
        pose, along = solved[:, :, 0], solved[:, :, 1:]
        a = np.diag(precision * (1.0 + damping))
        a = a + (h[:, n:, n:] - h[:, n:, :n] @ along).sum(0)
        b = self.shape_gradient + self.gradients[:, n:].sum(0)
        b = b - (h[:, n:, :n] @ pose[..., None]).sum(0)[:, 0]
        shape_step = _solved(a, b)
        return pose - along @ shape_step, shape_step


def solve_shape(
    evidence: list[Evidence], shape: BodyShape, *, weight: float, tolerance: float
) -> BodyShape:
    """The shape, near a first one, that explains all frames best at once.

    Args:
        evidence: Frames with their first fits; at least one.
        shape: Where to begin.
        weight: Strength of the shape prior.
        tolerance: It ends when a step gains less than this part of the cost.
    """
    precision = _shape_precision(shape, weight)
    normal = _Normal(evidence, shape, precision)
    damping = 1e-3
    for _ in range(_ROUNDS):
        steps, shape_step = normal.step(precision, damping)
        new_shape = _moved(shape, shape_step)
        moved = [
            Evidence(e.fitter, e.frame, _stepped(normal, e.state, s))
            for e, s in zip(evidence, steps, strict=True)
        ]
        trial = _Normal(moved, new_shape, precision)
        if trial.cost >= normal.cost:
            damping *= 10.0
            continue
        gain = normal.cost - trial.cost
        evidence, shape, normal = moved, new_shape, trial
        damping = max(damping / 10.0, 1e-7)
        if gain < tolerance * normal.cost:
            break
    return shape


def _solved(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.linalg.solve(a[None], b[None, :, None])[0, :, 0]


def _stepped(normal: _Normal, state: State, step: FloatArray) -> State:
    out = State(np.empty_like(state.rotations), np.empty(3), np.empty(3))
    fitting_solver.apply_step(normal.body, state, np.ascontiguousarray(step), out)
    return out
