"""The comparison's part of the menus: truth, worst frames, what of it is drawn."""

from __future__ import annotations

from functools import partial

from hpe_studio.ui.actions.spec import entry, menu, submenu
from hpe_studio.ui.commands import arranging, comparing, looking

COMPARE = (
    *menu(
        "Track",
        *submenu(
            "Truth",
            entry("attach_truth", "Attach truth…", comparing.attach_folder,
                  icon="git-compare", when="writable", line=True,
                  why="A Panoptic sequence or another folder of results"),
            entry("attach_truth_file", "Attach a file as truth…",
                  comparing.attach_file, when="writable",
                  why="Results or a project that is held to be true"),
            entry("find_truth", "Find its time and camera", comparing.find,
                  icon="scan-search", when="truth",
                  why="By how people move, and where they are in the picture"),
            entry("detach_truth", "Detach the truth", comparing.detach,
                  when="truth"),
            entry("comparison_report", "Report of the comparison…",
                  comparing.report, icon="file-output", when="attached_truth",
                  why="One page, JSON and CSV with every number"),
            entry("next_worst", "Next worst frame", comparing.next_worst, "D",
                  when="attached_truth", single=True, line=True,
                  why="Where the motion is farthest from the truth"),
            entry("previous_worst", "Previous worst frame",
                  comparing.previous_worst, "Shift+D", when="attached_truth",
                  single=True),
        ),
    ),
    *menu(
        "View",
        *submenu(
            "Comparison",
            entry("toggle_truth", "Truth", looking.toggle_truth, "Shift+`",
                  "Shift+F9", icon="git-compare", check=True, single=True,
                  why="Edits record whether it was in sight"),
            entry("toggle_error_lines", "Lines to the truth",
                  looking.toggle_error_lines, check=True),
            entry("toggle_error_colours", "Bodies in the heat of their error",
                  looking.toggle_error_colours, check=True),
            entry("truth_on", "Truth on the bodies",
                  partial(looking.place_truth, "on"), check=True, line=True),
            entry("truth_beside", "Truth beside the bodies",
                  partial(looking.place_truth, "beside"), check=True),
            entry("truth_place", "Truth where it is",
                  partial(looking.place_truth, "place"), check=True),
            entry("dock_compare", "Compare",
                  partial(arranging.toggle_dock, "compare"), check=True, line=True),
            entry("dock_errors", "Errors",
                  partial(arranging.toggle_dock, "errors"), check=True),
            entry("dock_error_lanes", "Error over the clip",
                  partial(arranging.toggle_dock, "error_lanes"), check=True),
        ),
    ),
)  # fmt: skip
