"""The Help menu: what the program is."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu
from hpe_studio.ui.commands import files

HELP = menu(
    "Help",
    entry("about", "About HPE Studio", files.about, when="always"),
)  # fmt: skip
