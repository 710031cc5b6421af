"""Where the selected person is seen: frames, tracks with their sources, accuracy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hpe_studio.core.document import Document
from hpe_studio.core.track import Source, Track
from hpe_studio.ui.inspector.rows import fact_row, list_row
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.joints import source_title
from hpe_studio.ui.timecode import range_text

_MOST_TRACKS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Accuracy:
    """How well a person's body meets what was seen.

    Attributes:
        mean_px: Mean distance between landmarks and the body's own, stored pixels.
        share: The same over the height of the person's box; NaN without boxes.
    """

    mean_px: float
    share: float


def accuracy_of(document: Document, tracks: tuple[Track, ...]) -> Accuracy | None:
    """Mean reprojection error of the estimates below some tracks, or None."""
    distances: list[np.ndarray] = []
    heights: list[np.ndarray] = []
    for track in tracks:
        estimate = document.estimates.get(track.estimate_id or -1)
        if estimate is None or "reprojection_px" not in estimate.arrays:
            continue
        off_px = np.asarray(estimate.arrays["reprojection_px"], np.float64)
        boxes = estimate.arrays.get("boxes_px")
        height = np.full(len(off_px), np.nan)
        if boxes is not None:
            height = np.asarray(boxes[:, 3] - boxes[:, 1], np.float64)
        heights.append(np.broadcast_to(height[:, None], off_px.shape).ravel())
        distances.append(off_px.ravel())
    if not distances:
        return None
    off, tall = np.concatenate(distances), np.concatenate(heights)
    known = np.isfinite(off)
    if not known.any():
        return None
    has_box = known & (tall > 0)
    share = float(np.mean(off[has_box] / tall[has_box])) if has_box.any() else np.nan
    return Accuracy(mean_px=float(np.mean(off[known])), share=share)


class SeenSection(Section):
    """Frames, mean reprojection, and the tracks with what they come from.

    Args:
        context: What it is made of.
    """

    id = "seen"
    title = "Seen"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        _, self.frames = fact_row(self.rows, self.tr("Frames"))
        _, self.reprojection = fact_row(self.rows, self.tr("Reprojection"))
        self.reprojection.setToolTip(
            self.tr("Mean distance between what was seen and the fitted body")
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.rows.addLayout(self._list)
        self._listed: tuple[object, ...] | None = None

    def refresh(self) -> None:
        """Show the active person's tracks; made anew only when they changed."""
        person = self.session.active_person
        document = self.session.document
        tracks = () if person is None else document.tracks_of(person.id)
        key = (document.history.position, *(track.id for track in tracks))
        if key != self._listed:
            self._listed = key
            self._show(tracks)

    def _show(self, tracks: tuple[Track, ...]) -> None:
        document = self.session.document
        total = sum(_present_count(track) for track in tracks)
        share = total / max(document.clip.frame_count, 1)
        words = self.tr("{0} of {1} ({2:.0%})")
        count = document.clip.frame_count
        self.frames.setText(words.format(total, count, share) if tracks else "–")
        accuracy = accuracy_of(document, tracks)
        self.reprojection.setText(_accuracy_text(accuracy))
        self.head.show_word(
            self.tr("{0} tracks").format(len(tracks)) if len(tracks) != 1 else ""
        )
        while (item := self._list.takeAt(0)) is not None:
            widget: QWidget | None = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for track in tracks[:_MOST_TRACKS]:
            span = range_text(track.start, track.stop, count)
            self._list.addWidget(list_row(span, _origin(document, track)))
        if len(tracks) > _MOST_TRACKS:
            more = self.tr("and {0} more").format(len(tracks) - _MOST_TRACKS)
            self._list.addWidget(list_row("", more))


def _origin(document: Document, track: Track) -> str:
    """Take and source of a track ("BlazePose heavy, filtered")."""
    codes, counts = np.unique(track.base_source, return_counts=True)
    seen = codes != Source.MISSING
    word = ""
    if seen.any():
        word = source_title(int(codes[seen][np.argmax(counts[seen])])).lower()
    estimate = document.estimates.get(track.estimate_id or -1)
    take = None if estimate is None else document.takes.get(estimate.take_id)
    parts = [take.name if take is not None else "", word]
    return ", ".join(part for part in parts if part)


def _present_count(track: Track) -> int:
    return int(np.count_nonzero(~np.isnan(track.base_root_m[:, 0])))


def _accuracy_text(accuracy: Accuracy | None) -> str:
    if accuracy is None:
        return "–"
    text = f"{accuracy.mean_px:.1f} px"
    if np.isfinite(accuracy.share):
        text += f", {100 * accuracy.share:.1f} % of height"
    return text
