"""What the lanes add to the menus: zoom, rows shown, keys selected and moved."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu
from hpe_studio.ui.commands import lanes, looking

LANES = (
    *menu(
        "View",
        entry("toggle_curves", "Curves", looking.toggle_curves,
              icon="chart-spline", check=True, line=True),
        entry("toggle_thumbnails", "Pictures in the lanes",
              looking.toggle_thumbnails, icon="film", check=True),
        entry("toggle_parts", "Parts of the body in the lanes",
              lanes.toggle_parts, "U", when="person", single=True),
        entry("zoom_in", "Zoom lanes in", lanes.zoom_in, "+", "=", single=True,
              line=True),
        entry("zoom_out", "Zoom lanes out", lanes.zoom_out, "-", single=True),
        entry("zoom_to_clip", "Zoom lanes to the clip", lanes.zoom_to_clip,
              "Alt+C", single=True),
        entry("zoom_to_shot", "Zoom lanes to the shot", lanes.zoom_to_shot,
              "Alt+S", single=True),
        entry("zoom_to_range", "Zoom lanes to the range", lanes.zoom_to_range,
              "Alt+R", single=True),
        entry("zoom_to_selection", "Zoom lanes to the selection",
              lanes.zoom_to_selection, "Alt+Z", single=True),
    ),
    *menu(
        "Edit",
        entry("select_all_keys", "Select all keys", lanes.select_all_keys,
              single=True, line=True),
        entry("nudge_back", "Move key 1 frame back", lanes.nudge_back, "Alt+Left",
              when="key", single=True),
        entry("nudge_forward", "Move key 1 frame forward", lanes.nudge_forward,
              "Alt+Right", when="key", single=True),
        entry("previous_person", "Previous person", lanes.previous_person,
              "Ctrl+Up", single=True, line=True),
        entry("next_person", "Next person", lanes.next_person, "Ctrl+Down",
              single=True),
    ),
)  # fmt: skip
