"""The lens over the shot shown: focal length three ways, centre, distortion."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtWidgets import QGridLayout

from hpe_studio.core.errors import StudioError
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.rows import fact_row
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.workflow.focal import set_focal

_FULL_FRAME_MM = (36.0, 24.0)


class LensSection(Section):
    """Focal length in pixels, as field of view and in 35 mm; one changes all.

    Args:
        context: What it is made of.
    """

    id = "lens"
    title = "Lens"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.head.show_word(self.tr("this shot"))
        self.focal = NumberField(
            self.tr("Focal"),
            "px",
            decimals=0,
            minimum=1,
            maximum=1e6,
            step=10,
            name=self.tr("Focal length"),
        )
        self.fov = NumberField(
            self.tr("View"),
            "°",
            minimum=1,
            maximum=178,
            step=1,
            name=self.tr("Field of view of the longer side"),
        )
        self.full_frame = NumberField(
            self.tr("35 mm equivalent"),
            "mm",
            minimum=0.1,
            maximum=1e5,
            step=1,
            name=self.tr("35 mm equivalent"),
        )
        grid = QGridLayout()
        grid.setSpacing(6)
        grid.addWidget(self.focal, 0, 0)
        grid.addWidget(self.fov, 0, 1)
        grid.addWidget(self.full_frame, 1, 0, 1, 2)
        self.rows.addLayout(grid)
        self.focal.edited.connect(self._on_focal_edited)
        self.fov.edited.connect(self._on_fov_edited)
        self.full_frame.edited.connect(self._on_full_frame_edited)
        self.focal.scrubbed.connect(self._on_focal_scrubbed)
        self.full_frame.scrubbed.connect(self._on_full_frame_scrubbed)
        self.fov.scrubbed.connect(self._on_fov_scrubbed)
        _, self.origin = fact_row(self.rows, self.tr("Known from"))
        _, self.centre = fact_row(self.rows, self.tr("Principal point"))
        _, self.distortion = fact_row(self.rows, self.tr("Distortion"))

    def refresh(self) -> None:
        """Show the camera of the frame."""
        camera = self.session.document.camera_at(self.session.view.frame)
        for field in (self.focal, self.fov, self.full_frame):
            field.setEnabled(self.session.document.clip.kind != "none")
        self._show_focal(float(camera.intrinsics[1, 1]))
        self.origin.setText(self._origins().get(camera.source, camera.source))
        x_px, y_px = (float(v) for v in camera.intrinsics[:2, 2])
        self.centre.setText(f"{x_px:.1f}, {y_px:.1f} px")
        bends = np.any(camera.distortion)
        self.distortion.setText(self.tr("five terms") if bends else self.tr("none"))

    def _origins(self) -> dict[str, str]:
        return {
            "assumed": self.tr("assumed"),
            "metadata": self.tr("the file"),
            "given": self.tr("as given"),
            "calibration": self.tr("a calibration"),
            "romp": self.tr("as ROMP assumes"),
        }

    @property
    def _longer_px(self) -> float:
        clip = self.session.document.clip
        return max(clip.size_px[0] * clip.pixel_aspect, clip.size_px[1])

    @property
    def _mm_per_px(self) -> float:
        """Full-frame millimetres over pixels, by the diagonal (CIPA DCG-001)."""
        clip = self.session.document.clip
        diagonal_px = math.hypot(clip.size_px[0] * clip.pixel_aspect, clip.size_px[1])
        return math.hypot(*_FULL_FRAME_MM) / max(diagonal_px, 1)

    def _show_focal(self, focal_px: float) -> None:
        self.focal.value = focal_px
        half = math.atan(self._longer_px / 2 / focal_px)
        self.fov.value = math.degrees(2 * half)
        self.full_frame.value = focal_px * self._mm_per_px

    def _focal_of(self, fov_deg: float) -> float:
        return self._longer_px / 2 / math.tan(math.radians(fov_deg) / 2)

    def _on_focal_scrubbed(self, value: float) -> None:
        self._show_focal(value)

    def _on_fov_scrubbed(self, value: float) -> None:
        self._show_focal(self._focal_of(value))

    def _on_full_frame_scrubbed(self, value: float) -> None:
        self._show_focal(value / self._mm_per_px)

    def _on_focal_edited(self, value: float) -> None:
        self._change(focal_px=value)

    def _on_fov_edited(self, value: float) -> None:
        self._change(fov_deg=value)

    def _on_full_frame_edited(self, value: float) -> None:
        self._change(focal_px=value / self._mm_per_px)

    def _change(
        self, *, focal_px: float | None = None, fov_deg: float | None = None
    ) -> None:
        """Change the shot's lens; everybody's place is solved anew, as one step."""
        session = self.session
        if session.document.is_editing:
            session.notices.inform(self.tr("Finish or cancel the drag first"))
            self.refresh()
            return
        try:
            set_focal(
                session.document,
                session.poser.body.joint_model,
                session.document.shot_at(session.view.frame),
                focal_px=focal_px,
                fov_deg=fov_deg,
            )
        except StudioError as error:
            session.notices.complain(error)
        self.refresh()
