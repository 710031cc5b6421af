"""The Person menu: names, eyes, locks, bodies."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu, submenu
from hpe_studio.ui.commands import crowd, measures, persons

PERSON = menu(
    "Person",
    entry("rename", "Rename…", persons.rename_person, "F2", when="person"),
    entry("colour", "Colour…", measures.colour, when="person"),
    entry("note", "Note…", measures.note, when="person",
          why="Costume, actor, what to check"),
    entry("add_person", "Add person", measures.add_person, when="clip",
          why="Without a track: give the person one"),
    entry("hide", "Hide", persons.hide_person, "H", icon="eye-off",
          when="person", single=True),
    entry("show_all", "Show all", persons.show_all, "Alt+H", icon="eye",
          single=True),
    entry("lock", "Lock or unlock", persons.toggle_locked,
          icon="lock", when="person"),
    entry("ignore_person", "Ignore (mirror, poster, crowd)", crowd.toggle_ignored,
          icon="user-x", when="person",
          why="Kept, but left out of problems, metrics and export"),
    entry("merge_people", "Merge into one person", crowd.merge_selected, "Ctrl+Shift+J",
          icon="combine", when="several", single=True,
          why="Also across cuts; where both are there the surer one stays"),
    entry("add_person_here", "Add person here…", crowd.draw_box, "Shift+B",
          icon="scan", when="run", single=True, line=True,
          why="Draw a box: whoever is in it is followed forward and back"),
    entry("run_again", "Run again on the range", crowd.run_again,
          icon="refresh-cw", when="again",
          why="Estimates the selected person anew; keys keep their poses"),
    entry("run_again_box", "Run again from a box…", crowd.draw_again_box,
          when="again", why="Where the estimator took somebody else"),
    entry("refit", "Refit to the corrected points", crowd.refit, "Ctrl+R",
          icon="activity", when="refit", single=True,
          why="On the range, else on this frame; keys keep their poses"),
    *submenu(
        "Shape and size",
        entry("shape_measures", "Measures of the body…", measures.measures,
              when="person", why="Build, arm, leg, shoulder width"),
        entry("shape_height", "Height…", measures.height, when="person",
              why="The body alone: the picture does not stay"),
        entry("shape_median", "Median shape", measures.median_shape,
              when="person", why="The middle of what estimates said"),
        entry("shape_frame", "Shape of this frame", measures.shape_of_frame,
              when="person", why="What this frame's estimate says"),
        entry("shape_mean", "Mean shape", measures.mean_shape, when="person",
              why="The same height"),
        entry("known_height", "Known height…", measures.known_height,
              when="person", line=True, why="Size and distance; the picture stays"),
        entry("known_distance", "Known distance…", measures.known_distance,
              when="track", why="From the camera on this frame; the picture stays"),
    ),
    entry(
        "choose_body", "Choose body model…", persons.choose_body, line=True
    ),
    entry("open_body", "Use the open body", persons.use_open_body),
    entry("delete_person", "Delete person", persons.delete_person,
          icon="trash-2", when="person", line=True),
)  # fmt: skip
