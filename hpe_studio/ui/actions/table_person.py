"""The Person menu: names, eyes, locks, bodies."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu
from hpe_studio.ui.commands import persons

PERSON = menu(
    "Person",
    entry("rename", "Rename…", persons.rename_person, "F2", when="person"),
    entry("hide", "Hide", persons.hide_person, "H", icon="eye-off",
          when="person", single=True),
    entry("show_all", "Show all", persons.show_all, "Alt+H", icon="eye",
          single=True),
    entry("lock", "Lock or unlock", persons.toggle_locked,
          icon="lock", when="person"),
    entry(
        "choose_body", "Choose body model…", persons.choose_body, line=True
    ),
    entry("open_body", "Use the open body", persons.use_open_body),
    entry("delete_person", "Delete person", persons.delete_person,
          icon="trash-2", when="person", line=True),
)  # fmt: skip
