"""The look of the window: colours, fonts, icons, palette and style sheet of a theme.

Colours are asked for when something is painted and never kept. Who must keep something
(a pixmap, a text with colours in it) listens to `changed` and makes it anew.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from hpe_studio.ui.look.active import (
    body_colour,
    colour,
    filled,
    letter_ink,
    person_colour,
    person_colour_names,
    theme,
    theme_over_footage,
    tinted,
    worn,
)
from hpe_studio.ui.look.fonts import (
    font,
    refresh_font,
    room_px,
    set_font,
    text_px,
)
from hpe_studio.ui.look.icons import gapped_icon, gapped_size, icon, pixmap
from hpe_studio.ui.look.sheet import style_sheet
from hpe_studio.ui.look.wardrobe import THEME_CHOICES, apply, chosen_theme

changed = worn.changed
"""Comes after everything was dressed in another theme or text size."""

__all__ = [
    "THEME_CHOICES",
    "apply",
    "body_colour",
    "changed",
    "chosen_theme",
    "colour",
    "filled",
    "font",
    "gapped_icon",
    "gapped_size",
    "icon",
    "letter_ink",
    "person_colour",
    "person_colour_names",
    "pixmap",
    "room_px",
    "set_font",
    "set_role",
    "style_sheet",
    "text_px",
    "theme",
    "theme_over_footage",
    "tinted",
]


def set_role(widget: QWidget, **properties: object) -> None:
    """Set the dynamic properties that the style sheet looks at, and restyle."""
    for key, value in properties.items():
        widget.setProperty(key, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    refresh_font(widget)  # a style sheet puts back what it found long ago
