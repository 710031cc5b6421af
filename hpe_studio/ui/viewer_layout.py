"""How the two viewers share their room, as geometry without widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, get_args

Mode = Literal["beside", "stacked", "inset_3d", "inset_video"]
Corner = Literal["bottom_right", "bottom_left", "top_left", "top_right"]
Side = Literal["video", "scene"]
Grid = Literal["one", "two", "four", "six", "all"]

MODES: Final[tuple[Mode, ...]] = get_args(Mode)
CORNERS: Final[tuple[Corner, ...]] = get_args(Corner)
GRIDS: Final[tuple[Grid, ...]] = get_args(Grid)

LINE_PX = 1
_SMALLEST_PX = 120
_MARGIN_PX = 12
_HEADER_PX = 28
_TOOLS_PX = 48
_INSET_ASPECT = 4 / 3
_SHARES, _INSETS = (0.15, 0.85), (0.15, 0.6)


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle in whole logical pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewerLayout:
    """How video and 3D stand to each other.

    Attributes:
        mode: Beside each other, stacked, or one as an inset in the other.
        share: The video's share of width or height.
        corner: Where the inset lies.
        inset: The inset's share of the room's width.
        grid: How many synchronous views stand in the video's pane.
    """

    mode: Mode = "beside"
    share: float = 0.5
    corner: Corner = "bottom_right"
    inset: float = 0.3
    grid: Grid = "one"

    @property
    def inset_side(self) -> Side | None:
        """Which viewer is the inset."""
        return {"inset_3d": "scene", "inset_video": "video"}.get(self.mode)  # type: ignore[return-value]

    def next_corner(self) -> ViewerLayout:
        """The inset one corner further, clockwise."""
        at = CORNERS.index(self.corner)
        return replace(self, corner=CORNERS[(at + 1) % len(CORNERS)])

    def with_inset(self, inset: float) -> ViewerLayout:
        """The inset as large as that, within reason."""
        return replace(self, inset=min(max(inset, _INSETS[0]), _INSETS[1]))

    def with_share(self, share: float) -> ViewerLayout:
        """The video with that share of the room, within reason."""
        return replace(self, share=min(max(share, _SHARES[0]), _SHARES[1]))

    def as_json(self) -> dict[str, Any]:
        """What JSON can say of it."""
        return asdict(self)

    @staticmethod
    def from_json(told: object) -> ViewerLayout:
        """What was kept; the usual layout where that makes no sense."""
        if not isinstance(told, Mapping):
            return ViewerLayout()
        mode, corner = told.get("mode"), told.get("corner")
        share, inset = told.get("share"), told.get("inset")
        grid = told.get("grid")
        made = ViewerLayout()
        if grid in GRIDS:
            made = replace(made, grid=grid)
        if mode in MODES:
            made = replace(made, mode=mode)
        if corner in CORNERS:
            made = replace(made, corner=corner)
        if isinstance(share, float):
            made = made.with_share(share)
        return made.with_inset(inset) if isinstance(inset, float) else made


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where everything lies.

    Attributes:
        video, scene: The two panes.
        line: The line between them, None with an inset.
    """

    video: Box
    scene: Box
    line: Box | None = None


def placed(layout: ViewerLayout, width: int, height: int) -> Placement:
    """Where the panes lie in a room of so many pixels."""
    if layout.mode == "beside":
        left = _split(width, layout.share)
        rest = max(width - left - LINE_PX, 0)
        return Placement(
            video=Box(x=0, y=0, width=left, height=height),
            scene=Box(x=left + LINE_PX, y=0, width=rest, height=height),
            line=Box(x=left, y=0, width=LINE_PX, height=height),
        )
    if layout.mode == "stacked":
        top = _split(height, layout.share)
        rest = max(height - top - LINE_PX, 0)
        return Placement(
            video=Box(x=0, y=0, width=width, height=top),
            scene=Box(x=0, y=top + LINE_PX, width=width, height=rest),
            line=Box(x=0, y=top, width=width, height=LINE_PX),
        )
    whole = Box(x=0, y=0, width=width, height=height)
    inset = _inset_box(layout, width, height)
    if layout.mode == "inset_3d":
        return Placement(video=whole, scene=inset)
    return Placement(video=inset, scene=whole)


def share_at(layout: ViewerLayout, at_px: float, room_px: float) -> ViewerLayout:
    """The layout after its line was dragged to a place."""
    return layout.with_share(at_px / max(room_px, 1.0))


def corner_near(x: float, y: float, width: int, height: int) -> Corner:
    """The corner nearest to a place of the room."""
    if y < height / 2:
        return "top_left" if x < width / 2 else "top_right"
    return "bottom_left" if x < width / 2 else "bottom_right"


def _split(room: int, share: float) -> int:
    most = max(room - _SMALLEST_PX - LINE_PX, _SMALLEST_PX)
    return min(max(round((room - LINE_PX) * share), _SMALLEST_PX), most)


def _inset_box(layout: ViewerLayout, width: int, height: int) -> Box:
    """The inset keeps clear of the header and the tools of the viewer behind it."""
    free = max(height - _HEADER_PX - 2 * _MARGIN_PX, _SMALLEST_PX)
    wide = max(round(width * layout.inset), 2 * _SMALLEST_PX)
    high = min(round(wide / _INSET_ASPECT) + _HEADER_PX, free)
    is_left = layout.corner.endswith("left")
    is_top = layout.corner.startswith("top")
    left = _TOOLS_PX + _MARGIN_PX if is_left else width - wide - _MARGIN_PX
    top = _HEADER_PX + _MARGIN_PX if is_top else height - high - _MARGIN_PX
    return Box(x=left, y=top, width=wide, height=high)
