"""Playing, stepping, jumping, the range."""

from __future__ import annotations

from functools import partial

from hpe_studio.ui.around import PlayAround
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.commands.finding import key_frames
from hpe_studio.ui.settings import settings


def play(desk: Desk) -> None:
    """Play forwards, or stop."""
    session_of(desk).playback.toggle()


def play_back(desk: Desk) -> None:
    """Play backwards; again, faster; one frame while the key that stops is held."""
    _shuttle(desk, -1)


def stop(desk: Desk) -> None:
    """Stop playing."""
    session_of(desk).playback.stop()


def play_forward(desk: Desk) -> None:
    """Play forwards; again, faster; one frame while the key that stops is held."""
    _shuttle(desk, 1)


def _shuttle(desk: Desk, direction: int) -> None:
    if desk.hands.is_stop_down:
        _step(direction, desk)
    else:
        session_of(desk).playback.shuttle(direction)


def play_around(desk: Desk) -> None:
    """Play a moment around the frame shown and come back to it."""
    PlayAround(session_of(desk), settings().read("play.preroll_s", 1.0))


def toggle_loop(desk: Desk) -> None:
    """Loop the range, or stop at its end."""
    playback = session_of(desk).playback
    playback.is_looping = not playback.is_looping


def _step(by: int, desk: Desk) -> None:
    session = session_of(desk)
    session.playback.stop()
    session.view.frame += by


previous_frame = partial(_step, -1)
next_frame = partial(_step, 1)
back_ten = partial(_step, -10)
forward_ten = partial(_step, 10)


def previous_key(desk: Desk) -> None:
    """Go to the key before."""
    session = session_of(desk)
    earlier = [f for f in key_frames(session) if f < session.view.frame]
    if earlier:
        session.view.frame = max(earlier)


def next_key(desk: Desk) -> None:
    """Go to the key after."""
    session = session_of(desk)
    later = [f for f in key_frames(session) if f > session.view.frame]
    if later:
        session.view.frame = min(later)


def shot_start(desk: Desk) -> None:
    """Go to the start of the shot; from there to the start of the one before."""
    session = session_of(desk)
    frame = session.view.frame
    shot = session.document.shot_at(frame)
    if frame == shot.start and frame > 0:
        shot = session.document.shot_at(frame - 1)
    session.view.frame = shot.start


def shot_end(desk: Desk) -> None:
    """Go to the end of the shot; from there to the end of the next one."""
    session = session_of(desk)
    frame = session.view.frame
    shot = session.document.shot_at(frame)
    if frame == shot.stop - 1 and frame + 1 < session.document.clip.frame_count:
        shot = session.document.shot_at(frame + 1)
    session.view.frame = shot.stop - 1


def clip_start(desk: Desk) -> None:
    """Go to the first frame."""
    session_of(desk).view.frame = 0


def clip_end(desk: Desk) -> None:
    """Go to the last frame."""
    session = session_of(desk)
    session.view.frame = session.document.clip.frame_count - 1


def range_in(desk: Desk) -> None:
    """Let the range start on the frame shown."""
    session = session_of(desk)
    frame = session.view.frame
    stop_frame = session.playback.bounds()[1]
    if stop_frame <= frame + 1:
        stop_frame = session.document.clip.frame_count
    session.view.play_range = (frame, stop_frame)


def range_out(desk: Desk) -> None:
    """Let the range end on the frame shown."""
    session = session_of(desk)
    frame = session.view.frame
    start = session.playback.bounds()[0]
    session.view.play_range = (start if start <= frame else 0, frame + 1)


def range_clear(desk: Desk) -> None:
    """Play the whole clip."""
    session_of(desk).view.play_range = None
