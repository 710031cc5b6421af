"""Every clean-up tool by name, as menus, scripts and the inspector call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


def _smooth(bench: Bench, stretch: Stretch, **options: Any) -> None:
    smooth.smooth_stretch(bench.edit, bench.document, bench.poser, stretch, **options)


def _remove_outliers(bench: Bench, stretch: Stretch, **options: Any) -> None:
    spikes.remove_outliers(bench.edit, bench.document, stretch, **options)


def _make_anew(bench: Bench, stretch: Stretch) -> None:
    outliers.replace_frames(
        bench.edit,
        bench.document,
        stretch.track,
        start=stretch.start,
        stop=stretch.stop,
        joints=() if stretch.is_whole else stretch.joints,
    )


def _keep_to_limits(bench: Bench, stretch: Stretch) -> None:
    limits.clamp_joints(
        bench.edit,
        bench.document,
        stretch.track,
        start=stretch.start,
        stop=stretch.stop,
        joints=stretch.joints,
    )


def _fill(bench: Bench, stretch: Stretch) -> None:
    fill.fill_missing_within(bench.edit, bench.document, stretch)
    if not stretch.is_whole:
        now = stretch.renewed(bench.document)
        fill.fill_limb(
            bench.edit,
            bench.document,
            now.track,
            start=now.start,
            stop=now.stop,
            joints=now.joints,
            is_known=seen(bench.document, now.track),
        )


def _fill_from_mirror(bench: Bench, stretch: Stretch, **options: Any) -> None:
    borrow.fill_from_mirror(bench.edit, bench.document, stretch, **options)


def _carry_over(bench: Bench, stretch: Stretch, **options: Any) -> None:
    borrow.carry_over(bench.edit, bench.document, stretch, **options)


def _unflip(bench: Bench, stretch: Stretch) -> None:
    sides.swap_sides(
        bench.edit,
        bench.document,
        stretch.track,
        start=stretch.start,
        stop=stretch.stop,
    )


def _find_contacts(bench: Bench, stretch: Stretch) -> None:
    feet.find_contacts(
        bench.edit,
        bench.document,
        bench.poser,
        stretch.track,
        stretch.start,
        stretch.stop,
    )


def _lock_feet(bench: Bench, stretch: Stretch) -> None:
    if not bench.document.marks_of(stretch.track.id, "contact"):
        _find_contacts(bench, stretch)
    feet.lock_feet(
        bench.edit,
        bench.document,
        bench.poser,
        stretch.track,
        stretch.start,
        stretch.stop,
    )


def _mirror(bench: Bench, stretch: Stretch, **options: Any) -> None:
    mirror_motion.mirror_motion(bench.edit, bench.document, stretch.track, **options)


def _leave_out(bench: Bench, stretch: Stretch) -> None:
    left_out.leave_out(bench.edit, bench.document, stretch)


def _take_in(bench: Bench, stretch: Stretch) -> None:
    left_out.take_in(bench.edit, bench.document, stretch)


_ALL = (
    Tool(
        spec=smooth.SPEC,
        run=_smooth,
        about="Takes the tremble out without lag; accents and unseen limbs stay",
        us_per_frame=150,
    ),
    Tool(
        spec=spikes.SPEC,
        run=_remove_outliers,
        about="Makes single wild frames anew from what lies about them",
        us_per_frame=120,
    ),
    Tool(
        spec=outliers.SPEC,
        run=_make_anew,
        about="The range anew from both sides of it, whatever was estimated there",
        us_per_frame=400,
    ),
    Tool(
        spec=limits.SPEC,
        run=_keep_to_limits,
        about="Joints that bend too far come back to what joints can do",
    ),
    Tool(
        spec=fill.SPEC,
        run=_fill,
        about="Missing frames from both sides; a limb also from repeated motion",
        us_per_frame=400,
    ),
    Tool(
        spec=borrow.MIRROR_SPEC,
        run=_fill_from_mirror,
        about="Moves an arm or leg as the other one moves",
        needs_limb=True,
    ),
    Tool(
        spec=borrow.CARRY_SPEC,
        run=_carry_over,
        about="For limbs that were never seen: stand, sit, or as on another frame",
        needs_limb=True,
    ),
    Tool(
        spec=sides.SPEC,
        run=_unflip,
        about="Left for right, where the estimate took one for the other",
    ),
    Tool(
        spec=feet.CONTACTS_SPEC,
        run=_find_contacts,
        about="Marks when heels and toes stand",
    ),
    Tool(
        spec=feet.LOCK_SPEC,
        run=_lock_feet,
        about="Standing feet stay where they stand; finds contacts where none are",
        us_per_frame=3000,
    ),
    Tool(
        spec=mirror_motion.SPEC,
        run=_mirror,
        about="The whole track left for right, with its keys",
    ),
    Tool(
        spec=left_out.SPEC,
        run=_leave_out,
        about="Exports do without these joints on these frames",
        needs_limb=True,
    ),
    Tool(
        spec=left_out.TAKE_IN_SPEC,
        run=_take_in,
        about="Exports have these joints again",
    ),
)
TOOLS: Mapping[str, Tool] = MappingProxyType({tool.spec.id: tool for tool in _ALL})
"""By id, in the order in which they are shown."""
