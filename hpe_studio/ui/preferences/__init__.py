"""What a person can choose, page by page; every choice acts at once."""

from hpe_studio.ui.preferences.dialog import Preferences

__all__ = ["Preferences"]
