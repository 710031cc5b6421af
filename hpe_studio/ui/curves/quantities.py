"""What the curve view can show, and how it follows from a track. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Key, Track
from hpe_studio.posing.resolve import resolve
from hpe_studio.posing.series import (
    chain_to,
    continuous_rad,
    end_of_chain_m,
    narrowed,
    nearest_turns,
    speeds_m_s,
)
from hpe_studio.quality.series import confidence_of, contact_of, reprojection_of
from hpe_studio.ui.lanes.curves import Curves, reached_frames
from hpe_studio.ui.session import Session

_SAME = 1e-4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Asked:
    """What curves are wanted of.

    Attributes:
        session: Whose document and body.
        track: The track.
        keys: Its keys in order of frames.
        joint: Joint index.
        before: The same curves with other keys, which saves all but the frames that
            keys reach; or None.
        places: Gives the joint's places, of which speeds are made.
    """

    session: Session
    track: Track
    keys: Sequence[Key]
    joint: int
    before: Curves | None
    places: Callable[[], Curves]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """One kind of numbers.

    Attributes:
        id: Name in settings.
        title: English.
        unit: Behind the numbers, with a space where one belongs there.
        digits: Behind the point.
        components: Names of its curves; one nameless one where it is a plain number.
        least_span: It is never seen closer than this.
        make: Makes the curves of a track; None where there is nothing to show.
    """

    id: str
    title: str
    unit: str
    digits: int
    components: tuple[str, ...]
    least_span: float
    make: Callable[[Asked], Curves | None]

    @property
    def has_axes(self) -> bool:
        """True where the curves are X, Y and Z."""
        return self.components == ("X", "Y", "Z")

    def text(self, values: Sequence[float], shown: Sequence[int]) -> str:
        """Values of the shown components ("X 18.5°  Y −2.1°")."""
        words: list[str] = []
        for index, name in enumerate(self.components):
            if (self.has_axes and index not in shown) or np.isnan(values[index]):
                continue
            number = f"{round(values[index], self.digits) + 0.0:.{self.digits}f}"
            unit = " %" if name == "%" else self.unit
            letter = f"{name} " if self.has_axes else ""
            words.append(f"{letter}{number.replace('-', '−')}{unit}")
        return "  ".join(words)


def _angles(asked: Asked) -> Curves:
    track, joint, before = asked.track, asked.joint, asked.before
    mine = [key for key in asked.keys if joint in key.joints]
    part, keys = narrowed(track, mine, (joint,))
    if before is not None:
        base, said = _base_of(before), before.estimate
    else:
        base = np.rad2deg(continuous_rad(part.base_rad[:, 0].astype(np.float64)))
        said = _estimated(asked, base)
    frames = reached_frames(track, mine, (joint,))
    motion = base.copy()
    rows = frames - track.start
    turned = resolve(part, keys, frames).joints_rad[:, 0]
    motion[rows] = np.rad2deg(nearest_turns(turned, np.deg2rad(base[rows])))
    return _curves(track, motion, base, said, [key.frame for key in mine])


def _places(asked: Asked) -> Curves:
    track, before = asked.track, asked.before
    chain = chain_to(skeleton(track.skeleton).parents, asked.joint)
    mine = _moving(asked, chain)
    if before is not None:
        base, said = _base_of(before), before.estimate
    else:
        every = np.arange(track.start, track.stop)
        base = _places_at(asked, chain, (), every)
        said = _estimated_places(asked, chain, base)
    frames = reached_frames(track, mine, chain)
    motion = base.copy()
    motion[frames - track.start] = _places_at(asked, chain, mine, frames)
    shown = mine if asked.joint == 0 else []
    frames_of_keys = [key.frame for key in shown if key.root_offset_m is not None]
    return _curves(track, motion, base, said, frames_of_keys)


def _speeds(asked: Asked) -> Curves:
    track, places = asked.track, asked.places()
    times_s = asked.session.document.clip.times_s[track.start : track.stop]

    def speed(places_m: FloatArray | None) -> FloatArray | None:
        return None if places_m is None else speeds_m_s(places_m, times_s)[:, None]

    motion = speed(places.motion)
    assert motion is not None
    base, estimate = speed(places.base), speed(places.estimate)
    return _curves(track, motion, base, estimate, [])


def _confidences(asked: Asked) -> Curves | None:
    values = confidence_of(asked.session.document, asked.track, asked.joint)
    return None if values is None else _plain(asked.track, values[:, None])


def _contacts(asked: Asked) -> Curves | None:
    values = contact_of(asked.session.document, asked.track, asked.joint)
    return None if values is None else _plain(asked.track, values[:, None])


def _distances(asked: Asked) -> Curves | None:
    session = asked.session
    off = reprojection_of(session.document, session.poser, asked.track, asked.joint)
    return None if off is None else _plain(asked.track, off * (1.0, 100.0))


def _plain(track: Track, values: FloatArray) -> Curves:
    return _curves(track, values, values, None, [])


def _curves(
    track: Track,
    motion: FloatArray,
    base: FloatArray | None,
    said: FloatArray | None,
    key_frames: Sequence[int],
) -> Curves:
    is_base = base is None or np.array_equal(motion, base, equal_nan=True)
    return Curves(
        start=track.start,
        motion=motion,
        base=None if is_base else base,
        estimate=said,
        key_frames=tuple(key_frames),
        is_place=True,
    )


def _base_of(curves: Curves) -> FloatArray:
    return curves.motion if curves.base is None else curves.base


def _moving(asked: Asked, chain: tuple[int, ...]) -> list[Key]:
    wanted = frozenset(chain)
    return [
        key
        for key in asked.keys
        if key.root_offset_m is not None or not wanted.isdisjoint(key.joints)
    ]


def _places_at(
    asked: Asked, chain: tuple[int, ...], keys: Sequence[Key], frames: IntArray
) -> FloatArray:
    part, mine = narrowed(asked.track, keys, chain)
    motion = resolve(part, mine, frames)
    return _levelled(asked, chain, motion.joints_rad, motion.root_scene_m)


def _levelled(
    asked: Asked, chain: tuple[int, ...], joints_rad: FloatArray, root_m: FloatArray
) -> FloatArray:
    session, track = asked.session, asked.track
    person = session.document.persons[track.person_id]
    rest_m = session.poser.rest_joints_m(person, track.skeleton)[list(chain)]
    places = end_of_chain_m(rest_m, joints_rad, root_m)
    return session.document.shot_at(track.start).to_level(places)


def _said(asked: Asked, name: str) -> FloatArray | None:
    """An array of the estimate on the track's rows, NaN beyond it, or None."""
    track = asked.track
    estimate = asked.session.document.estimates.get(track.estimate_id or -1)
    array = None if estimate is None else estimate.arrays.get(name)
    if estimate is None or array is None:
        return None
    out = np.full((track.frame_count, *array.shape[1:]), np.nan)
    start, stop = max(track.start, estimate.start), min(track.stop, estimate.stop)
    if start < stop:
        rows = slice(start - estimate.start, stop - estimate.start)
        out[start - track.start : stop - track.start] = array[rows]
    return out


def _estimated(asked: Asked, base_deg: FloatArray) -> FloatArray | None:
    said = _said(asked, "joints_rad")
    if said is None or said.shape[1] <= asked.joint:
        return None
    near = nearest_turns(said[:, asked.joint], np.deg2rad(base_deg))
    return _unless_same(np.rad2deg(near), base_deg)


def _estimated_places(
    asked: Asked, chain: tuple[int, ...], base_m: FloatArray
) -> FloatArray | None:
    joints_rad, root_m = _said(asked, "joints_rad"), _said(asked, "root_scene_m")
    if joints_rad is None or root_m is None or joints_rad.shape[1] <= max(chain):
        return None
    said = _levelled(asked, chain, joints_rad[:, list(chain)], root_m)
    return _unless_same(said, base_m)


def _unless_same(said: FloatArray, base: FloatArray) -> FloatArray | None:
    return None if np.allclose(said, base, atol=_SAME, equal_nan=True) else said


_XYZ = ("X", "Y", "Z")

QUANTITIES: tuple[Quantity, ...] = (
    Quantity(id="angles", title="Angle", unit="°", digits=1, components=_XYZ,
             least_span=10.0, make=_angles),
    Quantity(id="places", title="Position", unit=" m", digits=3, components=_XYZ,
             least_span=0.1, make=_places),
    Quantity(id="speed", title="Speed", unit=" m/s", digits=2, components=("",),
             least_span=0.5, make=_speeds),
    Quantity(id="confidence", title="Confidence", unit="", digits=2, components=("",),
             least_span=1.0, make=_confidences),
    Quantity(id="contact", title="Contact", unit="", digits=0, components=("",),
             least_span=1.0, make=_contacts),
    Quantity(id="reprojection", title="Off the picture", unit=" px", digits=1,
             components=("", "%"), least_span=10.0, make=_distances),
)  # fmt: skip
"""Every kind of numbers, from top to bottom."""


def quantity(quantity_id: str) -> Quantity:
    """The kind of that name.

    Raises:
        KeyError: If there is none.
    """
    return {each.id: each for each in QUANTITIES}[quantity_id]
