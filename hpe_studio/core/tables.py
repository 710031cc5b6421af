"""What kinds of values a document holds, and in which table each kind lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hpe_studio.core.camera import Camera
from hpe_studio.core.changes import Table
from hpe_studio.core.clip import Shot
from hpe_studio.core.mark import Decision, Mark
from hpe_studio.core.person import Person
from hpe_studio.core.track import Estimate, Key, Take, Track
from hpe_studio.core.truth import Truth
from hpe_studio.core.view import View


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ShotCamera:
    """The camera of one view over one shot."""

    shot_id: int
    camera: Camera
    view: int = 0

    @property
    def key(self) -> tuple[int, int]:
        """Key in the document's table."""
        return (self.shot_id, self.view)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A named setting of the document ("body"), undoable."""

    name: str
    value: Any

    @property
    def key(self) -> str:
        """Key in the document's table."""
        return self.name


Value = (
    Person
    | Track
    | Key
    | Take
    | Estimate
    | Shot
    | ShotCamera
    | Setting
    | Mark
    | Decision
    | View
    | Truth
)

TABLE_OF: Mapping[type, Table] = MappingProxyType(
    {
        Person: "persons",
        Track: "tracks",
        Key: "keys",
        Take: "takes",
        Estimate: "estimates",
        Shot: "shots",
        ShotCamera: "cameras",
        Setting: "settings",
        Mark: "marks",
        Decision: "decisions",
        View: "views",
        Truth: "truths",
    }
)
