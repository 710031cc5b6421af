"""The Edit menu: steps back and forth, keys, tools."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu
from hpe_studio.ui.commands import editing, hands, identities, posing

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
    entry("blend_range", "Blend range of the key…", hands.blend_range, "Alt+F",
          when="key", single=True, why="Over how many frames it comes and goes"),
    entry("copy_key", "Copy", posing.copy, "Ctrl+C", icon="copy", when="copy",
          single=True, line=True, why="The selected keys, else the pose shown"),
    entry("paste_key", "Paste", posing.paste, "Ctrl+V", icon="clipboard-paste",
          when="pose", single=True, why="Place and heading stay"),
    entry("paste_mirrored", "Paste mirrored", posing.paste_mirrored,
          "Ctrl+Shift+V", when="copied_pose", single=True),
    entry("mirror_pose", "Mirror the pose", posing.mirror, "M",
          icon="flip-horizontal-2", when="track", single=True,
          why="Left for right; place and heading stay"),
    entry("delete", "Delete", editing.delete_selected, "Del",
          icon="trash-2", when="person", single=True),
    entry("select_all", "Select all", identities.select_all, "Ctrl+A",
          when="people", single=True, why="Everybody; in the lanes, all keys"),
    entry("tool_select", "Select", editing.use_select, "V",
          icon="mouse-pointer-2", single=True, check=True, line=True),
    entry("tool_rotate", "Rotate", editing.use_rotate, "R",
          icon="rotate-3d", single=True, check=True),
    entry("lock_x", "Turn about X only", editing.lock_x, "X", single=True),
    entry("lock_y", "Turn about Y only", editing.lock_y, "Y", single=True),
    entry("lock_z", "Turn about Z only", editing.lock_z, "Z", single=True),
    entry("cancel", "Cancel", editing.cancel, "Esc", single=True),
    entry("palette", "Find a command…", hands.show_palette, "Ctrl+P",
          icon="search", when="always", line=True),
    entry("preferences", "Preferences…", hands.show_preferences, "Ctrl+,",
          icon="sliders-horizontal", when="always"),
)  # fmt: skip
