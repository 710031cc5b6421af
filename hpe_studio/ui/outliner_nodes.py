"""What the outliner lists, as a tree of plain nodes made from the document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.person import Person
from hpe_studio.core.track import Take, Track
from hpe_studio.edits.views import view_numbers
from hpe_studio.ui.words import tr

Kind = Literal["root", "group", "person", "estimate", "track", "shot", "view"]


@dataclass(kw_only=True, slots=True, eq=False)
class Node:
    """One row.

    Attributes:
        kind: What it is.
        id: Of the person, track, shot, take or view; of groups their place.
        text: Name as shown and typed ahead.
        parent: The row above it in the tree; None for the root.
        row: Place among its siblings.
        children: Rows below it.
        value: The person, track, shot or take itself.
        key_count: Keys of a person or track.
        number: Place in `Tree.nodes`.
    """

    kind: Kind
    id: int
    text: str
    parent: Node | None = None
    row: int = 0
    children: list[Node] = field(default_factory=list)
    value: Person | Track | Shot | Take | None = None
    key_count: int = 0
    number: int = 0

    @property
    def person_id(self) -> int | None:
        """The person it is about."""
        if self.kind == "person":
            return self.id
        if self.kind in {"track", "estimate"} and self.parent is not None:
            return self.parent.id
        return None


class Tree:
    """All rows of a document, or those whose name holds some text.

    Args:
        document: What is listed.
        wanted: Text that names of people and shots must hold; "" for all.

    Attributes:
        nodes: Every row, those above first.
        shape: Their kinds and ids: equal where only names and numbers differ.
    """

    def __init__(self, document: Document, wanted: str = "") -> None:
        self.nodes: list[Node] = []
        self.shape: list[tuple[str, int]] = []
        self._places: dict[tuple[str, int, int], Node] = {}
        self._wanted = wanted.casefold().strip()
        self.root = self._added(None, "root", 0, "")
        self._add_people(document)
        self._add_shots(document)
        if not self._wanted:
            self._add_cameras(document)

    def find(self, kind: str, value_id: int, person_id: int = 0) -> Node | None:
        """The row of a person, track, shot or, of one person, take."""
        return self._places.get((kind, value_id, person_id))

    def persons(self) -> Iterator[Node]:
        """The rows of people."""
        return (node for node in self.nodes if node.kind == "person")

    def _add_people(self, document: Document) -> None:
        tracks: defaultdict[int, list[Track]] = defaultdict(list)
        for track in document.tracks.values():
            tracks[track.person_id].append(track)
        keys = Counter(place[0] for place in document.table("keys"))  # type: ignore[index]
        group = self._added(self.root, "group", 0, tr("People"))
        for person in document.persons.values():
            if not self._holds(person.name):
                continue
            node = self._added(group, "person", person.id, person.name, person)
            mine = sorted(tracks[person.id], key=lambda track: track.start)
            node.key_count = sum(keys[track.id] for track in mine)
            for take in _takes(document, mine):
                self._added(node, "estimate", take.id, tr("Estimate"), take)
            for track in mine:
                child = self._added(node, "track", track.id, "", track)
                child.key_count = keys[track.id]

    def _add_shots(self, document: Document) -> None:
        shots = document.shots or ()
        if not shots:
            return
        group = self._added(self.root, "group", 1, tr("Shots"))
        words = tr("Shot {0}")
        for number, shot in enumerate(shots, 1):
            text = words.format(number)
            if self._holds(text):
                self._added(group, "shot", shot.id, text, shot)

    def _add_cameras(self, document: Document) -> None:
        group = self._added(self.root, "group", 2, tr("Cameras"))
        path = document.clip.path
        if not document.views:
            self._added(group, "view", 0, path.stem if path else tr("Camera"))
            return
        for number in view_numbers(document):
            self._added(group, "view", number, document.view_name(number))

    def _holds(self, text: str) -> bool:
        return not self._wanted or self._wanted in text.casefold()

    def _added(
        self,
        parent: Node | None,
        kind: Kind,
        value_id: int,
        text: str,
        value: Person | Track | Shot | Take | None = None,
    ) -> Node:
        node = Node(
            kind=kind,
            id=value_id,
            text=text,
            parent=parent,
            value=value,
            number=len(self.nodes),
        )
        owner = 0
        if parent is not None:
            node.row = len(parent.children)
            parent.children.append(node)
            owner = parent.id if kind == "estimate" else 0
        self.nodes.append(node)
        self.shape.append((kind, value_id))
        self._places[kind, value_id, owner] = node
        return node


def _takes(document: Document, tracks: list[Track]) -> list[Take]:
    """The takes that a person's estimates belong to, each once."""
    found: dict[int, Take] = {}
    estimates, takes = document.estimates, document.takes
    for track in tracks:
        estimate = estimates.get(track.estimate_id or -1)
        take = None if estimate is None else takes.get(estimate.take_id)
        if take is not None:
            found[take.id] = take
    return list(found.values())
