"""The View menu: views, framing, layers, room."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu
from hpe_studio.ui.commands import hands, looking

VIEW = menu(
    "View",
    entry("view_front", "Front", looking.view_front, "1", single=True),
    entry("view_side", "Side", looking.view_side, "2", single=True),
    entry("view_top", "Top", looking.view_top, "3", single=True),
    entry("view_camera", "Through the camera", looking.view_camera, "4",
          icon="camera", single=True),
    entry("view_home", "Look as at first", looking.view_home, single=True),
    entry("frame_selection", "Frame the selection", looking.frame_selection,
          "F", icon="scan", single=True),
    entry("flip_focus", "From video to 3D and back", hands.flip_focus, "Tab",
          single=True),
    entry("toggle_skeletons", "Skeletons", looking.toggle_skeletons,
          icon="bone", check=True, line=True),
    entry("toggle_boxes", "Boxes", looking.toggle_boxes, check=True),
    entry("toggle_names", "Names", looking.toggle_names, check=True),
    entry("toggle_bodies", "Bodies", looking.toggle_bodies,
          icon="box", check=True),
    entry("toggle_mesh", "Bodies over the picture", looking.toggle_mesh, check=True),
    entry("toggle_ghost", "Ghost of the estimate", looking.toggle_ghost,
          icon="ghost", check=True),
    entry("before", "Before the edits", hands.toggle_before, "`", "Shift+F8",
          icon="layers", check=True, single=True,
          why="The estimate in place of the motion"),
    entry("toggle_floor", "Floor", looking.toggle_floor,
          icon="grid-3x3", check=True),
    entry("toggle_frustum", "Camera", looking.toggle_frustum,
          icon="video", check=True),
)  # fmt: skip
