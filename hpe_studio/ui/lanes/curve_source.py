"""The curves of the selected joint, kept until its track or its keys change."""

from __future__ import annotations

from hpe_studio.core.skeleton import skeleton
from hpe_studio.ui.lanes.curves import (
    CurveKind,
    Curves,
    Series,
    joined,
    track_curves,
)
from hpe_studio.ui.session import Session

KINDS: tuple[CurveKind, ...] = ("estimate", "base", "motion")


class CurveSource:
    """Curves of the active person's tracks.

    Args:
        session: Whose selection.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: dict[int, tuple[object, int, Curves]] = {}
        self._all: tuple[Curves, ...] | None = None
        self._joined: dict[str, Series] | None = None

    @property
    def joint(self) -> int:
        """The joint whose curves are shown: the selected one, else the pelvis."""
        return self._session.view.selection.joint or 0

    def forget(self, *, tracks: bool = False) -> None:
        """Ask anew for keys and selection, where `tracks` for what lies below too."""
        self._all = None
        if tracks:
            self._kept.clear()

    def curves(self) -> tuple[Curves, ...]:
        """Curves of the active person's tracks, in order of time."""
        if self._all is None:
            self._all = self._made()
            self._joined = None
        return self._all

    def _made(self) -> tuple[Curves, ...]:
        """Curves of tracks, taken over from before where nothing of them changed."""
        document, active = self._session.document, self._session.view.selection.active
        if active is None or active not in document.persons:
            return ()
        joint = self.joint
        kept: dict[int, tuple[object, int, Curves]] = {}
        for track in document.tracks_of(active):
            if joint >= len(skeleton(track.skeleton).joint_names):
                continue
            keys = document.keys_of(track.id)
            known = self._kept.get(track.id)
            if known is None or known[0] is not keys or known[1] != joint:
                estimate = document.estimates.get(track.estimate_id or -1)
                same = known[2] if known is not None and known[1] == joint else None
                made = track_curves(track, keys, estimate, joint, same)
                known = keys, joint, made
            kept[track.id] = known
        self._kept = kept
        return tuple(entry[2] for entry in kept.values())

    def series(self) -> dict[str, Series]:
        """The kinds of curves that there are, all tracks of each in one."""
        curves = self.curves()
        if self._joined is None:
            found = ((name, joined(curves, name)) for name in KINDS)
            self._joined = {name: one for name, one in found if one is not None}
        return self._joined
