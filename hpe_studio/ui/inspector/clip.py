"""Facts of the clip, and how the shot shown is levelled."""

from __future__ import annotations

import math

import numpy as np

from hpe_studio.media.codec import codec_of
from hpe_studio.ui.inspector.rows import fact_row
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.timecode import duration_text, fps_text


class ClipSection(Section):
    """File, size, rate, length.

    Args:
        context: What it is made of.
    """

    id = "clip"
    title = "Clip"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        _, self.file = fact_row(self.rows, self.tr("File"))
        _, self.resolution = fact_row(self.rows, self.tr("Resolution"))
        _, self.pixels = fact_row(self.rows, self.tr("Pixels"))
        self._codec_title, self.codec = fact_row(self.rows, self.tr("Codec"))
        _, self.rate = fact_row(self.rows, self.tr("Rate"))
        _, self.length = fact_row(self.rows, self.tr("Length"))
        for label in (self.file, self.rate, self.length):
            label.setWordWrap(True)

    def refresh(self) -> None:
        """Show the clip."""
        clip = self.session.document.clip
        self.file.setText(clip.path.name if clip.path else self.tr("no footage"))
        self.file.setToolTip(str(clip.path or ""))
        self.resolution.setText(f"{clip.size_px[0]} × {clip.size_px[1]} px")
        is_square = clip.pixel_aspect == 1
        aspect = f"{clip.pixel_aspect:.3f} : 1"
        self.pixels.setText(self.tr("square") if is_square else aspect)
        codec = codec_of(clip.path) if clip.path and clip.kind == "movie" else ""
        self.codec.setText(codec)
        for label in (self._codec_title, self.codec):
            label.setVisible(bool(codec))
        is_even = not clip.is_variable_rate
        steadiness = self.tr("constant") if is_even else self.tr("variable")
        self.rate.setText(f"{fps_text(clip.fps)} fps, {steadiness}")
        seconds = clip.frame_count / float(clip.fps)
        words = self.tr("{0} frames, {1}")
        self.length.setText(words.format(clip.frame_count, duration_text(seconds)))


class LevelSection(Section):
    """How the shot's floor was found to lie against the camera.

    Args:
        context: What it is made of.
    """

    id = "level"
    title = "Level"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.head.show_word(self.tr("this shot"))
        _, self.tilt = fact_row(self.rows, self.tr("Camera tilt"))
        _, self.camera_height = fact_row(self.rows, self.tr("Camera height"))

    def refresh(self) -> None:
        """Show the level of the shot."""
        level = np.asarray(self.session.level_from_scene)
        shot = self.session.document.shot_at(self.session.view.frame)
        if not shot.is_levelled:
            self.tilt.setText(self.tr("not levelled"))
            self.camera_height.setText("–")
            return
        tilt_deg = math.degrees(math.acos(min(max(float(level[1, 1]), -1.0), 1.0)))
        self.tilt.setText(f"{tilt_deg:.1f}°")
        camera = self.session.document.camera_at(self.session.view.frame)
        pose = camera.pose(self.session.frame_in_shot)
        place_m = shot.to_level(-pose[:, :3].T @ pose[:, 3])
        self.camera_height.setText(f"{float(place_m[1]):.2f} m".replace("-", "−"))
