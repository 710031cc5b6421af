"""People as they were drawn last: who stays is not worked out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hpe_studio.render import skeleton2d
from hpe_studio.render.alike import are_alike
from hpe_studio.render.drawlist import Shape
from hpe_studio.render.viewtransform import ViewTransform

if TYPE_CHECKING:
    from hpe_studio.render.overlay import OverlayPerson

_SHAPES: dict[str, Callable[[skeleton2d.ViewSkeleton], list[Shape]]] = {
    "person": skeleton2d.person_shapes,
    "ghost": skeleton2d.ghost_shapes,
    "truth": skeleton2d.truth_shapes,
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DrawnPerson:
    """Someone in the view.

    Attributes:
        skeleton: Where their points are.
        shapes: How they are drawn.
    """

    skeleton: skeleton2d.ViewSkeleton
    shapes: tuple[Shape, ...]


class SkeletonMemory:
    """Keeps everyone of the last drawing, with the very shapes that drew them.

    Attributes:
        made: How many people have been worked out so far.
    """

    def __init__(self) -> None:
        self._view: ViewTransform | None = None
        self._known: dict[str, DrawnPerson] = {}
        self.made = 0

    def drawn(
        self, people: Sequence[OverlayPerson], view: ViewTransform
    ) -> list[DrawnPerson]:
        """Everyone as they are drawn, in the same order."""
        known = self._known if view == self._view else {}
        found = [self._one(person, view, known.get(person.id)) for person in people]
        self._view = view
        self._known = {one.skeleton.person.id: one for one in found}
        return found

    def _one(
        self, person: OverlayPerson, view: ViewTransform, known: DrawnPerson | None
    ) -> DrawnPerson:
        if known is not None and are_alike(known.skeleton.person, person):
            return known
        self.made += 1
        skeleton = skeleton2d.in_view(person, view)
        shapes = tuple(_SHAPES[person.style](skeleton))
        return DrawnPerson(skeleton=skeleton, shapes=shapes)
