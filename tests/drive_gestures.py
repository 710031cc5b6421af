"""A person's gestures, counted: the keystroke-level model over the driver.

Source: Card, Moran and Newell (1983), The Psychology of Human-Computer Interaction,
chapter 8: K for a key (an average typist), P to point, B to press or release a button,
H for a hand from keyboard to mouse or back, M to make up one's mind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np

from hpe_studio.ui.video_view import VideoView
from hpe_studio.ui.viewport import Viewport
from tests.drive_hands import drag_joint, joint_px
from tests.driver import StudioDriver

SECONDS: Mapping[str, float] = MappingProxyType(
    {"K": 0.28, "P": 1.1, "B": 0.1, "H": 0.4, "M": 1.35}
)


class Gestures:
    """One hand that is at the keyboard or at the mouse, and what it did.

    Args:
        driver: The window.
    """

    def __init__(self, driver: StudioDriver) -> None:
        self._driver = driver
        self._at: Literal["keyboard", "mouse"] = "keyboard"
        self.told: list[str] = []
        self.watched_s = 0.0

    @property
    def count(self) -> int:
        """Gestures: keys and drags."""
        return len(self.told)

    @property
    def operators(self) -> Counter[str]:
        """How often each operator of the model was needed."""
        return Counter("".join(self.told))

    @property
    def seconds(self) -> float:
        """What they take by the model, and what was watched meanwhile."""
        needed = sum(SECONDS[name] * n for name, n in self.operators.items())
        return needed + self.watched_s

    def key(self, keys: str) -> None:
        """Make up one's mind and press a key; Shift is a key of its own."""
        strokes = keys.count("+") + 1
        self.told.append("M" + self._hand_to("keyboard") + "K" * strokes)
        self._driver.focus_video()
        self._driver.press(keys)

    def drag(
        self,
        person: str,
        joint: str,
        goal_px: np.ndarray,
        canvas: VideoView | Viewport,
    ) -> None:
        """Make up one's mind, take a joint, and let it go at a place of a viewer."""
        self.told.append("M" + self._hand_to("mouse") + "PBPB")
        start = joint_px(self._driver, person, joint, canvas)
        by = (float(goal_px[0] - start[0]), float(goal_px[1] - start[1]))
        drag_joint(self._driver, person, joint, by, canvas)
        self._driver.settle()

    def scrub(self, frame: int, *, watched_s: float = 0.0) -> None:
        """Make up one's mind and drag the playhead to a frame, looking for so long."""
        self.watched_s += watched_s
        self.told.append("M" + self._hand_to("mouse") + "PBPB")
        self._driver.scrub_to(frame)

    def _hand_to(self, place: Literal["keyboard", "mouse"]) -> str:
        moved, self._at = place != self._at, place
        return "H" * moved
