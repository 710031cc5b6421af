"""Small widgets and painting helpers that several panels share."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QToolButton, QWidget

from hpe_studio.core.person import Person
from hpe_studio.ui import look

_CAP_PX = 17


def tool_button(action: QAction, side: int = 28, *, icon_px: int = 16) -> QToolButton:
    """A square button of an action that does not take the focus when clicked."""
    button = QToolButton()
    _set_up(button, action, side, icon_px)
    return button


def _set_up(button: QToolButton, action: QAction, side: int, icon_px: int) -> None:
    button.setDefaultAction(action)
    button.setFixedSize(side, side)
    button.setIconSize(QSize(icon_px, icon_px))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.iconText())


class FilledToolButton(QToolButton):
    """A tool's button over a viewer: light on dark, on accent while in hand.

    Args:
        action: Chooses the tool.
        side: Width and height.
    """

    def __init__(self, action: QAction, side: int = 28) -> None:
        super().__init__()
        name = action.icon().name()
        self._icon = look.icon(name, ink="video.tag_text", on_ink="accent.on")
        _set_up(self, action, side, 16)
        look.set_role(self, role="tool")
        action.changed.connect(self._dress)  # it sets its plain icon each time
        self._dress()

    def _dress(self) -> None:
        self.setIcon(self._icon)


def vertical_line(height: int) -> QWidget:
    """A 1 px line between groups of a bar."""
    line = QFrame()
    line.setFixedSize(1, height)
    look.set_role(line, role="line")
    return line


def horizontal_line() -> QWidget:
    """A 1 px line between sections."""
    line = QFrame()
    line.setFixedHeight(1)
    look.set_role(line, role="line")
    return line


def text_label(
    text: str = "", *, size: str = "body", weight: int = 400, tone: str = ""
) -> QLabel:
    """A label in one of the theme's sizes, weights and tones."""
    label = QLabel(text)
    look.set_font(label, size, weight)
    if tone:
        look.set_role(label, tone=tone)
    return label


class IconLabel(QLabel):
    """An icon that is no button, in the colour its token has now.

    Args:
        name: Of the shipped file.
        size: Of the icon; it stands in the middle of the label.
        ink: Token of its colour.
    """

    def __init__(self, name: str, size: int, ink: str) -> None:
        super().__init__()
        self._name, self._size, self._ink = name, size, ink
        self.setFixedSize(size, size)

    def show_icon(self, name: str, ink: str) -> None:
        """Show another one."""
        self._name, self._ink = name, ink
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it over what the style sheet paints."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            ratio = self.devicePixelRatioF()
            picture = look.pixmap(self._name, self._size, look.colour(self._ink), ratio)
            x, y = self.width() - self._size, self.height() - self._size
            painter.drawPixmap(QPointF(x / 2, y / 2), picture)


def icon_label(name: str, size: int, ink: str) -> IconLabel:
    """An icon that is no button."""
    return IconLabel(name, size, ink)


def key_label(keys: str) -> QLabel:
    """A key cap ("Ctrl+Z")."""
    label = QLabel(keys)
    _set_up_cap(label)
    return label


def _set_up_cap(label: QLabel) -> None:
    look.set_font(label, "micro")
    label.setMinimumHeight(_CAP_PX)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    look.set_role(label, role="key")


class ActionKey(QLabel):
    """The key cap of an action; it follows when the key is changed.

    Args:
        action: Whose first key is shown; nothing where it has none.
    """

    def __init__(self, action: QAction) -> None:
        super().__init__(action.shortcut().toString())
        self._action = action
        _set_up_cap(self)
        action.changed.connect(self._on_action_changed)

    def _on_action_changed(self) -> None:
        keys = self._action.shortcut().toString()
        if keys != self.text():
            self.setText(keys)
            self.setVisible(bool(keys))


def paint_swatch(painter: QPainter, box: QRectF, tint: QColor, letter: str) -> None:
    """A person's colour with the letter on it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    radius = max(3.0, box.width() * 0.22)
    painter.drawRoundedRect(box, radius, radius)
    face = look.font("micro", 700)
    face.setPixelSize(max(8, round(box.width() * 0.62)))
    painter.setFont(face)
    painter.setPen(look.letter_ink())
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()


class Swatch(QWidget):
    """A person's colour and letter, 26 px by default.

    Args:
        side: Width and height.
    """

    def __init__(self, side: int = 26) -> None:
        super().__init__()
        self.setFixedSize(side, side)
        self._tint: QColor | None = None
        self._letter = ""

    def show_person(self, person: Person | None, letter: str) -> None:
        """Show a person's swatch, or nothing."""
        self._tint = look.person_colour(person) if person is not None else None
        self._letter = letter
        self.update()

    def paintEvent(self, _event: object) -> None:
        """Paint the swatch."""
        if self._tint is None:
            return
        with QPainter(self) as painter:
            paint_swatch(painter, QRectF(self.rect()), self._tint, self._letter)


def swatch_pixmap(tint: QColor, side: int = 14) -> QPixmap:
    """A plain colour patch for menus."""
    made = QPixmap(QSize(side * 2, side * 2))
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(made.rect(), 6, 6)
    made.setDevicePixelRatio(2.0)
    return made
