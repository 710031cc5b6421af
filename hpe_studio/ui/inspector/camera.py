"""The clip's camera over the shot: focal length, field of view, where it is from."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel

from hpe_studio.core.errors import StudioError
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.parts import Page
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import fps_text
from hpe_studio.ui.widgets import text_label
from hpe_studio.workflow.focal import set_focal

_ORIGINS = {
    "assumed": "assumed, nothing is known",
    "metadata": "from the file",
    "given": "as given",
    "calibration": "from a calibration",
}


class CameraPage(Page):
    """Facts of the camera and the clip.

    Args:
        session: What is inspected.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        lens, _ = self.add_section("Lens", "this shot")
        row = QHBoxLayout()
        row.setSpacing(6)
        self.focal = NumberField("Focal", "px", decimals=0, minimum=1, maximum=1e6)
        self.fov = NumberField("View", "°", minimum=1, maximum=178)
        self.focal.edited.connect(self._on_focal_edited)
        self.fov.edited.connect(self._on_fov_edited)
        row.addWidget(self.focal, 1)
        row.addWidget(self.fov, 1)
        lens.addLayout(row)
        grid, self._lens = _grid(("Focal length is", "Distortion"))
        lens.addLayout(grid)
        clip, _ = self.add_section("Clip")
        grid, self._clip = _grid(("File", "Size", "Frames", "Rate", "Pixels"))
        clip.addLayout(grid)
        self.column.addStretch(1)
        session.bridge.frame_changed.connect(self._on_anything_changed)
        session.bridge.document_changed.connect(self._on_anything_changed)
        self._show()

    @property
    def lens_texts(self) -> tuple[str, ...]:
        """The values of the lens section, from top to bottom."""
        return tuple(label.text() for label in self._lens)

    def _show(self) -> None:
        clip = self.session.document.clip
        camera = self.session.camera
        focal_px = float(camera.intrinsics[1, 1])
        wide = max(clip.size_px[0] * clip.pixel_aspect, clip.size_px[1])
        fov_deg = math.degrees(2 * math.atan(wide / 2 / focal_px))
        bends = "none" if not np.any(camera.distortion) else "five coefficients"
        self.focal.value, self.fov.value = focal_px, fov_deg
        for field in (self.focal, self.fov):
            field.setEnabled(clip.kind != "none")
        _fill(self._lens, (_ORIGINS.get(camera.source, camera.source), bends))
        rate = "variable" if clip.is_variable_rate else "constant"
        _fill(
            self._clip,
            (
                clip.path.name if clip.path else "no footage",
                f"{clip.size_px[0]} × {clip.size_px[1]}",
                str(clip.frame_count),
                f"{fps_text(clip.fps)} fps, {rate}",
                "square" if clip.pixel_aspect == 1 else f"{clip.pixel_aspect:.3f} : 1",
            ),
        )

    def _on_focal_edited(self, value: float) -> None:
        self._change(focal_px=value)

    def _on_fov_edited(self, value: float) -> None:
        self._change(fov_deg=value)

    def _change(
        self, *, focal_px: float | None = None, fov_deg: float | None = None
    ) -> None:
        """Change the shot's lens; everybody's place is solved anew, as one step."""
        session = self.session
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
            self._show()

    def _on_anything_changed(self, _what: object) -> None:
        if self.isVisible():
            self._show()

    def showEvent(self, _event: object) -> None:
        """Catch up with what changed while hidden."""
        self._show()


def _grid(titles: tuple[str, ...]) -> tuple[QGridLayout, list[QLabel]]:
    grid = QGridLayout()
    values: list[QLabel] = []
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, 86)
    grid.setColumnStretch(1, 1)
    for row, title in enumerate(titles):
        grid.addWidget(text_label(title, tone="muted"), row, 0)
        value = text_label()
        value.setWordWrap(True)
        grid.addWidget(value, row, 1)
        values.append(value)
    return grid, values


def _fill(labels: list[QLabel], texts: tuple[str, ...]) -> None:
    for label, text in zip(labels, texts, strict=True):
        label.setText(text)
