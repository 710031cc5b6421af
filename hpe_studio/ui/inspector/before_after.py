"""How far the selected joint is from what the estimate said."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QLabel

from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.ui.inspector.facts import SelectedJoint, estimate_of, selected_joint
from hpe_studio.ui.inspector.rows import fact_row
from hpe_studio.ui.inspector.section import Context, Section

_LEAST_CM, _LEAST_DEG = 0.05, 0.05


class BeforeAfterSection(Section):
    """Centimetres and degrees between the estimate and now.

    Args:
        context: What it is made of.
    """

    id = "before_after"
    title = "Before and after"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._moved, self.moved = fact_row(self.rows, self.tr("Moved"))
        self._turned, self.turned = fact_row(self.rows, self.tr("Turned"))
        self.head.show_word(self.tr("against the estimate"))

    def refresh(self) -> None:
        """Measure the selected joint anew."""
        selected = selected_joint(self.session)
        self.setVisible(selected is not None)
        if selected is None:
            return
        self._moved.setText(self.tr("{0} moved").format(selected.title))
        self._turned.setText(self.tr("{0} turned").format(selected.title))
        self._show_distance(selected)

    def _show_distance(self, selected: SelectedJoint) -> None:
        found = estimate_of(self.session, selected.posed)
        if found is None:
            _set(self.moved, self.tr("no estimate"), is_muted=True)
            _set(self.turned, "–", is_muted=True)
            return
        joints_rad, places_m = found
        posed, joint = selected.posed, selected.joint
        moved_cm = 100 * float(
            np.linalg.norm(posed.joints_scene_m[joint] - places_m[joint])
        )
        turned = geodesic_rad(joints_rad[joint], posed.joints_rad[joint])
        turned_deg = float(np.degrees(turned))
        _set(self.moved, f"{moved_cm:.1f} cm", is_muted=moved_cm < _LEAST_CM)
        _set(self.turned, f"{turned_deg:.1f}°", is_muted=turned_deg < _LEAST_DEG)


def _set(label: QLabel, text: str, *, is_muted: bool) -> None:
    label.setText(text)
    label.setEnabled(not is_muted)
