"""The Play menu: playing, stepping, jumping, the range."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu
from hpe_studio.ui.commands import going, hands

PLAY = menu(
    "Play",
    entry("play", "Play or pause", going.play, "Space", icon="play",
          single=True),
    entry("play_back", "Play backwards", going.play_back, "J",
          single=True),
    entry("stop", "Stop", going.stop, "K", single=True,
          why="Held, J and L go by single frames"),
    entry("play_forward", "Play forwards", going.play_forward, "L",
          single=True),
    entry("play_around", "Play around here", going.play_around, "Shift+Space",
          single=True, why="A moment before and after, then back"),
    entry("loop", "Loop the range", going.toggle_loop, "\\", "F9",
          icon="repeat", single=True, check=True),
    entry("previous_frame", "Previous frame", going.previous_frame, "Left",
          icon="step-back", single=True, line=True),
    entry("next_frame", "Next frame", going.next_frame, "Right",
          icon="step-forward", single=True),
    entry("back_ten", "10 frames back", going.back_ten, "Shift+Left",
          single=True),
    entry("forward_ten", "10 frames forward", going.forward_ten,
          "Shift+Right", single=True),
    entry("previous_key", "Previous key", going.previous_key, "Up",
          single=True),
    entry("next_key", "Next key", going.next_key, "Down", single=True),
    entry("shot_start", "Start of shot", going.shot_start, "Home",
          icon="skip-back", single=True),
    entry("shot_end", "End of shot", going.shot_end, "End",
          icon="skip-forward", single=True),
    entry("clip_start", "Start of clip", going.clip_start, "Ctrl+Home",
          single=True),
    entry("clip_end", "End of clip", going.clip_end, "Ctrl+End",
          single=True),
    entry("go_to_frame", "Go to a frame…", hands.go_to_frame, "Ctrl+G", when="clip"),
    entry("range_in", "Range starts here", going.range_in, "[", "F7",
          single=True, line=True),
    entry("range_out", "Range ends here", going.range_out, "]", "F8",
          single=True),
    entry("range_clear", "Clear the range", going.range_clear,
          single=True),
)  # fmt: skip
