"""What one view has open, and the memory that all views share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hpe_studio.core.view import View
from hpe_studio.ui.settings import settings

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage
    from hpe_studio.media.loader import FrameLoader, Picture

SizePx = tuple[int, int] | None
"""Width and height in device pixels; None for whole pictures."""


def budget_bytes() -> int:
    """Memory that decoded frames of all views may hold together."""
    return max(64, settings().read("files.cache_mb", 384)) << 20


@dataclass(kw_only=True, slots=True, eq=False)
class Feed:
    """What one view beside the clip has open.

    Attributes:
        view: The view as it was opened.
        footage: Its pictures; None while they are opened or cannot be.
        loader: Decodes them; None while the view is not seen.
        trouble: Why there are none, for people.
        last: The picture that came last.
        asked: Frame of the footage that the loader works on, -1 for none.
    """

    view: View
    footage: Footage | None = None
    loader: FrameLoader | None = None
    trouble: str = ""
    last: Picture | None = None
    asked: int = -1
