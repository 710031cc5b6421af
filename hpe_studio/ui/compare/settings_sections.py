"""How the comparison is made: time and camera of the truth, and what edits did."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from hpe_studio.core.errors import StudioError
from hpe_studio.edits.truth import set_truth_place, set_truth_timing
from hpe_studio.metrics.comparison import Counts
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.rows import named_row
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.widgets import IconLabel, text_label
from hpe_studio.ui.words import tr
from hpe_studio.workflow.truth import camera_names, place_through


class TruthPlaceSection(Section):
    """Time and camera of the truth, set or found.

    Args:
        context: What it is made of.
    """

    id = "truth_place"
    title = "Time and camera"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._told_path = ""
        self.offset = NumberField(
            self.tr("Offset"), self.tr("frames"), decimals=1, step=1.0,
            name=self.tr("Frame of the truth on the clip's first frame"),
        )  # fmt: skip
        self.fps = NumberField(
            self.tr("Truth"), "fps", decimals=3, minimum=0.1, maximum=1000, step=1.0,
            name=self.tr("Frames per second of the truth"),
        )  # fmt: skip
        self.offset.edited.connect(self._on_offset_edited)
        self.fps.edited.connect(self._on_fps_edited)
        self.rows.addWidget(self.offset)
        self.rows.addWidget(self.fps)
        self.camera = QComboBox()
        self.camera.setAccessibleName(self.tr("Camera that filmed the clip"))
        self.camera.setMinimumWidth(60)
        self.camera.activated.connect(self._on_camera_chosen)
        self.camera_row = named_row(self.rows, self.tr("Camera"), self.camera)
        self.find_button = QPushButton(self.tr("Find both"))
        self.find_button.setFixedHeight(26)
        self.find_button.setToolTip(
            self.tr("By how people move, and where they are in the picture")
        )
        self.find_button.clicked.connect(context.actions["find_truth"].trigger)
        self.rows.addWidget(self.find_button)

    def refresh(self) -> None:
        """Show what holds."""
        document = self.session.document
        truth = next(iter(document.truths.values()), None)
        self.setVisible(truth is not None)
        if truth is None:
            return
        self.offset.value = truth.offset_frames
        self.fps.value = float(document.clip.fps) * truth.rate
        self._show_cameras(truth.path, truth.camera_name)
        self.head.show_word(truth.camera_name)
        is_free = not self.session.project.is_read_only
        self.find_button.setEnabled(is_free and bool(document.tracks))

    def _show_cameras(self, path: str, name: str) -> None:
        if path != self._told_path:
            self._told_path = path
            try:
                names: Sequence[str] = camera_names(self.session.document)
            except StudioError:  # the file is not at hand: what is set holds
                names = (name,) if name else ()
            self.camera.clear()
            self.camera.addItem(self.tr("Scene as it is"), "")
            for one in names:
                self.camera.addItem(one, one)
        has_cameras = self.camera.count() > 1
        self.camera.setVisible(has_cameras)
        self.camera_row.setVisible(has_cameras)
        self.camera.setCurrentIndex(max(self.camera.findData(name), 0))

    def _on_offset_edited(self, offset: float) -> None:
        self._do(lambda: set_truth_timing(self.session.document, offset_frames=offset))

    def _on_fps_edited(self, fps: float) -> None:
        rate = fps / float(self.session.document.clip.fps)
        nearest = round(rate)
        if nearest and abs(rate / nearest - 1) < 1e-4:
            rate = float(nearest)
        self._do(lambda: set_truth_timing(self.session.document, rate=rate))

    def _on_camera_chosen(self, _index: int) -> None:
        document, name = self.session.document, self.camera.currentData()

        def write() -> None:
            place = place_through(document, name)
            set_truth_place(
                document,
                place.scene_from_file,
                camera_name=place.camera_name,
                camera=place.camera,
            )

        self._do(write)

    def _do(self, write: Callable[[], object]) -> None:
        try:
            write()
        except StudioError as error:
            self.session.notices.complain(error)
        self.refresh()


class EffectSection(Section):
    """What edits did to the error, and whether the truth was in sight.

    Args:
        context: What it is made of.
    """

    id = "effect"
    title = "Edits"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.change = text_label(weight=600)
        self.overall = text_label(tone="secondary")
        self.sight = text_label(tone="secondary")
        for label in (self.change, self.overall, self.sight):
            label.setWordWrap(True)
            self.rows.addWidget(label)
        self.rows.addWidget(self._now())

    def refresh(self) -> None:
        """Show before and after, and how what is edited now will be marked."""
        comparing = self.session.comparing
        self.setVisible(comparing.has_truth)
        effect = None if comparing.compared is None else comparing.compared.effect
        edited = effect is not None and effect.edited_frames > 0
        self.change.setVisible(edited)
        self.overall.setVisible(edited)
        if effect is None or not edited:
            self.sight.setText(self.tr("Nothing edited yet"))
        else:
            frames = self.tr("{before} → {after} {unit} on {count} edited frames")
            if effect.edited_frames == 1:
                frames = self.tr("{before} → {after} {unit} on 1 edited frame")
            words = frames.format(
                before=number(effect.before),
                after=number(effect.after),
                unit=effect.unit,
                count=effect.edited_frames,
            )
            self.change.setText(words)
            overall = self.tr("{before} → {after} {unit} overall")
            self.overall.setText(
                overall.format(
                    before=number(effect.overall_before),
                    after=number(effect.overall_after),
                    unit=effect.unit,
                )
            )
            self.sight.setText(self.tr(effect.sight[:1].upper() + effect.sight[1:]))
        self.show_sight()

    def show_sight(self) -> None:
        """Say how edits made now are marked."""
        if self.session.comparing.is_in_sight:
            self._eye.show_icon("eye", "state.warn")
            text = self.tr("The truth is in sight: edits are marked so")
        else:
            self._eye.show_icon("eye-off", "text.muted")
            text = self.tr("The truth is not in sight: edits are blind")
        self.now.setText(text)

    def _now(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        self._eye = IconLabel("eye-off", 13, "text.muted")
        self.now: QLabel = text_label(size="small", tone="muted")
        self.now.setWordWrap(True)
        row.addWidget(self._eye)
        row.addWidget(self.now, 1)
        return holder


def number(value: float) -> str:
    """A length as it is read: whole from 10 on."""
    if math.isnan(value):
        return "–"
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}"


def count_words(counts: Counts) -> str:
    """What the means are over; the parts add up to the whole."""
    text = tr("{counted} of {all} joints measured")
    told = [
        text.format(counted=grouped(counts.counted), all=grouped(counts.true_joints))
    ]
    if counts.missed_joints:
        missed = tr("{count} of people missed")
        told.append(missed.format(count=grouped(counts.missed_joints)))
    if counts.lacking:
        lacking = tr("{count} lacking")
        told.append(lacking.format(count=grouped(counts.lacking)))
    return f"{', '.join(told)}."


def grouped(count: int) -> str:
    """A count with thin spaces between thousands."""
    return f"{count:,}".replace(",", "\u202f")
