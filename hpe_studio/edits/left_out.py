"""Limbs that are left out of exports, because nobody ever saw them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import BoolArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.mark import Decision
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import EditSpec
from hpe_studio.core.track import Track
from hpe_studio.edits.decisions import decide
from hpe_studio.edits.stretch import Stretch

SPEC = EditSpec(id="leave_out", label="Leave out of export")
TAKE_IN_SPEC = EditSpec(id="take_in", label="Take into export again")
_KIND, _VERDICT = "truncated", "left out"


def leave_out(edit: Edit, document: Document, stretch: Stretch) -> None:
    """Keep joints out of exports on a range; what they do stays as it is.

    Raises:
        StudioError: If the track or its person is locked.
    """
    edit.check_unlocked(stretch.track.id)
    decide(
        edit,
        document,
        kind=_KIND,
        person_id=stretch.track.person_id,
        joints=() if stretch.is_whole else stretch.joints,
        start=stretch.start,
        stop=stretch.stop,
        verdict=_VERDICT,
    )


def take_in(edit: Edit, document: Document, stretch: Stretch) -> int:
    """Take back every such decision that meets the stretch; how many there were.

    Raises:
        StudioError: If the track or its person is locked.
    """
    edit.check_unlocked(stretch.track.id)
    mine = [
        d
        for d in _decisions(document, stretch.track)
        if d.start < stretch.stop
        and stretch.start < d.stop
        and (not d.joints or set(d.joints) & set(stretch.joints))
    ]
    for decision in mine:
        edit.remove(decision)
    return len(mine)


def left_out(document: Document, track: Track) -> BoolArray:
    """What of a track is left out, shape (frames, joints)."""
    out = np.zeros(track.base_source.shape, dtype=np.bool_)
    for decision in _decisions(document, track):
        first = max(decision.start, track.start) - track.start
        stop = min(decision.stop, track.stop) - track.start
        if first < stop:
            count = skeleton(track.skeleton).joint_count
            joints = list(decision.joints) or list(range(count))
            out[first:stop, joints] = True
    return out


def _decisions(document: Document, track: Track) -> Sequence[Decision]:
    return [
        d
        for d in document.decisions.values()
        if d.verdict == _VERDICT and d.person_id == track.person_id
    ]
