"""The export window: what kind of file, who and when, and how it came back."""

from hpe_studio.ui.export.dialog import ExportDialog

__all__ = ["ExportDialog"]
