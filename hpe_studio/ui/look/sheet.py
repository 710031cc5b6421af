"""Palette and style sheet of the active theme."""

from __future__ import annotations

import atexit
import re
import tempfile
from functools import cache
from pathlib import Path

from PySide6.QtGui import QColor, QPalette

from hpe_studio.core.resources import resource_path
from hpe_studio.ui.look.active import colour, filled, theme
from hpe_studio.ui.look.fonts import text_px
from hpe_studio.ui.look.icons import svg_text

_ICON = re.compile(r"@icon\.([a-z0-9-]+)/([a-z]+\.[a-z_]+)")
_SIZE = re.compile(r"@text\.([a-z_]+)px")
_ROLES = QPalette.ColorRole
_TOKENS = (
    (_ROLES.Window, "bg.panel"),
    (_ROLES.Base, "bg.input"),
    (_ROLES.AlternateBase, "bg.header"),
    (_ROLES.Button, "bg.raised"),
    (_ROLES.Text, "text.primary"),
    (_ROLES.WindowText, "text.primary"),
    (_ROLES.ButtonText, "text.primary"),
    (_ROLES.BrightText, "text.primary"),
    (_ROLES.PlaceholderText, "text.muted"),
    (_ROLES.Highlight, "selection.active"),
    (_ROLES.HighlightedText, "text.primary"),
    (_ROLES.ToolTipBase, "bg.raised"),
    (_ROLES.ToolTipText, "text.primary"),
    (_ROLES.Accent, "accent.fill"),
    (_ROLES.Link, "accent.text"),
    (_ROLES.LinkVisited, "accent.text"),
    (_ROLES.Light, "border.strong"),
    (_ROLES.Midlight, "border.subtle"),
    (_ROLES.Mid, "border.subtle"),
    (_ROLES.Dark, "bg.window"),
    (_ROLES.Shadow, "bg.window"),
)


def style_sheet() -> str:
    """The style sheet of the active theme, every ``@token`` filled in."""
    names = ["window.qss", "contrast.qss"] if theme().name == "contrast" else None
    text = "\n".join(
        resource_path(f"themes/{name}").read_text(encoding="utf-8")
        for name in names or ["window.qss"]
    )
    text = _ICON.sub(lambda m: _tinted_file(m[1], colour(m[2]).name()), text)
    text = _SIZE.sub(lambda m: f"{text_px(m[1])}px", text)
    return filled(text)


def palette() -> QPalette:
    """Qt's own colours, for what the style sheet does not reach."""
    made = QPalette()
    for role, token in _TOKENS:
        made.setColor(role, colour(token))
    for role in (_ROLES.Text, _ROLES.WindowText, _ROLES.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, colour("text.disabled"))
    return made


@cache
def _tinted_file(name: str, tint: str) -> str:
    """Path of an icon in one colour; style sheets take pictures from files only."""
    path = Path(_folder().name) / f"{name}-{tint[1:]}.svg"
    path.write_text(svg_text(name, QColor(tint)), encoding="utf-8")
    return path.as_posix()


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="hpe-studio-look-")
    atexit.register(folder.cleanup)
    return folder
