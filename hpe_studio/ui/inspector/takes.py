"""The base taken from another run or import, on the range and limb of the clean-up."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton

from hpe_studio.core.edit import Edit
from hpe_studio.core.track import Estimate, Track
from hpe_studio.edits.stretch import LIMBS, stretches
from hpe_studio.edits.take_from import Offer, offers, take_from
from hpe_studio.ui import cleaning
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.rows import named_row
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.workflow.take_facts import take_facts, take_lines

_DEFAULT_BLEND, _MOST_BLEND = 5, 60


class TakesSection(Section):
    """Which estimate a range or a limb starts from, where there are several.

    Args:
        context: What it is made of.
    """

    id = "takes"
    title = "Takes"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shown: tuple[tuple[int, str], ...] = ()
        self.take = QComboBox()
        self.take.setAccessibleName(self.tr("Take"))
        self.take.setMinimumWidth(60)
        named_row(self.rows, self.tr("Take"), self.take)
        self.limb = QComboBox()
        self.limb.setAccessibleName(self.tr("Limb"))
        self.limb.setMinimumWidth(60)
        for name in LIMBS:
            self.limb.addItem(self.tr(name.capitalize()), name)
        named_row(self.rows, self.tr("Limb"), self.limb)
        self.blend = NumberField(
            self.tr("Blend"),
            self.tr("frames"),
            decimals=0,
            minimum=0,
            maximum=_MOST_BLEND,
            name=self.tr("Blend at the seams"),
        )
        self.blend.value = _DEFAULT_BLEND
        self.rows.addWidget(self.blend)
        self.use = QPushButton(self.tr("Take from it"))
        self.use.setFixedHeight(26)
        self.use.setToolTip(self.tr("From in to out, else over the shot"))
        self.use.clicked.connect(self._on_use_clicked)
        self.rows.addWidget(self.use)

    def refresh(self) -> None:
        """Show the takes that know the selected person here."""
        found = self._offers()
        told = tuple((offer.estimate.id, offer.take.name) for offer in found)
        if told != self._shown:
            self._shown = told
            chosen = self.take.currentData()
            self.take.clear()
            for row, offer in enumerate(found):
                self.take.addItem(offer.take.name, offer.estimate.id)
                made_by = "\n".join(take_lines(take_facts(offer.take)))
                self.take.setItemData(row, made_by, Qt.ItemDataRole.ToolTipRole)
            self.take.setCurrentIndex(max(self.take.findData(chosen), 0))
        one = self.tr("only one") if len(told) == 1 else ""
        self.head.show_word(one or (str(len(told)) if told else self.tr("none")))
        self.use.setEnabled(bool(told))

    def _offers(self) -> tuple[Offer, ...]:
        track = self.session.active_track
        return () if track is None else offers(self.session.document, track)

    def _on_use_clicked(self) -> None:
        session, track = self.session, self.session.active_track
        estimate = session.document.estimates.get(self.take.currentData())
        if track is None or estimate is None:
            return
        label = self.tr("Take from {0}").format(self.take.currentText())
        before = cleaning.last_step(session)
        if session.perform(label, partial(self._write, track, estimate)):
            cleaning.tell_done(session, label, before)

    def _write(self, track: Track, estimate: Estimate, edit: Edit) -> None:
        session = self.session
        start, stop = cleaning.frames_of(session, "range")
        chosen = stretches(
            session.document,
            persons=(track.person_id,),
            start=max(start, track.start),
            stop=min(stop, track.stop),
            limb=self.limb.currentData(),
        )
        for part in chosen:
            blend = round(self.blend.value)
            take_from(edit, session.document, part, estimate, blend=blend)
