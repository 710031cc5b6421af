"""The import window: what results hold, what was assumed, what does not fit."""

from hpe_studio.ui.importing.dialog import ImportDialog

__all__ = ["ImportDialog"]
