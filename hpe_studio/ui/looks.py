"""Whether people look different from before, beyond their names and locks."""

from __future__ import annotations

from hpe_studio.core.document import Document

_Look = tuple[str, object]


class Looks:
    """Colours and shapes of all people as they were when last asked for.

    Args:
        document: Whose people.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known = self._now()

    def are_new(self) -> bool:
        """True where someone came, went, or has another colour or shape."""
        before, self._known = self._known, self._now()
        return self._known != before

    def _now(self) -> dict[int, _Look]:
        persons = self._document.persons.values()
        return {p.id: (p.colour, p.body_shape) for p in persons}
