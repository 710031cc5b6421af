"""One frame's fit: what the fits to pictures and to 3D points share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion import fitting_solver
from hpe_studio.motion.fitting_arrays import (
    BodyArrays,
    PriorArrays,
    PullArrays,
    SeenArrays,
    State,
)

UNEVEN = 0.5
"""Usual unevenness of a motion over 1/30 s, in usual steps over that time."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Solved:
    """One frame's fit.

    Attributes:
        state: Its pose.
        cost: Robust cost, with that of a tie to other frames if there was one.
        trust: Sum of the weights that stood against it.
        converged: Whether the steps ended by themselves.
    """

    state: State
    cost: float
    trust: float
    converged: bool

    @property
    def cost_per_trust(self) -> float:
        """Cost per unit of trust; what fits of different frames are compared by."""
        return self.cost / max(self.trust, 1e-6)


class FrameSolver(ABC):
    """Fits single frames of one person with one body shape.

    Args:
        body: The body in that shape.
        prior: What poses are usual.
        tolerance: A frame is done when a step gains less than this part of the cost.
    """

    def __init__(
        self, body: BodyArrays, prior: PriorArrays, *, tolerance: float
    ) -> None:
        self.body = body
        self.prior = prior
        self._tolerance = tolerance
        count = len(body.parents)
        self.no_tie = PullArrays(
            rotations=np.broadcast_to(np.eye(3), (count, 3, 3)).copy(),
            precision=np.zeros(count),
            root_m=np.zeros(3),
            root_precision=np.zeros(3),
        )

    @abstractmethod
    def arrays(self, frame: int, state: State, robust: float = 1.0) -> SeenArrays:
        """What is seen in a frame; `robust` widens what counts as an outlier."""

    @abstractmethod
    def trust(self, frame: int) -> float:
        """Sum of the weights of what is seen in a frame."""

    def cost_of(self, frame: int, state: State) -> float:
        """Cost per trust of a state on a frame, tied to nothing."""
        cost, _ = self.solve(self.arrays(frame, state), self.no_tie, state, 0)
        return self.solved(frame, state, cost, True).cost_per_trust

    def solve(
        self, arrays: SeenArrays, tie: PullArrays, state: State, rounds: int
    ) -> tuple[float, int]:
        """Change a state in place; its cost and how many steps were taken."""
        return fitting_solver.solve_frame(
            self.body, self.prior, arrays, tie, state, rounds, self._tolerance
        )

    def solved(self, frame: int, state: State, cost: float, converged: bool) -> Solved:
        """A state with what stood against it."""
        return Solved(
            state=state, cost=cost, trust=self.trust(frame), converged=converged
        )

    def usual_rad(self) -> FloatArray:
        """The usual pose of the joints that are free, shape (joints, 3)."""
        usual = self.prior.mean_rad.copy()
        usual[self.body.column < 0] = 0.0
        usual[0] = 0.0
        return usual


def copied(state: State) -> State:
    """A state that can be changed in place."""
    return State(state.rotations.copy(), state.root_m.copy(), state.origin_m.copy())
