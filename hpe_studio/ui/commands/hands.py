"""Palette, key sheet, preferences, and small questions beside a viewer."""

from __future__ import annotations

from dataclasses import replace

from hpe_studio.core.errors import StudioError
from hpe_studio.ui import recent
from hpe_studio.ui.commands.desk import Desk, session_of


def show_palette(desk: Desk) -> None:
    """Find anything by a few letters."""
    desk.hands.show_palette()


def go_to_frame(desk: Desk) -> None:
    """Type where to go."""
    desk.hands.show_palette(">")


def show_keys(desk: Desk) -> None:
    """Show all keys on one sheet."""
    desk.hands.show_keys()


def show_preferences(desk: Desk) -> None:
    """Show what can be chosen."""
    desk.hands.show_preferences()


def flip_focus(desk: Desk) -> None:
    """Go from the video to 3D and back."""
    desk.hands.flip_focus()


def blend_range(desk: Desk) -> None:
    """Type over how many frames the key comes and goes."""
    desk.hands.ask_blend()


def name_version(desk: Desk) -> None:
    """Say that all edits are kept, and give what is there a name."""
    session = session_of(desk)
    if session.project.is_read_only:
        session.notices.inform("This project is open for reading only")
        return
    try:
        session.project.flush()
    except StudioError as error:
        session.notices.complain(error)
        return
    recent.remember(session)
    desk.hands.ask_version()


def toggle_before(desk: Desk) -> None:
    """Show the estimate in place of the motion, or the motion again."""
    view = session_of(desk).view
    view.layers = replace(view.layers, before=not view.layers.before)
