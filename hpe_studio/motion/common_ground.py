"""One floor under everybody, and everybody's size, from where feet are seen to stand.

One camera cannot tell a tall person far off from a short one close by. But all stand on
the same floor, and that ties their sizes together; what one floor leaves open, known
heights settle, or else how tall people are. Everything is solved at once, so that what
is sure (a walk through the depth) helps what is not (somebody who stands still).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.motion.ground import INLIER_M, Ground, breadth_across_m

USUAL_HEIGHT_M = 1.70
_HEIGHT_LOG_SD, _KNOWN_LOG_SD = 0.1, 0.002
_TILT_SD_RAD = 0.15
_UPRIGHT_SD_RAD = np.radians(2.0)
_FOCAL_LOG_SD = 0.4
_CONTACT_SD_M = 0.02
_LEAST_SD_M = 0.005
_KNOWN_TILT_RAD = np.radians(3.0)
_KNOWN_FOCAL_LOG = 0.12
_MOST_TILT = np.tan(np.radians(40.0))
_LEAST_FOCAL, _MOST_FOCAL = 0.3, 3.0
_RIDGE = 1e-6
_TILT, _DISTANCE, _FOCAL, _SIZES = slice(0, 2), 2, 3, 4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Feet:
    """Where one person's feet stand, as one camera sees them; a row per contact.

    Attributes:
        joints_m: From the camera to the joint that stands, shape (contacts, 3), in the
            scene's axes.
        drops_m: How far the sole lies below that joint, shape (contacts,).
        depths_m: The pelvis's part along the viewing direction, shape (contacts, 3),
            scene: a lens g times as long adds it g - 1 times.
        centres_m: The camera's place, shape (contacts, 3), scene.
        height_m: How tall the person is now.
        known_height_m: How tall the person is known to be, or None.
    """

    joints_m: FloatArray
    drops_m: FloatArray
    depths_m: FloatArray
    centres_m: FloatArray
    height_m: float
    known_height_m: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GroundAndScale:
    """A floor, everybody's size, and what speaks for them.

    Attributes:
        ground: The floor, with contacts used and their spread.
        factors: How many times larger and farther each person is, shape (people,).
        factor_sds: How far that may be off, as a share, shape (people,).
        contact_counts: Contacts of each person, shape (people,).
        residuals_m: Root mean square of each person's soles from the floor, without
            those that do not stand on it, shape (people,); NaN where none does.
        tilt_sd_rad: How far the tilt may be off, told by contacts alone.
        focal_factor: How many times longer the lens is; 1 where it was not asked for
            or contacts do not tell.
        focal_sd: How far that may be off, as a share; infinite where it was not sought.
        is_height_known: True where somebody's known height fixes the size of all.
    """

    ground: Ground
    factors: FloatArray
    factor_sds: FloatArray
    contact_counts: IntArray
    residuals_m: FloatArray
    tilt_sd_rad: float
    focal_factor: float
    focal_sd: float
    is_height_known: bool


def ground_and_scale(
    people: Sequence[Feet], *, up: FloatArray, with_focal: bool = False
) -> GroundAndScale:
    """The floor and the sizes that agree best with all contacts at once.

    Sought are the floor's tilt (two numbers) and distance, a factor per person by which
    body and distance grow together, and on demand one for the focal length. A contact
    costs its sole's distance from the floor as a share of the camera's height over it
    (so that nobody shrinks to fit better), a person the logarithm of the height against
    1.70 m or the known one, the tilt its angle from what was taken for upright. Loss:
    scipy's soft L1, sum of 2 (sqrt(1 + r^2) - 1), then from there for contacts
    Cauchy's, sum of ln(1 + r^2), which lets go of feet that stand on steps; r is in
    standard deviations (contacts 2 cm, heights 10 %, tilt 9 degrees).

    A tilt that contacts alone tell worse than to 3 degrees counts as not known: it is
    then what suits upright and people's heights best. A longer lens makes of a floor
    one that leans more, so contacts tell the focal length only against how upright
    people stand, which is then believed to 2 degrees; where it comes out worse than to
    12 % (a camera that hardly looks down) it is left as it was.

    Args:
        people: Those with contacts, at least one.
        up: What was taken for upright so far, shape (3,).
        with_focal: True to look for the focal length too.

    Raises:
        ValueError: If there are no contacts, or somebody's feet are not below the
            camera.

    Source: spec 5.13 (a), (c), (d).
    """
    if not people or any(not len(one.joints_m) for one in people):
        raise ValueError("somebody has no contacts")
    problem = _Problem(people, up / np.linalg.norm(up))
    free = np.ones(problem.start.shape, dtype=np.bool_)
    free[_FOCAL] = False
    found = _solved(problem, problem.start, free)
    tilt_sd, focal_sd = _tilt_sd(problem, found, free), np.inf
    if with_focal and tilt_sd <= _KNOWN_TILT_RAD:
        longer = free.copy()
        longer[_FOCAL] = True
        problem.tilt_sd_rad = _UPRIGHT_SD_RAD
        other = _solved(problem, found, longer)
        focal_sd = _focal_sd(problem, other, longer)
        if focal_sd <= _KNOWN_FOCAL_LOG:
            found, free = other, longer
    return _reported(problem, found, free, (tilt_sd, focal_sd))


class _Problem:
    """Residuals of everything at once.

    Unknowns: tilt along two directions (tangents), logarithms of the camera's height
    over the floor, of the focal length's factor, and of each person's factor.

    Args:
        people: Whose contacts.
        up: Of length 1, shape (3,).
    """

    def __init__(self, people: Sequence[Feet], up: FloatArray) -> None:
        self.up = up
        self.counts: IntArray = np.array([len(one.joints_m) for one in people])
        self.who: IntArray = np.repeat(np.arange(len(people)), self.counts)
        self.joints_m = np.concatenate([one.joints_m for one in people])
        self.drops_m = np.concatenate([one.drops_m for one in people])
        self.depths_m = np.concatenate([one.depths_m for one in people])
        self.centres_m = np.concatenate([one.centres_m for one in people])
        self.origin_m = self.centres_m[0]
        heights = np.array([one.height_m for one in people])
        known = [one.known_height_m for one in people]
        self.is_known: BoolArray = np.array([h is not None for h in known])
        wanted = np.array([USUAL_HEIGHT_M if h is None else h for h in known])
        self.log_growth = np.log(wanted / heights)
        self.height_sds = np.where(self.is_known, _KNOWN_LOG_SD, _HEIGHT_LOG_SD)
        seed = np.array([1.0, 0.0, 0.0] if abs(up[0]) < 0.8 else [0.0, 0.0, 1.0])
        first = np.cross(up, seed)
        self.across = np.stack([first, np.cross(up, first / np.linalg.norm(first))])
        self.across[0] /= np.linalg.norm(first)
        self.tilt_sd_rad = _TILT_SD_RAD
        self.start = self._first_guess()
        self.reference_m = float(np.exp(self.start[_DISTANCE]))

    def _first_guess(self) -> FloatArray:
        """Level as before; one floor for all, at the size that suits most.

        Where that puts somebody's feet above the camera, the least other tilt at which
        all are below.
        """
        lean = next((t for t in _tilts() if self._are_below(t)), None)
        if lean is None:
            raise ValueError("feet above the camera")
        mine = self._below_m(self.normal(lean))
        wanted = np.log(mine) + self.log_growth
        trusted = wanted[self.is_known] if self.is_known.any() else wanted
        distance = float(np.median(trusted))
        sizes = distance - np.log(mine)
        return np.array([*lean.tolist(), distance, 0.0, *sizes.tolist()])

    def _below_m(self, normal: FloatArray) -> FloatArray:
        """How far soles mostly lie below the camera, shape (people,)."""
        below = self.drops_m - self.joints_m @ normal
        people = range(len(self.counts))
        return np.array([np.median(below[self.who == i]) for i in people])

    def _are_below(self, tilt: FloatArray) -> bool:
        return bool((self._below_m(self.normal(tilt)) > 0).all())

    def normal(self, x: FloatArray) -> FloatArray:
        """Up, of length 1, shape (3,)."""
        leaning = self.up + x[_TILT] @ self.across
        return leaning / np.linalg.norm(leaning)

    def soles_m(self, x: FloatArray) -> FloatArray:
        """Soles in the scene, shape (contacts, 3)."""
        longer = np.exp(x[_FOCAL]) - 1.0
        seen = self.joints_m + longer * self.depths_m
        seen = seen - self.drops_m[:, None] * self.normal(x)
        return self.centres_m + np.exp(x[_SIZES:])[self.who, None] * seen

    def height_m(self, x: FloatArray) -> float:
        """Of the floor along the normal."""
        return float(self.normal(x) @ self.origin_m - np.exp(x[_DISTANCE]))

    def off_m(self, x: FloatArray) -> FloatArray:
        """How far soles are above the floor, shape (contacts,)."""
        return self.soles_m(x) @ self.normal(x) - self.height_m(x)

    def contacts(self, x: FloatArray) -> FloatArray:
        """Contacts in standard deviations, shape (contacts,)."""
        over = self.centres_m @ self.normal(x) - self.height_m(x)
        share = self.off_m(x) / np.maximum(over, 0.05 * self.reference_m)
        return share * self.reference_m / _CONTACT_SD_M

    def heights(self, x: FloatArray) -> FloatArray:
        """Heights in standard deviations, shape (people,)."""
        return (x[_SIZES:] - self.log_growth) / self.height_sds

    def residuals(self, x: FloatArray) -> FloatArray:
        """All in standard deviations: contacts, heights, tilt, focal length."""
        beliefs = [*(x[_TILT] / self.tilt_sd_rad), x[_FOCAL] / _FOCAL_LOG_SD]
        return np.concatenate([self.contacts(x), self.heights(x), np.array(beliefs)])


def _tilts() -> list[FloatArray]:
    """Tilts to begin with: none, then every 5 degrees in twelve directions."""
    around = np.radians(np.arange(0, 360, 30))
    round_about = np.stack([np.cos(around), np.sin(around)], axis=-1)
    steps = np.tan(np.radians(np.arange(5, 40, 5)))
    return [np.zeros(2), *(step * to for step in steps for to in round_about)]


def _solved(problem: _Problem, start: FloatArray, free: BoolArray) -> FloatArray:
    """The best unknowns from a start; those that are not free stay."""
    optimize: Any = import_module("scipy.optimize")
    low = np.full(start.shape, -np.inf)
    low[_TILT], low[_FOCAL] = -_MOST_TILT, np.log(_LEAST_FOCAL)
    high = np.full(start.shape, np.inf)
    high[_TILT], high[_FOCAL] = _MOST_TILT, np.log(_MOST_FOCAL)

    def whole(part: FloatArray) -> FloatArray:
        x = start.copy()
        x[free] = part
        return x

    def residuals(part: FloatArray) -> FloatArray:
        return problem.residuals(whole(part))

    def let_go(square: FloatArray) -> FloatArray:
        """Cauchy's loss of contacts, soft L1 of the rest: value and two slopes."""
        away = 1.0 + square
        root = np.sqrt(away)
        loss = np.stack([2.0 * (root - 1.0), 1.0 / root, -0.5 / (away * root)])
        count = int(problem.counts.sum())
        cauchy = np.stack([np.log(away), 1.0 / away, -1.0 / np.square(away)])
        loss[:, :count] = cauchy[:, :count]
        return loss

    part = start[free]
    for loss in ("soft_l1", let_go):
        part = optimize.least_squares(
            residuals, part, bounds=(low[free], high[free]), loss=loss
        ).x
    return whole(part)


def _tilt_sd(problem: _Problem, x: FloatArray, free: BoolArray) -> float:
    """How far the tilt may be off where it is most, by contacts alone, radians."""
    tilt = _spread(problem, x, free, leave_out=3)[_TILT, _TILT]
    return float(np.sqrt(np.linalg.eigvalsh(tilt)[-1]))


def _focal_sd(problem: _Problem, x: FloatArray, free: BoolArray) -> float:
    """How far the focal length may be off, as a share."""
    at = np.flatnonzero(free).tolist().index(_FOCAL)
    return float(np.sqrt(_spread(problem, x, free, leave_out=1)[at, at]))


def _spread(
    problem: _Problem, x: FloatArray, free: BoolArray, *, leave_out: int
) -> FloatArray:
    """Covariance of the free unknowns, without the last so many residuals.

    The scatter of contacts is measured, at least 5 mm; contacts that stand elsewhere
    say little: the weight of Cauchy's loss.
    """
    at = problem.residuals(x)
    columns = np.flatnonzero(free)
    slope = np.empty((len(at), len(columns)))
    for column, unknown in enumerate(columns.tolist()):
        moved = x.copy()
        moved[unknown] += 1e-6
        slope[:, column] = (problem.residuals(moved) - at) / 1e-6
    count = int(problem.counts.sum())
    scatter = 1.4826 * float(np.median(np.abs(at[:count])))
    weight = 1.0 / np.sqrt(1.0 + np.square(at))
    weight[:count] /= max(scatter, _LEAST_SD_M / _CONTACT_SD_M)
    slope = (slope * weight[:, None])[: len(at) - leave_out]
    return np.linalg.inv(slope.T @ slope + _RIDGE * np.eye(len(columns)))


def _reported(
    problem: _Problem, x: FloatArray, free: BoolArray, sds: tuple[float, float]
) -> GroundAndScale:
    off = problem.off_m(x)
    is_near = np.abs(off) < INLIER_M
    sizes = np.diag(_spread(problem, x, free, leave_out=0))[-len(problem.counts) :]
    soles = problem.soles_m(x)
    ground = Ground(
        normal=problem.normal(x),
        height_m=problem.height_m(x),
        contact_count=len(off),
        inlier_count=int(is_near.sum()),
        spread_m=_rms(off[is_near]),
        breadth_m=breadth_across_m(soles[is_near], problem.normal(x)),
        is_tilt_known=sds[0] <= _KNOWN_TILT_RAD,
    )
    mine = [is_near & (problem.who == i) for i in range(len(problem.counts))]
    return GroundAndScale(
        ground=ground,
        factors=np.exp(x[_SIZES:]),
        factor_sds=np.sqrt(sizes),
        contact_counts=problem.counts,
        residuals_m=np.array([_rms(off[m]) for m in mine]),
        tilt_sd_rad=sds[0],
        focal_factor=float(np.exp(x[_FOCAL])),
        focal_sd=sds[1],
        is_height_known=bool(problem.is_known.any()),
    )


def _rms(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if len(values) else float("nan")
