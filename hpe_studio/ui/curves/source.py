"""The curves of the selected joint, kept until what they follow from changes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.person import BodyShape
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Track
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.curves.quantities import Asked, quantity
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.lanes.curves import CurveKind, Curves, Series, joined
from hpe_studio.ui.session import Session

KINDS: tuple[CurveKind, ...] = ("estimate", "base", "motion")
_KEYLESS = frozenset({"confidence", "contact"})


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Kept:
    """Curves, and what they were made of."""

    keys: object
    joint: int
    shape: BodyShape
    curves: Curves | None


class GraphSource:
    """Curves of the active person's tracks.

    Args:
        session: Whose selection.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: dict[tuple[str, int], _Kept] = {}
        self._series: dict[str, dict[CurveKind, Series]] = {}
        self._shown: dict[str, tuple[Curves, ...]] = {}

    @property
    def joint(self) -> int:
        """The joint whose curves are shown: the selected one, else the pelvis."""
        return self._session.view.selection.joint or 0

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The active person's tracks that have the joint, in order of time."""
        document, active = self._session.document, self._session.view.selection.active
        if active is None or active not in document.persons:
            return ()
        return tuple(
            track
            for track in document.tracks_of(active)
            if self.joint < len(skeleton(track.skeleton).joint_names)
        )

    @property
    def title(self) -> str:
        """The joint in words; "" where nobody is selected."""
        tracks = self.tracks
        if not tracks:
            return ""
        return joint_title(skeleton(tracks[0].skeleton).joint_names[self.joint])

    def take(self, touched: Touched) -> bool:
        """Forget what an edit changed; False where no curve can look different."""
        if touched.any_of("tracks", "estimates", "shots", "cameras", "settings"):
            self._kept.clear()
        if touched.any_of("marks"):
            self._drop("contact")
        followed = ("tracks", "keys", "persons", "shots", "estimates", "cameras")
        is_changed = touched.any_of(*followed, "marks", "settings")
        if is_changed:
            self.forget()
        return is_changed

    def forget(self) -> None:
        """Ask anew what is selected and which keys there are."""
        self._series.clear()
        self._shown.clear()

    def curves(self, quantity_id: str) -> tuple[Curves, ...]:
        """Curves of the tracks, in order of time."""
        if quantity_id not in self._shown:
            found = (self._one(quantity_id, track) for track in self.tracks)
            self._shown[quantity_id] = tuple(one for one in found if one is not None)
        return self._shown[quantity_id]

    def series(self, quantity_id: str) -> dict[CurveKind, Series]:
        """The kinds of curves that there are, all tracks of each in one."""
        if quantity_id not in self._series:
            curves = self.curves(quantity_id)
            found: dict[CurveKind, Series] = {}
            for kind in KINDS:
                one = joined(curves, kind)
                if one is not None:
                    found[kind] = one
            self._series[quantity_id] = found
        return self._series[quantity_id]

    def values_at(self, quantity_id: str, frame: int) -> FloatArray | None:
        """Values of one frame, shape (components,), or None where there are none."""
        curves = self.curves(quantity_id)
        index = bisect_right(curves, frame, key=_start_of) - 1
        return None if index < 0 else curves[index].at(frame)

    def _one(self, quantity_id: str, track: Track) -> Curves | None:
        document, place = self._session.document, (quantity_id, track.id)
        keys = document.keys_of(track.id)  # the document makes lists anew
        shape = document.persons[track.person_id].body_shape
        known = self._kept.get(place)
        if known is not None and (known.joint, known.shape) != (self.joint, shape):
            known = None
        is_keyless = quantity_id in _KEYLESS
        if known is not None and (is_keyless or known.keys is keys):
            return known.curves
        asked = Asked(
            session=self._session,
            track=track,
            keys=keys,
            joint=self.joint,
            before=None if known is None else known.curves,
            places=lambda: _there(self._one("places", track)),
        )
        made = quantity(quantity_id).make(asked)
        self._kept[place] = _Kept(keys=keys, joint=self.joint, shape=shape, curves=made)
        return made

    def _drop(self, quantity_id: str) -> None:
        for place in [p for p in self._kept if p[0] == quantity_id]:
            del self._kept[place]


def _there(curves: Curves | None) -> Curves:
    assert curves is not None, "a track has places"
    return curves


def _start_of(one: Curves) -> int:
    return one.start
