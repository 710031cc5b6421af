"""The Help menu: what the program is."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu
from hpe_studio.ui.commands import files, hands, helping

HELP = menu(
    "Help",
    entry("whats_new", "What’s new", helping.whats_new, when="always"),
    entry("licences", "Licences", helping.licences, when="always"),
    entry("report", "Show report…", helping.report, when="always"),
    entry("key_sheet", "Keys…", hands.show_keys, "?", "F1", icon="keyboard",
          when="always"),
    entry("about", "About HPE Studio", files.about, when="always"),
)  # fmt: skip
