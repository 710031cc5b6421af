"""The Track menu: who is who, what is seen."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu, submenu
from hpe_studio.ui.commands import film, identities, measures, posing

TRACK = menu(
    "Track",
    entry("swap_people", "Swap two people…", identities.swap_people, "T",
          icon="arrow-left-right", when="pair", single=True,
          why="Asks over which frames"),
    *submenu(
        "Give the track to",
        *(
            entry(f"give_{number}", f"Person {number}…", command, f"Ctrl+{number}",
                  when="track", single=True)
            for number, command in enumerate(identities.GIVE, start=1)
        ),
    ),
    entry("cut_track", "Cut the track at the playhead", identities.cut_track, "B",
          icon="scissors", when="cut", single=True, line=True),
    entry("join_tracks", "Join with the next track", identities.join_tracks,
          "Ctrl+J", when="join", single=True),
    entry("cut_shot", "Cut the shot here", film.cut_shot, "Ctrl+B",
          icon="clapperboard", when="uncut", single=True, line=True,
          why="A new shot begins on this frame; tracks are cut with it"),
    entry("move_cut", "Move the nearest cut here", film.move_cut_here,
          when="other_cut", why="A cut of this shot; tracks follow"),
    entry("remove_cut", "Remove the cut", film.remove_cut, "Ctrl+Shift+B",
          when="shot_cut", single=True,
          why="Joins this shot with the one before it"),
    entry("dissolve", "Dissolve up to here", film.dissolve, when="shot_cut",
          why="From the cut to this frame; again makes it a hard cut"),
    entry("swap_sides", "Swap left and right…", posing.swap_sides, "Ctrl+M",
          icon="refresh-cw", when="track", single=True, line=True,
          why="Where the estimate took one side for the other"),
    entry("mark_outside", "Outside the frame…", posing.mark_outside, "O",
          when="joint", single=True, why="The selected joint and what hangs on it"),
    entry("mark_occluded", "Occluded…", posing.mark_occluded, "Q",
          when="joint", single=True, why="The selected joint and what hangs on it"),
    entry("mark_contact", "Contact of the foot…", posing.mark_contact, "C",
          icon="footprints", when="joint", single=True,
          why="The selected heel or toes stand; locked feet keep to it"),
    entry("mark_accent", "Accent…", posing.mark_accent, when="joint",
          why="A fast movement that smoothing leaves alone"),
    entry("floor_contacts", "Floor from contacts", measures.floor_from_contacts,
          when="contacts", line=True, why="Lays the shot's floor under standing feet"),
    entry("floor_common", "Common ground and scale…", measures.common_ground,
          when="contacts", why="One floor and everybody's size; the picture stays"),
    entry("focal", "Focal length…", measures.focal,
          why="Or field of view; everybody's place is solved anew"),
)  # fmt: skip
