"""Paints the rows of the outliner and edits names in place."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from hpe_studio.core.clip import Shot
from hpe_studio.core.person import Person
from hpe_studio.core.track import Source, Track
from hpe_studio.render.theme import person_letter
from hpe_studio.ui import commands, look
from hpe_studio.ui.joints import source_title
from hpe_studio.ui.lanes.bars import paint_pieces
from hpe_studio.ui.lanes.model import BAR_PX
from hpe_studio.ui.lanes.runs import Piece
from hpe_studio.ui.outliner_model import ID, LOCK, NAME, OutlinerModel
from hpe_studio.ui.outliner_nodes import Node
from hpe_studio.ui.outliner_paint import paint_icon, paint_texts
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import range_text
from hpe_studio.ui.widgets import paint_swatch

ROW_PX, INDENT_PX = 24, 14
_OFFSET_PX, _SWATCH_PX, _CHEVRON_PX = 8.0, 16, 12
_SAMPLE = QSize(14, 8)

Index = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """Swatch with letter, name, keys, height, lock and eye; shots with their range.

    Args:
        session: Where heights and layers are looked up while painting.
        model: The rows.
        parent: The tree.
    """

    def __init__(
        self, session: Session, model: OutlinerModel, parent: QTreeView
    ) -> None:
        super().__init__(parent)
        self._session, self._model, self._tree = session, model, parent
        self._heights: dict[object, str] = {}
        self._sources: dict[int, Source] = {}

    def forget_sources(self) -> None:
        """Look at the tracks again."""
        self._sources.clear()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Rows are 24 px high."""
        return QSize(60, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Paint one cell."""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, look.colour("selection.active"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, look.colour("bg.hover"))
        node, box = self._model.node(index), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.column() == NAME:
            self._paint_name(painter, box, node, index)
        else:
            self._paint_switch(painter, box, node, index.column())
        painter.restore()

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """A line to type the name into; none for a locked person."""
        person = self._session.document.persons.get(index.data(ID))
        if person is None or person.locked:
            if person is not None:
                words = self.tr("{0} is locked; unlock the person")
                self._session.notices.inform(words.format(person.name))
            return None  # type: ignore[return-value]
        editor = QLineEdit(parent)
        editor.setMaxLength(60)
        editor.setAccessibleName(self.tr("Name"))
        look.set_role(editor, role="inline")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Start from the present name."""
        assert isinstance(editor, QLineEdit)
        person = self._session.document.persons.get(index.data(ID))
        editor.setText(person.name if person is not None else "")

    def setModelData(
        self, editor: QWidget, _model: QAbstractItemModel, index: Index
    ) -> None:
        """Rename the person by an edit; the list follows the document."""
        assert isinstance(editor, QLineEdit)
        commands.rename(self._session, index.data(ID), editor.text())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """Put the line where the name stands."""
        left = round(_OFFSET_PX) + _SWATCH_PX + 5
        editor.setGeometry(option.rect.adjusted(left, 1, -2, -1))

    # Names --------------------------------------------------------------------------

    def _paint_name(
        self, painter: QPainter, box: QRectF, node: Node, index: Index
    ) -> None:
        if node.children:
            is_open = self._tree.isExpanded(QModelIndex(index))  # type: ignore[arg-type]
            chevron = QRectF(box.left() - 7, box.top(), 14, box.height())
            name = "chevron-down" if is_open else "chevron-right"
            paint_icon(painter, chevron, name, _CHEVRON_PX)
        room = box.adjusted(_OFFSET_PX, 0, -4, 0)
        title = self._model.title(node)
        if node.kind == "group":
            meta = str(len(node.children))
            paint_texts(painter, room, title, meta, "text.secondary")
        elif node.kind == "person":
            self._paint_person(painter, room, node, title)
        elif node.kind == "shot":
            self._paint_shot(painter, room, node, title)
        elif node.kind == "track":
            self._paint_track(painter, room, node, title)
        else:
            is_estimate = node.kind == "estimate"
            icon = QRectF(room.left(), room.top(), _SWATCH_PX, room.height())
            paint_icon(painter, icon, "ghost" if is_estimate else "video", 14)
            meta = getattr(node.value, "name", "")
            room = room.adjusted(_SWATCH_PX + 7, 0, 0, 0)
            paint_texts(painter, room, title, meta, "text.primary")

    def _paint_person(
        self, painter: QPainter, room: QRectF, node: Node, title: str
    ) -> None:
        person = node.value
        if not isinstance(person, Person):
            return
        hidden = not self._session.view.is_visible(person.id)
        top = room.top() + (room.height() - _SWATCH_PX) / 2
        swatch = QRectF(room.left(), top, _SWATCH_PX, _SWATCH_PX)
        painter.setOpacity(0.45 if hidden else 1.0)
        is_whole = not self._model.wanted
        found = person_letter(node.row) if is_whole else None
        letter = found or self._session.letter_of(person.id)
        paint_swatch(painter, swatch, look.person_colour(person), letter)
        painter.setOpacity(1.0)
        room = room.adjusted(_SWATCH_PX + 7, 0, 0, 0)
        ink = "text.muted" if hidden else "text.primary"
        count = self._session.problems.open_of(person.id)
        pill = str(count) if count else ""
        meta = self.tr("ignored") if person.ignored else self._height_text(person)
        paint_texts(painter, room, title, meta, ink, pill=pill)

    def _paint_shot(
        self, painter: QPainter, room: QRectF, node: Node, title: str
    ) -> None:
        shot, session = node.value, self._session
        if not isinstance(shot, Shot):
            return
        is_current = session.view.frame in shot
        icon = QRectF(room.left(), room.top(), _SWATCH_PX, room.height())
        ink = "accent.text" if is_current else "text.secondary"
        paint_icon(painter, icon, "clapperboard", 14, ink=ink)
        meta = range_text(shot.start, shot.stop, session.document.clip.frame_count)
        room = room.adjusted(_SWATCH_PX + 7, 0, 0, 0)
        ink = "accent.text" if is_current else "text.primary"
        weight = 600 if is_current else 400
        paint_texts(painter, room, title, meta, ink, weight=weight)

    def _paint_track(
        self, painter: QPainter, room: QRectF, node: Node, title: str
    ) -> None:
        track = node.value
        if not isinstance(track, Track):
            return
        source = self._source_of(track)
        top = room.top() + (room.height() - _SAMPLE.height()) / 2
        sample = QRectF(room.left() + 1, top, _SAMPLE.width(), _SAMPLE.height())
        painter.save()
        painter.setClipRect(sample)
        piece = Piece(left=sample.left(), right=sample.right() + 1, source=source)
        bar_top = sample.center().y() - BAR_PX / 2
        ground = look.colour("bg.panel")
        paint_pieces(painter, (piece,), bar_top, sample.left(), ground)
        painter.restore()
        room = room.adjusted(_SWATCH_PX + 7, 0, 0, 0)
        is_here = self._session.view.frame in track
        ink = "text.primary" if is_here else "text.secondary"
        pill = str(node.key_count) if node.key_count else ""
        paint_texts(painter, room, title, source_title(source).lower(), ink, pill=pill)

    def _height_text(self, person: Person) -> str:
        """How tall somebody is, remembered: working it out shapes a whole body."""
        key = (id(self._session.poser.body), person.betas, person.scale)
        if key not in self._heights:
            if len(self._heights) > 2000:
                self._heights.clear()
            height_m = self._session.height_m(person)
            self._heights[key] = f"{height_m:.2f} m" if height_m else ""
        return self._heights[key]

    def _source_of(self, track: Track) -> Source:
        """The source that most of a track has, remembered until tracks change."""
        if track.id not in self._sources:
            counts = np.bincount(track.base_source.ravel(), minlength=len(Source))
            counts[Source.MISSING] = 0
            self._sources[track.id] = Source(int(np.argmax(counts)))
        return self._sources[track.id]

    # Switches -----------------------------------------------------------------------

    def _paint_switch(
        self, painter: QPainter, box: QRectF, node: Node, column: int
    ) -> None:
        found = self._lock(node) if column == LOCK else self._eye(node)
        if found is not None:
            name, is_strong = found
            side = 13 if column == LOCK else 14
            paint_icon(painter, box, name, side, is_strong=is_strong)

    def _lock(self, node: Node) -> tuple[str, bool] | None:
        """Icon of a row's lock, and whether it is at full strength."""
        if node.kind == "estimate":
            return "lock", False
        if isinstance(node.value, Person):
            return ("lock", True) if node.value.locked else ("lock-open", False)
        if node.kind == "group" and node.id == 0 and node.children:
            persons = [n.value for n in node.children if isinstance(n.value, Person)]
            is_locked = all(person.locked for person in persons)
            return ("lock", True) if is_locked else ("lock-open", False)
        return None

    def _eye(self, node: Node) -> tuple[str, bool] | None:
        """Icon of a row's eye, and whether it is at full strength."""
        layers = self._session.view.layers
        if node.kind == "person":
            hidden = node.id in layers.hidden_persons
        elif node.kind == "estimate":
            shown = layers.ghost or node.person_id in layers.ghost_persons
            return ("eye", True) if shown else ("eye-off", False)
        elif node.kind == "view":
            hidden = not layers.frustum
        elif node.kind == "group" and node.id == 0 and node.children:
            hidden = layers.hidden_persons.issuperset(n.id for n in node.children)
        else:
            return None
        return ("eye-off", True) if hidden else ("eye", False)
