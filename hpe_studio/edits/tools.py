"""Every clean-up tool by name, as menus, scripts and the inspector call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.specs import EditSpec, validated_options
from hpe_studio.edits import (
    borrow,
    feet,
    fill,
    left_out,
    limits,
    mirror_motion,
    outliers,
    sides,
    smooth,
    spikes,
)
from hpe_studio.edits.stretch import Stretch, seen
from hpe_studio.posing.posed import Poser


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Bench:
    """Where a tool works.

    Attributes:
        edit: The open edit.
        document: Its document.
        poser: Poses of its people.
    """

    edit: Edit
    document: Document
    poser: Poser


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Tool:
    """One tool for a range.

    Attributes:
        spec: Name, label, options.
        run: Works on one stretch.
        about: What it is good for, one line.
        us_per_frame: About how long it takes for one person's frame, microseconds;
            what takes longer than a moment is done as a job.
        needs_limb: True where the whole body makes no sense.
    """

    spec: EditSpec
    run: Callable[..., object]
    about: str
    us_per_frame: int = 60
    needs_limb: bool = False

    def apply(
        self, bench: Bench, stretches: tuple[Stretch, ...], options: Mapping[str, Any]
    ) -> None:
        """Work on stretches, one after the other.

        Raises:
            StudioError: If an option is wrong, or a stretch cannot be worked on.
        """
        settings = checked(self.spec, options)
        for stretch in stretches:
            now = stretch.renewed(bench.document)
            self.run(bench, now, **settings)


def checked(spec: EditSpec, options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a tool with defaults for what was not said.

    Raises:
        StudioError: If one is unknown or out of range.
    """
    try:
        return dict(validated_options(spec.options, options))
    except ValueError as error:
        raise StudioError(str(error), fix="see what the tool can do") from None


def _of_stretch(function: Callable[..., object]) -> Callable[..., object]:
    """A tool of a function that takes edit, document and stretch."""

    def run(bench: Bench, stretch: Stretch, **options: Any) -> None:
        function(bench.edit, bench.document, stretch, **options)

    return run


def _of_range(
    function: Callable[..., object], *, takes_joints: bool = False
) -> Callable[..., object]:
    """A tool of a function that takes a track, its clip frames and perhaps joints."""

    def run(bench: Bench, stretch: Stretch) -> None:
        where: dict[str, Any] = {"start": stretch.start, "stop": stretch.stop}
        if takes_joints:
            where["joints"] = stretch.joints
        function(bench.edit, bench.document, stretch.track, **where)

    return run


def _smooth(bench: Bench, stretch: Stretch, **options: Any) -> None:
    smooth.smooth_stretch(bench.edit, bench.document, bench.poser, stretch, **options)


def _make_anew(bench: Bench, stretch: Stretch) -> None:
    of_all_or_some = _of_range(
        outliers.replace_frames, takes_joints=not stretch.is_whole
    )
    of_all_or_some(bench, stretch)


def _fill(bench: Bench, stretch: Stretch) -> None:
    fill.fill_missing_within(bench.edit, bench.document, stretch)
    if not stretch.is_whole:
        now = stretch.renewed(bench.document)
        known = seen(bench.document, now.track)
        limb = partial(fill.fill_limb, is_known=known)
        _of_range(limb, takes_joints=True)(bench, now)


def _mirror(bench: Bench, stretch: Stretch, **options: Any) -> None:
    mirror_motion.mirror_motion(bench.edit, bench.document, stretch.track, **options)


def _of_feet(bench: Bench, stretch: Stretch, function: Callable[..., object]) -> None:
    function(
        bench.edit,
        bench.document,
        bench.poser,
        stretch.track,
        stretch.start,
        stretch.stop,
    )


def _find_contacts(bench: Bench, stretch: Stretch) -> None:
    _of_feet(bench, stretch, feet.find_contacts)


def _lock_feet(bench: Bench, stretch: Stretch) -> None:
    if not bench.document.marks_of(stretch.track.id, "contact"):
        _find_contacts(bench, stretch)
    _of_feet(bench, stretch, feet.lock_feet)


def _tool(spec: EditSpec, run: Callable[..., object], about: str, **more: Any) -> Tool:
    return Tool(spec=spec, run=run, about=about, **more)


_ALL = (
    _tool(
        smooth.SPEC,
        _smooth,
        "Takes the tremble out without lag; accents and unseen limbs stay",
        us_per_frame=150,
    ),
    _tool(
        spikes.SPEC,
        _of_stretch(spikes.remove_outliers),
        "Makes single wild frames anew from what lies about them",
        us_per_frame=120,
    ),
    _tool(
        outliers.SPEC,
        _make_anew,
        "The range anew from both sides of it, whatever was estimated there",
        us_per_frame=400,
    ),
    _tool(
        limits.SPEC,
        _of_range(limits.clamp_joints, takes_joints=True),
        "Joints that bend too far come back to what joints can do",
    ),
    _tool(
        fill.SPEC,
        _fill,
        "Missing frames from both sides; a limb also from repeated motion",
        us_per_frame=400,
    ),
    _tool(
        borrow.MIRROR_SPEC,
        _of_stretch(borrow.fill_from_mirror),
        "Moves an arm or leg as the other one moves",
        needs_limb=True,
    ),
    _tool(
        borrow.CARRY_SPEC,
        _of_stretch(borrow.carry_over),
        "For limbs that were never seen: stand, sit, or as on another frame",
        needs_limb=True,
    ),
    _tool(
        sides.SPEC,
        _of_range(sides.swap_sides),
        "Left for right, where the estimate took one for the other",
    ),
    _tool(
        feet.CONTACTS_SPEC,
        _find_contacts,
        "Marks when heels and toes stand",
    ),
    _tool(
        feet.LOCK_SPEC,
        _lock_feet,
        "Standing feet stay where they stand; finds contacts where none are",
        us_per_frame=3000,
    ),
    _tool(
        mirror_motion.SPEC,
        _mirror,
        "The whole track left for right, with its keys",
    ),
    _tool(
        left_out.SPEC,
        _of_stretch(left_out.leave_out),
        "Exports do without these joints on these frames",
        needs_limb=True,
    ),
    _tool(
        left_out.TAKE_IN_SPEC,
        _of_stretch(left_out.take_in),
        "Exports have these joints again",
    ),
)
TOOLS: Mapping[str, Tool] = MappingProxyType({tool.spec.id: tool for tool in _ALL})
"""By id, in the order in which they are shown."""
