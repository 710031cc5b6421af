"""Clean-up over a range of frames: smooth, fill, feet, body, scale, floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.mark import MarkKind
from hpe_studio.core.person import Person as StoredPerson
from hpe_studio.edits import floor, marks, scale, scale_ground, shape
from hpe_studio.edits.scale_ground import CommonGround
from hpe_studio.edits.stretch import stretches
from hpe_studio.edits.take_from import offers
from hpe_studio.edits.take_from import take_from as take_from_estimate
from hpe_studio.edits.tools import TOOLS, Bench
from hpe_studio.motion.ground import Ground
from hpe_studio.workflow.shape_refit import change_shape_and_refit

if TYPE_CHECKING:
    from hpe_studio.api import Person, Project

Frames = tuple[int, int] | None
WHOLE = "whole body"


def use(
    tool: str,
    person: Person,
    *,
    frames: Frames = None,
    limb: str = WHOLE,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Use a tool of `edits.tools.TOOLS` by its id; the functions below name them all.

    Raises:
        StudioError: If there is no such tool, nobody is there, somebody is locked, or
            an option is wrong; nothing has changed then.
    """
    if tool not in TOOLS:
        known = ", ".join(TOOLS)
        raise StudioError(f"there is no tool {tool!r}", fix=f"choose among {known}")
    document = person.document
    start, stop = frames or (0, None)
    chosen = stretches(
        document, persons=(person.id,), start=start, stop=stop, limb=limb
    )
    with document.edit(TOOLS[tool].spec.label) as edit:
        bench = Bench(edit=edit, document=document, poser=person.poser)
        TOOLS[tool].apply(bench, chosen, options or {})


def smooth(
    person: Person, *, frames: Frames = None, limb: str = WHOLE, **options: Any
) -> None:
    """Take the tremble out: `method`, `strength`, `cutoff_hz`, `protect`."""
    use("smooth", person, frames=frames, limb=limb, options=options)


def remove_outliers(
    person: Person, *, frames: Frames = None, limb: str = WHOLE, **options: Any
) -> None:
    """Make single wild frames anew: `angle_deg`, `distance_m`."""
    use("remove_outliers", person, frames=frames, limb=limb, options=options)


def make_anew(person: Person, *, frames: tuple[int, int], limb: str = WHOLE) -> None:
    """Make a limb, or the body with its place, anew from both sides of a range."""
    use("make_anew", person, frames=frames, limb=limb)


def keep_to_limits(person: Person, *, frames: Frames = None, limb: str = WHOLE) -> None:
    """Bring joints that bend too far back to what joints can do."""
    use("keep_to_limits", person, frames=frames, limb=limb)


def fill(person: Person, *, frames: Frames = None, limb: str = WHOLE) -> None:
    """Fill missing frames, and a limb on the whole range, from what lies about it."""
    use("fill", person, frames=frames, limb=limb)


def fill_from_mirror(
    person: Person, *, frames: Frames = None, limb: str, shift: int = 0
) -> None:
    """Move an arm or leg as the other one moves, `shift` frames later."""
    options = {"shift": shift}
    use("fill_from_mirror", person, frames=frames, limb=limb, options=options)


def carry_over(
    person: Person, *, frames: Frames = None, limb: str, **options: Any
) -> None:
    """Hold limbs that were never seen: `pose` ("stand", "sit", ...), or `frame`."""
    if "frame" in options:
        options.setdefault("pose", "another frame")
    use("carry_over", person, frames=frames, limb=limb, options=options)


def unflip(person: Person, *, frames: Frames = None) -> None:
    """Take left for right on a range."""
    use("unflip", person, frames=frames)


def find_contacts(person: Person, *, frames: Frames = None) -> None:
    """Mark when heels and toes stand."""
    use("find_contacts", person, frames=frames)


def lock_feet(person: Person, *, frames: Frames = None) -> None:
    """Keep standing feet where they stand; contacts are found where none are marked."""
    use("lock_feet", person, frames=frames)


def mirror(person: Person, *, about: str = "person") -> None:
    """Mirror everything a person does, `about` the "person" or the "picture"."""
    use("mirror_motion", person, options={"about": about})


def leave_out(person: Person, *, frames: Frames = None, limb: str = WHOLE) -> None:
    """Leave joints out of exports."""
    use("leave_out", person, frames=frames, limb=limb)


def take_in(person: Person, *, frames: Frames = None, limb: str = WHOLE) -> None:
    """Take joints that were left out into exports again."""
    use("take_in", person, frames=frames, limb=limb)


def mark(person: Person, kind: MarkKind, *, frames: tuple[int, int], limb: str) -> None:
    """Say that joints are "outside", "occluded", in "contact", or an "accent"."""
    _mark(person, kind, frames, limb, is_set=True)


def unmark(
    person: Person, kind: MarkKind, *, frames: tuple[int, int], limb: str
) -> None:
    """Take back what `mark` said."""
    _mark(person, kind, frames, limb, is_set=False)


def _mark(
    person: Person, kind: MarkKind, frames: tuple[int, int], limb: str, *, is_set: bool
) -> None:
    document = person.document
    chosen = stretches(
        document, persons=(person.id,), start=frames[0], stop=frames[1], limb=limb
    )
    put = marks.set_mark if is_set else marks.clear_mark
    label = f"Mark {kind}" if is_set else f"No more {kind}"
    with document.edit(label) as edit:
        for part in chosen:
            put(
                edit,
                document,
                part.track,
                kind=kind,
                joints=part.joints,
                start=part.start,
                stop=part.stop,
            )


def take_from(
    person: Person,
    take: str,
    *,
    frames: Frames = None,
    limb: str = WHOLE,
    blend: int = 5,
) -> None:
    """Let a range start anew from another take, by its name, with blended seams.

    Raises:
        StudioError: If no take of that name knows this person there.
    """
    document = person.document
    start, stop = frames or (0, None)
    chosen = stretches(
        document, persons=(person.id,), start=start, stop=stop, limb=limb
    )
    with document.edit("Take from") as edit:
        for part in chosen:
            found = {o.take.name: o.estimate for o in offers(document, part.track)}
            if take not in found:
                known = ", ".join(found) or "none"
                raise StudioError(
                    f"no take {take!r} knows {person.name} there",
                    fix=f"choose among {known}",
                )
            take_from_estimate(edit, document, part, found[take], blend=blend)


def set_measure(
    person: Person, name: str, value_m: float, *, refit: bool = False
) -> None:
    """Change a measure of `hs.edit.MEASURES` ("height", "arm"), in metres.

    With `refit` all frames are fitted to the points again, in the same step.
    """
    change = partial(shape.set_measure, name=name, value_m=value_m)
    _reshape(
        person,
        f"Change {name}",
        lambda edit: change(edit, person.poser, _stored(person)),
        refit=refit,
    )


def take_median_shape(person: Person, *, refit: bool = False) -> None:
    """Give a person the middle of the shapes that estimates gave; see `set_measure`."""
    _reshape(
        person,
        "Median shape",
        lambda edit: shape.take_median_shape(edit, person.document, _stored(person)),
        refit=refit,
    )


def take_shape_of_frame(person: Person, frame: int, *, refit: bool = False) -> None:
    """Give a person the shape that a frame's estimate has; see `set_measure`."""
    change = partial(shape.take_shape_of_frame, frame=frame)
    _reshape(
        person,
        "Shape of a frame",
        lambda edit: change(edit, person.document, _stored(person)),
        refit=refit,
    )


def _reshape(
    person: Person, label: str, change: Callable[[Edit], object], *, refit: bool
) -> None:
    with person.document.edit(label) as edit:
        if not refit:
            change(edit)
            return
        change_shape_and_refit(
            edit,
            person.document,
            person.poser.body,
            _stored(person),
            lambda: change(edit),
        )


def set_known_height(person: Person, height_m: float) -> float:
    """Make a person as tall as is known; the picture stays. Gives the factor."""
    with person.document.edit("Set known height") as edit:
        return scale.set_known_height(
            edit,
            person.document,
            person.poser,
            _stored(person),
            height_m=height_m,
        )


def set_known_distance(person: Person, distance_m: float, *, frame: int) -> float:
    """Put a person as far as is known on a frame; the picture stays."""
    with person.document.edit("Set known distance") as edit:
        return scale.set_known_distance(
            edit,
            person.document,
            _stored(person),
            frame=frame,
            distance_m=distance_m,
        )


def common_ground(
    project: Project,
    *,
    frame: int = 0,
    people: Sequence[Person] | None = None,
    known_heights_m: Mapping[int, float] | None = None,
    with_focal: bool = False,
) -> CommonGround:
    """Find the floor of a shot and everybody's size at once, by marked contacts.

    Args:
        project: The project.
        frame: A frame of the shot.
        people: Who takes part; all who are not ignored when None.
        known_heights_m: How tall some are, by their `id`; nobody is known when None.
        with_focal: True to look for the focal length too.

    Returns:
        Factors, heights, contacts used, residuals, and how far all that may be off.

    Raises:
        StudioError: If feet are not marked as standing, or somebody is locked.
    """
    document: Document = project.document
    with document.edit("Common ground and scale") as edit:
        return scale_ground.common_ground_and_scale(
            edit,
            document,
            project.poser,
            document.shot_at(frame),
            persons=None if people is None else [person.id for person in people],
            known_heights_m=known_heights_m,
            with_focal=with_focal,
        )


def level_from_contacts(project: Project, *, frame: int = 0) -> Ground:
    """Lay the floor of a shot under its marked contacts; gives what speaks for it."""
    document: Document = project.document
    with document.edit("Floor from contacts") as edit:
        return floor.level_from_contacts(
            edit, document, project.poser, document.shot_at(frame)
        )


def _stored(person: Person) -> StoredPerson:
    return person.document.persons[person.id]
