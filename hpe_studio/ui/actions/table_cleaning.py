"""The clean-up part of the Edit menu."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu, submenu
from hpe_studio.ui.commands import measures
from hpe_studio.ui.commands.cleaning import use

CLEANING = menu(
    "Edit",
    *submenu(
        "Clean up",
        entry("clean_fill", "Fill", use("fill"), "Shift+F", icon="wand-sparkles",
              when="person", single=True,
              why="Missing frames, or the joint's limb, over the range"),
        entry("clean_mirror_fill", "Fill from the other side",
              use("fill_from_mirror"), when="person",
              why="The joint's limb as the other one moves"),
        entry("clean_smooth", "Smooth", use("smooth"), "Shift+S", icon="chart-spline",
              when="person", single=True,
              why="The joint's limb or the body, over the range, without lag"),
        entry("clean_outliers", "Remove outliers", use("remove_outliers"),
              when="person", why="Makes single wild frames anew"),
        entry("clean_make_anew", "Make the range anew", use("make_anew"),
              when="range", why="From both sides, whatever was estimated there"),
        entry("clean_limits", "Keep joints to their limits", use("keep_to_limits"),
              when="person", why="Where joints bend farther than joints can"),
        entry("clean_carry_over", "Hold the limb as…", measures.carry_over,
              when="person", why="A limb that was never seen: standing, sitting"),
        entry("clean_take_from", "Take from another run…", measures.take_from,
              when="person", why="What another run or import says of the range"),
        entry("clean_unflip", "Unflip the range", use("unflip"), when="person",
              why="Left for right, where the estimate took one for the other"),
        entry("clean_contacts", "Find foot contacts", use("find_contacts"),
              when="person", line=True, why="When heels and toes stand"),
        entry("clean_feet", "Lock feet", use("lock_feet"), "Shift+L",
              icon="footprints", when="person", single=True,
              why="Standing feet stay where they stand"),
        entry("clean_mirror", "Mirror the motion", use("mirror_motion"),
              icon="flip-horizontal-2", when="person", line=True,
              why="The whole track left for right, with its keys"),
        entry("clean_leave_out", "Leave the limb out of exports", use("leave_out"),
              icon="eye-off", when="person"),
        entry("clean_take_in", "Take the limb into exports again", use("take_in"),
              when="person"),
    ),
)  # fmt: skip
