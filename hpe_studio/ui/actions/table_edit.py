"""The Edit menu: steps back and forth, keys, tools."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu
from hpe_studio.ui.commands import editing

EDIT = menu(
    "Edit",
    entry("undo", "Undo", editing.undo, "Ctrl+Z", icon="undo-2", when="undo"),
    entry("redo", "Redo", editing.redo, "Ctrl+Shift+Z", "Ctrl+Y",
          icon="redo-2", when="redo"),
    entry("insert_key", "Insert key", editing.insert_key, "I",
          icon="diamond-plus", when="person", single=True, line=True),
    entry("key_body", "Key the whole body", editing.key_body, "Shift+I",
          icon="person-standing", when="person", single=True),
    entry("delete_key", "Delete key", editing.delete_key, "Alt+I",
          icon="diamond-minus", when="key", single=True),
    entry("copy_key", "Copy key", editing.copy_keys, "Ctrl+C", when="key",
          single=True),
    entry("paste_key", "Paste key", editing.paste_key, "Ctrl+V",
          when="person", single=True),
    entry("delete", "Delete", editing.delete_selected, "Del",
          icon="trash-2", when="person", single=True),
    entry("tool_select", "Select", editing.use_select, "V",
          icon="mouse-pointer-2", single=True, check=True, line=True),
    entry("tool_rotate", "Rotate", editing.use_rotate, "R",
          icon="rotate-3d", single=True, check=True),
    entry("lock_x", "Turn about X only", editing.lock_x, "X", single=True),
    entry("lock_y", "Turn about Y only", editing.lock_y, "Y", single=True),
    entry("lock_z", "Turn about Z only", editing.lock_z, "Z", single=True),
    entry("cancel", "Cancel", editing.cancel, "Esc", single=True),
)  # fmt: skip
