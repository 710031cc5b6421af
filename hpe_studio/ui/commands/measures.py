"""Shape, size, floor and lens: done at once, or led to the field that asks for them."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from hpe_studio.ui.commands import persons
from hpe_studio.ui.commands.desk import Desk, session_of, workspace_of


def show_section(desk: Desk, section_id: str) -> Any:
    """Bring a section of the inspector into view, unfolded."""
    workspace = workspace_of(desk)
    dock = workspace.docks["inspector"]
    if dock.isHidden() or dock.visibleRegion().isEmpty():
        workspace.toggle_dock("inspector")
    return workspace.inspector.reveal(section_id)


def _ask(section_id: str, field: str, desk: Desk) -> None:
    """Put the focus where a value is typed or chosen."""
    found = getattr(show_section(desk, section_id), field)
    _focus_soon(next(iter(found.values())) if isinstance(found, dict) else found)


def _press(section_id: str, button: str, desk: Desk) -> None:
    """Do what a button of the inspector does, and show it there."""
    getattr(show_section(desk, section_id), button).click()


def carry_over(desk: Desk) -> None:
    """Choose how limbs that were never seen are held."""
    section = show_section(desk, "clean_up")
    section.choose_tool("carry_over")
    _focus_soon(section.options.fields["pose"])


def add_person(desk: Desk) -> None:
    """Add somebody new without a track."""
    persons.add_person(session_of(desk))


known_height = partial(_ask, "scale", "height_field")
known_distance = partial(_ask, "scale", "distance_field")
height = partial(_ask, "shape", "height_field")
measures = partial(_ask, "build", "fields")
focal = partial(_ask, "lens", "focal")
take_from = partial(_ask, "takes", "take")
note = partial(_ask, "notes", "text")
colour = partial(_ask, "identity", "colours")
median_shape = partial(_press, "build", "median")
shape_of_frame = partial(_press, "build", "of_frame")
mean_shape = partial(_press, "shape", "reset")
floor_from_contacts = partial(_press, "scale", "level")
common_ground = partial(_press, "common_ground", "preview_button")


def _focus_soon(widget: QWidget) -> None:
    """Give the focus to a field, or what of it takes it, once it is laid out."""
    takers = [widget, *widget.findChildren(QWidget)]
    taker = next(w for w in takers if w.focusPolicy() & Qt.FocusPolicy.TabFocus)
    QTimer.singleShot(0, taker, partial(_focus, taker))


def _focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
