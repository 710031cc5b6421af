"""What can be done about a problem with one press: a table of repairs by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.mark import Verdict
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Track
from hpe_studio.edits import (
    borrow,
    feet,
    fill,
    identities,
    limits,
    marks,
    outliers,
    sides,
)
from hpe_studio.edits import decisions as deciding
from hpe_studio.edits.people import check_unlocked, delete_person
from hpe_studio.edits.stretch import Stretch
from hpe_studio.edits.tracks import cut_track, join_tracks
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.bodyparts import part_joints
from hpe_studio.quality.evidence import TrackEvidence
from hpe_studio.quality.finding import Finding

_WHOLE = 0.95
"""Share of a track from which on an unseen limb counts as never seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Where repairs are made.

    Attributes:
        edit: The open edit.
        document: Its document.
        poser: Poses of its people.
    """

    edit: Edit
    document: Document
    poser: Poser


Repairing = Callable[[Scene, Finding], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """One button of a problem.

    Attributes:
        id: Name for scripts ("fill").
        label: English; what the button says.
        icon: Name of a line icon.
        run: Writes it; None where it only decides.
        verdict: What is decided with it.
    """

    id: str
    label: str
    icon: str
    run: Repairing | None
    verdict: Verdict = "repaired"


def track_of(document: Document, finding: Finding) -> Track:
    """The track a problem is on, also where it was cut or given away since.

    Raises:
        StudioError: If the person has no track there any more.
    """
    track = document.tracks.get(finding.track_id)
    if track is not None and track.person_id == finding.person_id:
        is_gap = finding.kind == "missing"
        if is_gap or finding.overlap(track.start, track.stop):
            return track
    for other in document.tracks_of(finding.person_id):
        if finding.overlap(other.start, other.stop):
            return other
    raise StudioError("the person has no track there", fix="check again")


def is_never_seen(document: Document, finding: Finding) -> bool:
    """True where a limb is outside the picture as long as its track lasts."""
    track = document.tracks.get(finding.track_id)
    if finding.kind != "truncated" or track is None:
        return False
    return finding.frame_count >= _WHOLE * track.frame_count


def repairs_of(document: Document, finding: Finding) -> tuple[Repair, ...]:
    """What can be done about a problem, the best first; perhaps nothing."""
    if is_never_seen(document, finding):
        return _NEVER_SEEN
    return _REPAIRS.get(finding.kind, ())


def repair(scene: Scene, how: Repair, finding: Finding) -> None:
    """Make a repair and note that it was made.

    Raises:
        StudioError: If it cannot be made; the caller takes the edit back.
    """
    if how.run is not None:
        how.run(scene, finding)
    settle(scene.edit, scene.document, finding, how.verdict)


def settle(edit: Edit, document: Document, finding: Finding, verdict: Verdict) -> None:
    """Decide about a problem; about what was never seen once for the whole shot."""
    start, stop, joints = finding.start, finding.stop, finding.joints
    if is_never_seen(document, finding):
        shot, track = document.shot_at(finding.start), track_of(document, finding)
        start, stop = shot.start, shot.stop
        joints = _limb_stretch(track, finding).joints
    deciding.decide(
        edit,
        document,
        kind=finding.kind,
        person_id=finding.person_id,
        start=start,
        stop=stop,
        joints=joints,
        verdict=verdict,
    )


def alike(finding: Finding, others: Iterable[Finding]) -> tuple[Finding, ...]:
    """Problems of the same kind, with the finding itself."""
    return tuple(o for o in others if o.kind == finding.kind)


# The table ---------------------------------------------------------------------


def _fill_unseen(scene: Scene, finding: Finding) -> None:
    track = track_of(scene.document, finding)
    one = TrackEvidence(scene.document, scene.poser, track)
    rows = slice(max(finding.start - track.start, 0), finding.stop - track.start)
    unseen = one.is_unseen
    for members in _limbs(track, finding.joints):
        joints = [j for j in members if unseen[rows, j].any()]
        if joints:
            fill.fill_limb(
                scene.edit,
                scene.document,
                track,
                start=finding.start,
                stop=finding.stop,
                joints=joints,
                is_known=~unseen,
            )


def _limbs(track: Track, joints: Iterable[int]) -> list[tuple[int, ...]]:
    """All joints of each limb that one of the joints belongs to."""
    wanted = set(joints)
    parts = part_joints(skeleton(track.skeleton)).values()
    return [members for members in parts if wanted & set(members)]


def _fill_gap(scene: Scene, finding: Finding) -> None:
    edit, document = scene.edit, scene.document
    track = track_of(document, finding)
    while track.stop < finding.stop + 1:
        later = [
            t for t in document.tracks_of(finding.person_id) if t.start >= track.stop
        ]
        if not later:
            break
        track = join_tracks(edit, document, track, later[0])
    fill.fill_missing(edit, document, track, start=finding.start, stop=finding.stop)


def _unflip(scene: Scene, finding: Finding) -> None:
    track = track_of(scene.document, finding)
    sides.swap_sides(
        scene.edit, scene.document, track, start=finding.start, stop=finding.stop
    )


def _swap_from_here(scene: Scene, finding: Finding) -> None:
    persons = scene.document.persons
    identities.swap_people(
        scene.edit,
        scene.document,
        persons[finding.person_id],
        persons[finding.other_person_id or finding.person_id],
        start=finding.start,
        stop=scene.document.shot_at(finding.start).stop,
    )


def _replace(scene: Scene, finding: Finding) -> None:
    track = track_of(scene.document, finding)
    where = {"start": finding.start - 1, "stop": finding.stop + 1}
    for members in _limbs(track, finding.joints) or [()]:
        outliers.replace_frames(
            scene.edit, scene.document, track, joints=members, **where
        )


def _clamp(scene: Scene, finding: Finding) -> None:
    limits.clamp_joints(
        scene.edit,
        scene.document,
        track_of(scene.document, finding),
        start=finding.start,
        stop=finding.stop,
        joints=finding.joints,
    )


def _lock_feet(scene: Scene, finding: Finding) -> None:
    edit, document = scene.edit, scene.document
    track = track_of(document, finding)
    start, stop = finding.start, finding.stop
    names = skeleton(track.skeleton).joint_names
    toes = [j for j in finding.joints if names[j].endswith("_foot")]
    marks.set_mark(
        edit, document, track, kind="contact", joints=toes, start=start, stop=stop
    )
    feet.lock_feet(edit, document, scene.poser, track, start, stop)


def _drop_second(scene: Scene, finding: Finding) -> None:
    edit, document = scene.edit, scene.document
    person = document.persons[finding.person_id]
    check_unlocked(person)
    part = track_of(document, finding)
    if part.start < finding.start:
        _, part = cut_track(edit, document, part, finding.start)
    if finding.stop < part.stop:
        part, _ = cut_track(edit, document, part, finding.stop)
    if len(document.tracks_of(person.id)) == 1:
        delete_person(edit, document, person)
        return
    for value in (*document.keys_of(part.id), *document.every_mark_of(part.id)):
        edit.remove(value)
    edit.remove(part)


def _smooth_range(scene: Scene, finding: Finding) -> None:
    track = track_of(scene.document, finding)
    for members in _limbs(track, finding.joints):
        outliers.replace_frames(
            scene.edit,
            scene.document,
            track,
            start=finding.start,
            stop=finding.stop,
            joints=members,
        )


def _posed(pose: str) -> Repairing:
    """Hold what was never seen as it usually is when somebody stands or sits."""

    def run(scene: Scene, finding: Finding) -> None:
        track = track_of(scene.document, finding)
        stretch = _limb_stretch(track, finding)
        borrow.carry_over(scene.edit, scene.document, stretch, pose=pose)

    return run


def _carry_over(scene: Scene, finding: Finding) -> None:
    """Hold what was never seen as in the person's nearest other track."""
    track = track_of(scene.document, finding)
    others = [
        t
        for t in scene.document.tracks_of(finding.person_id)
        if t.id != track.id and np.isfinite(t.base_root_m[:, 0]).any()
    ]
    if not others:
        raise StudioError(
            "this person is in no other shot",
            fix="let the limb stand, sit, or be left out",
        )
    other = min(others, key=lambda t: max(t.start - track.stop, track.start - t.stop))
    rows = np.flatnonzero(np.isfinite(other.base_root_m[:, 0]))
    row = int(rows[-1] if other.start < track.start else rows[0])
    borrow.carry_over(
        scene.edit,
        scene.document,
        _limb_stretch(track, finding),
        pose=borrow.FROM_FRAME,
        frame=other.start + row,
    )


def _limb_stretch(track: Track, finding: Finding) -> Stretch:
    joints = {j for members in _limbs(track, finding.joints) for j in members}
    rows = slice(0, track.frame_count)
    return Stretch(track=track, rows=rows, joints=tuple(sorted(joints)))


_REPAIRS: Mapping[str, tuple[Repair, ...]] = MappingProxyType(
    {
        "truncated": (
            Repair(id="fill", label="Accept fill", icon="check", run=_fill_unseen),
        ),
        "missing": (
            Repair(id="gap", label="Fill gap", icon="sparkles", run=_fill_gap),
        ),
        "flip": (
            Repair(id="unflip", label="Unflip", icon="flip-horizontal-2", run=_unflip),
        ),
        "swap": (
            Repair(
                id="swap",
                label="Swap from here",
                icon="arrow-left-right",
                run=_swap_from_here,
            ),
        ),
        "jump": (
            Repair(id="replace", label="Remove jump", icon="activity", run=_replace),
        ),
        "implausible": (
            Repair(id="clamp", label="Keep to limits", icon="bone", run=_clamp),
        ),
        "foot_slide": (
            Repair(id="lock", label="Lock foot", icon="footprints", run=_lock_feet),
        ),
        "duplicate": (
            Repair(id="drop", label="Delete copy", icon="trash-2", run=_drop_second),
        ),
        "low_confidence": (
            Repair(
                id="accept", label="Accept", icon="check", run=None, verdict="fixed"
            ),
            Repair(id="refill", label="Fill anew", icon="sparkles", run=_smooth_range),
        ),
    }
)

_NEVER_SEEN = (
    Repair(
        id="leave_out", label="Leave out", icon="eye-off", run=None, verdict="left out"
    ),
    Repair(id="stand", label="Let stand", icon="person-standing", run=_posed("stand")),
    Repair(id="sit", label="Let sit", icon="person-standing", run=_posed("sit")),
    Repair(id="carry", label="As in the next shot", icon="copy", run=_carry_over),
)
