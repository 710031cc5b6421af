"""What is looked at and selected: observable, shared by all views, never undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from psygnal import Signal

from hpe_studio.core.clip import Clip


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What is selected everywhere at once.

    Attributes:
        persons: Ids, the active one last.
        joint: Joint index of the active person, or None.
        keys: (track id, frame) of selected keys.
    """

    persons: tuple[int, ...] = ()
    joint: int | None = None
    keys: frozenset[tuple[int, int]] = frozenset()

    @property
    def active(self) -> int | None:
        """The person whose joint, keys and shape are shown."""
        return self.persons[-1] if self.persons else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """A joint that stays where it is while others are dragged.

    Attributes:
        person_id: Whose.
        joint: Its index.
        keeps_turn: Whether it keeps its rotation in the scene too.
    """

    person_id: int
    joint: int
    keeps_turn: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Layers:
    """What the views draw.

    `mesh` says how bodies are laid over the footage, `mesh_opacity` (0 to 1) how
    strongly they are filled there. `truth_place` says where the truth stands in 3D: on
    the bodies as the comparison aligns them, beside them, or where it is.
    """

    skeletons: bool = True
    boxes: bool = False
    names: bool = True
    bodies: bool = True
    ghost: bool = False
    before: bool = False
    floor: bool = True
    frustum: bool = True
    curves: bool = True
    thumbnails: bool = True
    error_strip: bool = True
    hidden_persons: frozenset[int] = frozenset()
    ghost_persons: frozenset[int] = frozenset()
    mesh: Literal["off", "fill", "outline", "both"] = "off"
    mesh_opacity: float = 0.35
    truth: bool = False
    error_lines: bool = False
    error_colours: bool = False
    truth_place: Literal["on", "beside", "place"] = "on"


class ViewState:
    """Frame, selection, layers, play range, the view shown large of one window.

    `ignored_persons` are those the document says to leave out; kept by its session.

    Args:
        clip: Bounds the frame.
    """

    frame_changed = Signal(int)
    selection_changed = Signal(Selection)
    layers_changed = Signal(Layers)
    range_changed = Signal(object)
    tool_changed = Signal(str)
    pins_changed = Signal(object)
    shown_view_changed = Signal(int)

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._frame = 0
        self._selection = Selection()
        self._layers = Layers()
        self._range: tuple[int, int] | None = None
        self._tool = "select"
        self.ignored_persons: frozenset[int] = frozenset()
        self._pins: frozenset[Pin] = frozenset()
        self._shown_view = 0

    @property
    def frame(self) -> int:
        """The frame shown."""
        return self._frame

    @frame.setter
    def frame(self, frame: int) -> None:
        bounded = min(max(int(frame), 0), max(self._clip.frame_count - 1, 0))
        if bounded != self._frame:
            self._frame = bounded
            self.frame_changed.emit(bounded)

    @property
    def shown_view(self) -> int:
        """Number of the view that is looked at and edited in; 0 is the clip itself."""
        return self._shown_view

    @shown_view.setter
    def shown_view(self, number: int) -> None:
        if number != self._shown_view:
            self._shown_view = number
            self.shown_view_changed.emit(number)

    @property
    def selection(self) -> Selection:
        """What is selected."""
        return self._selection

    @selection.setter
    def selection(self, selection: Selection) -> None:
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)

    @property
    def layers(self) -> Layers:
        """What is drawn."""
        return self._layers

    @layers.setter
    def layers(self, layers: Layers) -> None:
        if layers != self._layers:
            self._layers = layers
            self.layers_changed.emit(layers)

    @property
    def play_range(self) -> tuple[int, int] | None:
        """Half-open in/out range, or None for the whole clip."""
        return self._range

    @play_range.setter
    def play_range(self, play_range: tuple[int, int] | None) -> None:
        if play_range != self._range:
            self._range = play_range
            self.range_changed.emit(play_range)

    @property
    def tool(self) -> str:
        """Id of the active mouse tool ("select", "move", "rotate")."""
        return self._tool

    @tool.setter
    def tool(self, tool: str) -> None:
        if tool != self._tool:
            self._tool = tool
            self.tool_changed.emit(tool)

    @property
    def pins(self) -> frozenset[Pin]:
        """Joints that stay while others are dragged."""
        return self._pins

    @pins.setter
    def pins(self, pins: frozenset[Pin]) -> None:
        if pins != self._pins:
            self._pins = pins
            self.pins_changed.emit(pins)

    def pins_of(self, person_id: int) -> tuple[Pin, ...]:
        """A person's pins in order of joints."""
        mine = (pin for pin in self._pins if pin.person_id == person_id)
        return tuple(sorted(mine, key=lambda pin: pin.joint))

    def is_visible(self, person_id: int) -> bool:
        """True where the person's eye is open, and the person not ignored."""
        hidden = self._layers.hidden_persons
        return person_id not in hidden and person_id not in self.ignored_persons
