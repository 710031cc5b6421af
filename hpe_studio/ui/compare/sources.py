"""What is compared with what, and who is who."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hpe_studio.metrics.comparison import Comparison
from hpe_studio.ui import look
from hpe_studio.ui.inspector.elided import ElidedLabel
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import Swatch, icon_label, text_label
from hpe_studio.ui.words import tr


class Sources(QWidget):
    """Motion and truth, each with the line by which it is drawn.

    Args:
        session: Whose.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.motion = _Source(tr("Motion"), is_truth=False)
        self.truth = _Source(tr("Truth"), is_truth=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.motion)
        column.addWidget(self.truth)

    def refresh(self) -> None:
        """Show what there is."""
        document = self._session.document
        people = [p for p in document.persons.values() if not p.ignored]
        count = len(people)
        one = tr("this project, 1 person")
        many = tr("this project, {count} people")
        self.motion.say(one if count == 1 else many.format(count=count))
        truths = tuple(document.truths.values())
        if truths:
            text = tr("{name}, {count} people")
            first = truths[0]
            if len(truths) == 1:
                text = tr("{name}, 1 person")
            self.truth.say(text.format(name=first.name, count=len(truths)))
            self.truth.setToolTip(first.path)


class _Source(QWidget):
    def __init__(self, title: str, *, is_truth: bool) -> None:
        super().__init__()
        self._is_truth = is_truth
        self.setFixedHeight(34)
        self._detail = ElidedLabel(size="small", ink="text.secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(text_label(title, weight=600))
        column.addWidget(self._detail)

    def say(self, detail: str) -> None:
        """Show another line below."""
        self._detail.setText(detail)
        self.setAccessibleDescription(detail)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line at the left: whole for motion, dashed for truth."""
        with QPainter(self) as painter:
            token = "data.truth" if self._is_truth else "accent.text"
            pen = QPen(look.colour(token), 3)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if self._is_truth:
                pen.setDashPattern([1.9, 1.2])
            painter.setPen(pen)
            painter.drawLine(2, 1, 2, self.height() - 1)


class PairingSection(Section):
    """Which of our people is which of the truth's, and how often.

    Args:
        context: What it is made of.
    """

    id = "pairing"
    title = "Pairing"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.pairs: list[_Pair] = []
        self._pairs = QVBoxLayout()
        self._pairs.setSpacing(2)
        self.rows.addLayout(self._pairs)
        self.summary = text_label(size="small", tone="muted")
        self.summary.setWordWrap(True)
        self.rows.addWidget(self.summary)

    def refresh(self) -> None:
        """Show the pairs of the comparison."""
        comparing = self.session.comparing
        compared, comparison = comparing.compared, comparing.comparison
        self.setVisible(comparison is not None)
        if comparison is None or compared is None:
            return
        self.head.show_word(tr("by {way}").format(way=comparison.matching))
        told = list(_told_pairs(comparison, compared.person_ids))
        while len(self.pairs) < len(told):
            pair = _Pair()
            self.pairs.append(pair)
            self._pairs.addWidget(pair)
        for number, pair in enumerate(self.pairs):
            pair.setVisible(number < len(told))
            if number < len(told):
                pair.show_pair(self.session, *told[number])
        counts = comparison.counts
        text = tr("{matched} of {all} people on frames found, {extra} too many")
        self.summary.setText(
            text.format(
                matched=counts.matched,
                all=counts.true_people,
                extra=counts.false_positives,
            )
        )


def _told_pairs(
    comparison: Comparison, person_ids: tuple[int, ...]
) -> list[tuple[int, str, int]]:
    """Person id, name in the truth, frames; most frames first within a true person."""
    found: list[tuple[int, str, int]] = []
    for person, name in enumerate(comparison.people):
        column = comparison.matches[:, person]
        times = [(int((column == i).sum()), i) for i in range(len(person_ids))]
        for frames, i in sorted(times, reverse=True):
            if frames:
                found.append((person_ids[i], name, frames))
    return found


class _Pair(QWidget):
    """A swatch and a name, a link, a name of the truth."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(24)
        self._swatch = Swatch(16)
        self._name = ElidedLabel()
        self._id = text_label(tone="secondary")
        self._frames = text_label(size="small", tone="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._swatch)
        row.addWidget(self._name, 1)
        row.addWidget(icon_label("git-compare", 12, "text.muted"))
        row.addWidget(self._id)
        row.addWidget(self._frames)

    def sizeHint(self) -> QSize:
        """A row of a list."""
        return QSize(120, 24)

    def show_pair(
        self, session: Session, person_id: int, truth: str, frames: int
    ) -> None:
        """Show who is who, and on how many frames."""
        person = session.document.persons.get(person_id)
        self._swatch.show_person(person, session.letter_of(person_id))
        self._name.setText("" if person is None else person.name)
        self._id.setText(truth)
        self._frames.setText(str(frames))
        text = tr("{name} is {truth} on {count} frames")
        self.setAccessibleName(
            text.format(name=self._name.text(), truth=truth, count=frames)
        )
        self.setToolTip(self.accessibleName())
