"""The command palette: every action, frame and person by a few letters."""

from hpe_studio.ui.palette.panel import Palette

__all__ = ["Palette"]
