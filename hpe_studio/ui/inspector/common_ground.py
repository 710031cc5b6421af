"""One floor for all and a size for each, previewed with what speaks for it."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QVBoxLayout, QWidget

from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.edits.floor import contacts_in
from hpe_studio.edits.scale import standing_height_m
from hpe_studio.edits.scale_ground import (
    SPEC,
    CommonGround,
    common_ground_and_scale,
    people_of,
)
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.preview_buttons import PreviewButtons
from hpe_studio.ui.inspector.rows import fact_row
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.widgets import text_label


class CommonGroundSection(Section):
    """Solves floor and sizes of the shot shown, by all contacts marked in it.

    Args:
        context: What it is made of.
    """

    id = "common_ground"
    title = "Common ground"
    is_open_at_first = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._edit: Edit | None = None
        self._known_m: dict[int, float] = {}
        about = text_label(
            self.tr("All contacts of the shot on one floor; the picture stays"),
            size="small",
            tone="muted",
        )
        about.setWordWrap(True)
        self.rows.addWidget(about)
        self._add_settings()
        self.floor = _fact(self.rows, self.tr("Floor"))
        self.tilt = _fact(self.rows, self.tr("Tilt"))
        self.cue = _fact(self.rows, self.tr("Size from"))
        self.lens = _fact(self.rows, self.tr("Focal"))
        self._people: QWidget | None = None
        self._people_rows = QVBoxLayout()
        self.rows.addLayout(self._people_rows)
        self.buttons = PreviewButtons()
        self.preview_button = self.buttons.preview
        self.rows.addWidget(self.buttons)
        self.buttons.preview.clicked.connect(self.preview)
        self.buttons.cancel.clicked.connect(self.cancel)
        self.buttons.apply.clicked.connect(self.apply)
        self.session.requests.cancel_wanted.connect(self.cancel)
        self._show(None)

    @property
    def is_previewing(self) -> bool:
        """True while what is seen is not kept yet."""
        return self._edit is not None

    def refresh(self) -> None:
        """Show whose height could be known, and whether there is anything to solve."""
        session, person = self.session, self.session.active_person
        self.is_known.setEnabled(person is not None)
        name = "" if person is None else person.name
        self.is_known.setToolTip(self.tr("How tall {0} is").format(name))
        known = None if person is None else self._known_m.get(person.id)
        with QSignalBlocker(self.is_known):
            self.is_known.setChecked(known is not None)
        self.height_field.setEnabled(known is not None)
        if known is not None:
            self.height_field.value = known
        elif person is not None:
            self.height_field.value = standing_height_m(session.poser, person)
        is_free = self.is_previewing or not session.document.is_editing
        self.buttons.enable(is_possible=is_free, is_previewing=self.is_previewing)

    # Doing -----------------------------------------------------------------------

    def preview(self) -> None:
        """Show the floor and the sizes, without keeping them."""
        self._drop()
        session = self.session
        if session.document.is_editing:
            session.notices.inform(self.tr("Finish or cancel the drag first"))
            return
        session.playback.stop()
        edit = session.document.begin_edit(self.tr(SPEC.label))
        try:
            found = self._solve(edit)
            edit.preview()
        except StudioError as error:
            edit.abort()
            session.notices.complain(error)
            self._show(None)
        else:
            self._edit = edit
            self._show(found)
        self.refresh()

    def apply(self) -> None:
        """Keep floor and sizes as one step."""
        if self._edit is None:
            self.preview()
        edit, self._edit = self._edit, None
        if edit is not None:
            try:
                edit.commit()
            except StudioError as error:
                self.session.notices.complain(error)
            else:
                self.session.notices.say(self.tr(SPEC.label), action="undo")
        self.refresh()

    def cancel(self) -> None:
        """Put everything back as it was before the preview."""
        if self.is_previewing:
            self._drop()
            self._show(None)
            self.refresh()

    def _drop(self) -> None:
        edit, self._edit = self._edit, None
        if edit is not None:
            edit.abort()

    def _solve(self, edit: Edit) -> CommonGround:
        session, document = self.session, self.session.document
        shot = document.shot_at(session.view.frame)
        chosen = people_of(document, shot)
        if self.leaves_out.isChecked():
            stand = {c.person_id for c in contacts_in(document, session.poser, shot)}
            chosen = tuple(p for p in chosen if p in stand) or chosen
        return common_ground_and_scale(
            edit,
            document,
            session.poser,
            shot,
            persons=chosen,
            known_heights_m={p: h for p, h in self._known_m.items() if p in chosen},
            with_focal=self.with_focal.isChecked(),
        )

    # Showing ---------------------------------------------------------------------

    def _show(self, found: CommonGround | None) -> None:
        floor, tilt, cue, lens = self._facts(found)
        for label, text in (
            (self.floor, floor),
            (self.tilt, tilt),
            (self.cue, cue),
            (self.lens, lens),
        ):
            label.setText(text)
        if self._people is not None:
            self._people_rows.removeWidget(self._people)
            self._people.hide()
            self._people.deleteLater()
            self._people = None
        if found is not None:
            self._people = self._list_of(found)
            self._people_rows.addWidget(self._people)

    def _facts(self, found: CommonGround | None) -> tuple[str, str, str, str]:
        if found is None:
            return "–", "–", "–", "–"
        solved, ground = found.solved, found.solved.ground
        within = self.tr("{0} of {1} contacts, within {2:.1f} cm")
        words = within.format(
            ground.inlier_count, ground.contact_count, 100 * ground.spread_m
        )
        tilt = self.tr("±{0:.1f}°").format(math.degrees(solved.tilt_sd_rad))
        if not ground.is_tilt_known:
            tilt = self.tr("not told by contacts")
        lens = self.tr("{0:.0f} px").format(found.focal_px)
        if math.isfinite(solved.focal_sd):
            doubt = self.tr("±{0:.0f} %").format(100 * solved.focal_sd)
            is_told = solved.focal_factor != 1.0
            lens += ", " + (doubt if is_told else self.tr("not told by contacts"))
        return words, tilt, self.tr(found.cue), lens

    def _list_of(self, found: CommonGround) -> QWidget:
        """A row per person: how tall now, how sure, how far from the floor."""
        holder = QWidget()
        rows = QVBoxLayout(holder)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        words = self.tr("{0:.2f} m ±{1:.0f} %, {2} within {3:.1f} cm")
        for number, person_id in enumerate(found.persons):
            person = self.session.document.persons[person_id]
            fact = _fact(rows, person.name)
            fact.setText(
                words.format(
                    found.heights_m[number],
                    100 * found.solved.factor_sds[number],
                    found.solved.contact_counts[number],
                    100 * found.solved.residuals_m[number],
                )
            )
        return holder

    # Events ----------------------------------------------------------------------

    def hideEvent(self, event: QHideEvent) -> None:
        """Take a preview back that nobody looks at any more."""
        super().hideEvent(event)
        self.cancel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the preview back, Enter keeps it; not where a number is typed."""
        focused = QApplication.focusWidget()
        is_here = focused in (self.is_known, self.with_focal, self.leaves_out)
        is_here |= focused is not None and self.buttons.isAncestorOf(focused)
        is_mine = is_here or event.key() == Qt.Key.Key_Escape
        is_shown = is_mine and self.is_previewing
        if not self.buttons.press_by_key(event, is_previewing=is_shown):
            super().keyPressEvent(event)

    def _on_known_toggled(self, is_known: bool) -> None:
        person = self.session.active_person
        if person is None:
            return
        if is_known:
            self._known_m[person.id] = self.height_field.value
        else:
            self._known_m.pop(person.id, None)
        self._on_settings_changed()

    def _on_height_edited(self, height_m: float) -> None:
        person = self.session.active_person
        if person is not None and person.id in self._known_m:
            self._known_m[person.id] = height_m
            self._on_settings_changed()

    def _on_settings_changed(self, _value: object = None) -> None:
        if self.is_previewing:
            self.preview()
        self.refresh()

    # Making ----------------------------------------------------------------------

    def _add_settings(self) -> None:
        self.is_known = QCheckBox(self.tr("Height is known"))
        self.is_known.toggled.connect(self._on_known_toggled)
        self.rows.addWidget(self.is_known)
        self.height_field = NumberField(
            self.tr("Height"),
            "m",
            decimals=2,
            minimum=0.3,
            maximum=3.0,
            step=0.01,
            name=self.tr("Known height for the common ground"),
        )
        self.height_field.edited.connect(self._on_height_edited)
        self.height_field.scrubbed.connect(self._on_height_edited)
        self.rows.addWidget(self.height_field)
        self.with_focal = QCheckBox(self.tr("Find the focal length"))
        self.with_focal.setToolTip(self.tr(SPEC.options[0].help))
        self.leaves_out = QCheckBox(self.tr("Only with contacts"))
        self.leaves_out.setToolTip(self.tr("Leaves out who has no contacts"))
        for box in (self.with_focal, self.leaves_out):
            box.toggled.connect(self._on_settings_changed)
            self.rows.addWidget(box)


def _fact(rows: QVBoxLayout, title: str) -> QLabel:
    """A fact that breaks where the panel is narrow."""
    _, fact = fact_row(rows, title)
    fact.setWordWrap(True)
    return fact
