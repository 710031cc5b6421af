"""What the video pane says over its picture, and where nothing else may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.media.loader import Picture

Box = tuple[float, float, float, float]


def sentence_over(
    session: Session, picture: Picture | None, *, wanted_frame: int, has_note: bool
) -> str:
    """Why there is no picture, or "".

    Args:
        session: Whose footage.
        picture: What is shown.
        wanted_frame: The footage's frame that belongs here; negative for none.
        has_note: A note says already that the clip is not at hand.
    """
    told = _view_sentence(session, wanted_frame)
    if told:
        return told
    if session.footage is None and not has_note:
        return tr("These results came without footage")
    if picture is not None and picture.missing:
        return picture.message or tr("No picture")
    return ""


def _view_sentence(session: Session, wanted_frame: int) -> str:
    """Why another view than the clip has no picture, or ""."""
    number = session.view.shown_view
    if number == 0:
        return ""
    if wanted_frame < 0:
        return tr("This camera has no picture at this frame")
    return session.feeds.trouble_of(number)


def boxes_over(pane: QWidget) -> list[Box]:
    """Where tools, chip and notes lie over a pane: left, top, right, bottom."""
    only = Qt.FindChildOption.FindDirectChildrenOnly
    seen = Qt.WidgetAttribute.WA_TransparentForMouseEvents  # such as a focus frame
    places = [
        child.geometry()
        for child in pane.findChildren(QWidget, options=only)
        if child.isVisible() and not child.isWindow() and not child.testAttribute(seen)
    ]
    return [
        (
            float(at.left()),
            float(at.top()),
            float(at.left() + at.width()),
            float(at.top() + at.height()),
        )
        for at in places
    ]
