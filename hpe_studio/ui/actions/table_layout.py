"""The View menu's lower part: workspaces, docks, the layout of the viewers."""

from __future__ import annotations

from functools import partial

from hpe_studio.ui.actions.spec import entry, menu, submenu
from hpe_studio.ui.commands import arranging, looking

LAYOUT = menu(
    "View",
    *submenu(
        "Workspace",
        entry("workspace_fix", "Fix", partial(arranging.show_workspace, "fix"),
              icon="wand-sparkles", check=True, line=True),
        entry("workspace_track", "Track", partial(arranging.show_workspace, "track"),
              icon="users", check=True),
        entry("workspace_views", "Views", partial(arranging.show_workspace, "views"),
              icon="layout-grid", check=True),
        entry("workspace_compare", "Compare",
              partial(arranging.show_workspace, "compare"), icon="git-compare",
              check=True),
        entry("next_workspace", "Next workspace", arranging.next_workspace,
              "Ctrl+PgDown", line=True),
        entry("previous_workspace", "Previous workspace",
              arranging.previous_workspace, "Ctrl+PgUp"),
        entry("reset_workspace", "Reset this workspace", arranging.reset_workspace,
              line=True),
    ),
    *submenu(
        "Viewers",
        entry("viewers_beside", "Side by side", arranging.viewers_beside,
              icon="columns-2", check=True),
        entry("viewers_stacked", "Stacked", arranging.viewers_stacked,
              icon="rows-2", check=True),
        entry("viewers_inset_3d", "3D in the video", arranging.viewers_inset_3d,
              icon="picture-in-picture-2", check=True),
        entry("viewers_inset_video", "Video in the 3D",
              arranging.viewers_inset_video, icon="picture-in-picture-2", check=True),
        entry("inset_corner", "Inset to the next corner", arranging.inset_corner,
              line=True),
        entry("inset_larger", "Inset larger", arranging.inset_larger),
        entry("inset_smaller", "Inset smaller", arranging.inset_smaller),
    ),
    *submenu(
        "Docks",
        entry("dock_people", "People and shots",
              partial(arranging.toggle_dock, "people"), check=True),
        entry("dock_problems", "Problems",
              partial(arranging.toggle_dock, "problems"), check=True),
        entry("dock_inspector", "Inspector",
              partial(arranging.toggle_dock, "inspector"), check=True),
        entry("dock_lanes", "Lanes", partial(arranging.toggle_dock, "lanes"),
              check=True),
        entry("dock_curves", "Curve view", partial(arranging.toggle_dock, "curves"),
              "Shift+C", single=True, icon="chart-spline", check=True,
              why="Angles, position and speed of the selected joint over time"),
        entry("toggle_error_strip", "Error strip", looking.toggle_error_strip, "E",
              single=True, check=True,
              why="How good the whole clip is, frame by frame"),
        entry("float_dock", "Float or dock what has the focus",
              arranging.float_dock, line=True),
        entry("dock_titles", "Titles to drag docks by", arranging.toggle_titles,
              check=True),
    ),
    entry("maximise", "Maximise the pane", looking.maximise, "Ctrl+Space",
          icon="maximize", line=True),
    entry("toggle_docks", "Hide or show both docks", looking.toggle_docks,
          "Ctrl+Shift+Space"),
    entry("next_region", "Next region", looking.next_region, "F6"),
)  # fmt: skip
