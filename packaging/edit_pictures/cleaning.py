"""Pictures of clean-up over a range, and of marks."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

import hpe_studio as hs
from edit_pictures.stage import Stage
from hpe_studio import edit
from hpe_studio.core.track import Source
from hpe_studio.edits.rebase import rewrite_base


def spoil(
    stage: Stage, person: hs.Person, joint: str, frames: range, turn_rad: np.ndarray
) -> None:
    """Let a joint's base be wrong on some frames, as estimates are.

    Args:
        stage: Where.
        person: Whose.
        joint: Which.
        frames: On which frames.
        turn_rad: What is added to its rotation vector, shape (3,) or (frames, 3).
    """
    document = stage.project.document
    track = document.track_at(person.id, frames[0])
    index = person.motion.skeleton.index(joint)
    rows = slice(frames.start - track.start, frames.stop - track.start)
    with document.edit("Spoil") as open_edit:
        rewrite_base(
            open_edit,
            document,
            track,
            rows=rows,
            joints=[index],
            joints_rad=track.base_rad[rows, index : index + 1].astype(float)
            + np.broadcast_to(turn_rad, (len(frames), 3))[:, None],
            source=Source.ESTIMATED,
        )


def drop(stage: Stage, person: hs.Person, frames: range) -> None:
    """Let a person be missing on some frames."""
    document = stage.project.document
    track = document.track_at(person.id, frames[0])
    rows = np.arange(frames.start - track.start, frames.stop - track.start)
    with document.edit("Drop") as open_edit:
        for name in ("base_rad", "base_root_m"):
            empty = np.full((len(rows), *track.arrays[name].shape[1:]), np.nan)
            open_edit.write(track, name, rows, empty)
        none = np.full((len(rows), track.arrays["base_source"].shape[1]), 0, np.uint8)
        none[:] = int(Source.MISSING)
        open_edit.write(track, "base_source", rows, none)


def of(stage: Stage, letter: str, joint: str, axis: int) -> Callable[[], np.ndarray]:
    """Reads a coordinate of a joint over the clip, centimetres."""
    return lambda: 100 * stage.places_m(letter, joint)[:, axis]


def smooth(stage: Stage) -> None:
    """Tremble gone, no lag."""
    stage.begin(60)
    person = stage.person("B")
    noise = np.random.default_rng(3).normal(0, 0.09, (70, 3))
    spoil(stage, person, "left_elbow", range(60, 130), noise)
    stage.curve(
        "smooth",
        lambda: edit.smooth(person, frames=(60, 130), limb="left arm"),
        of(stage, "B", "left_wrist", 1),
        title="Left wrist, height in cm",
        span=(60, 130),
    )


def remove_outliers(stage: Stage) -> None:
    """Single wild frames gone, the rest to the bit."""
    stage.begin(60)
    person = stage.person("B")
    for frame, turn in ((78, 1.1), (97, -0.9), (112, 1.3)):
        wild = np.array([0.0, turn, 0.3])
        spoil(stage, person, "left_elbow", range(frame, frame + 1), wild)
    stage.curve(
        "remove_outliers",
        lambda: edit.remove_outliers(person, frames=(60, 130)),
        of(stage, "B", "left_wrist", 1),
        title="Left wrist, height in cm",
        span=(60, 130),
    )


def make_anew(stage: Stage) -> None:
    """A stretch of nonsense replaced by what lies about it."""
    stage.begin(90)
    person = stage.person("B")
    spoil(stage, person, "right_shoulder", range(86, 96), np.array([0.0, 0.7, 1.5]))
    stage.bodies(
        "make_anew",
        lambda: edit.make_anew(person, frames=(86, 96), limb="right arm"),
        "B",
    )


def keep_to_limits(stage: Stage) -> None:
    """A knee that bends the wrong way."""
    stage.begin(90)
    person = stage.person("B")
    spoil(stage, person, "left_knee", range(80, 100), np.array([-1.6, 0.0, 0.0]))
    stage.bodies(
        "keep_to_limits",
        lambda: edit.keep_to_limits(person, frames=(80, 100), limb="left leg"),
        "B",
        look_from="front",
    )


def fill(stage: Stage) -> None:
    """Somebody lost for fifteen frames."""
    stage.begin(90)
    person = stage.person("B")
    drop(stage, person, range(83, 98))
    stage.overlay("fill", lambda: edit.fill(person, frames=(80, 100)), "B")


def fill_from_mirror(stage: Stage) -> None:
    """An arm that moves as the other one."""
    stage.begin(24)
    person = stage.person("A")
    spoil(stage, person, "left_shoulder", range(10, 40), np.array([0.0, 0.4, -1.6]))
    stage.bodies(
        "fill_from_mirror",
        lambda: edit.fill_from_mirror(person, frames=(10, 40), limb="left arm"),
        "A",
        look_from="front",
    )


def carry_over(stage: Stage) -> None:
    """Legs that were never seen, sitting."""
    stage.begin(90)
    person = stage.person("B")
    stage.bodies(
        "carry_over",
        lambda: edit.carry_over(person, limb="both legs", pose="sit"),
        "B",
        look_from="front",
    )


def take_from(stage: Stage) -> None:
    """A stretch out of another run, with blended seams."""
    stage.begin(60)
    person = stage.person("B")
    first = next(iter(stage.project.document.takes.values())).name
    wave = 0.5 * np.sin(np.arange(50) / 3)[:, None] * np.array([0.0, 1.0, 0.0])
    spoil(stage, person, "left_elbow", range(70, 120), wave)
    stage.curve(
        "take_from",
        lambda: edit.take_from(person, first, frames=(80, 110), limb="left arm"),
        of(stage, "B", "left_wrist", 1),
        title="Left wrist, height in cm",
        span=(60, 130),
        mark=(80, 110),
    )


def unflip(stage: Stage) -> None:
    """Left taken for right."""
    stage.begin(60)
    person = stage.person("B")
    edit.unflip(person, frames=(50, 80))
    stage.bodies("unflip", lambda: edit.unflip(person, frames=(50, 80)), "B")


def find_contacts(stage: Stage) -> None:
    """Bars where heels and toes stand."""
    stage.begin(70, "B")
    stage.show_lanes(44, 76)
    stage.widget(
        "find_contacts",
        lambda: edit.find_contacts(stage.person("B")),
        lambda: stage.lanes(180),
    )


def lock_feet(stage: Stage) -> None:
    """A foot that slides, then stands."""
    stage.begin(110)
    person = stage.person("A")
    edit.mark(person, "contact", frames=(106, 136), limb="right_foot")
    stage.curve(
        "lock_feet",
        lambda: edit.lock_feet(person, frames=(100, 140)),
        of(stage, "A", "right_foot", 0),
        title="Right toes, sideways in cm",
        span=(90, 150),
        mark=(106, 136),
    )


def mirror(stage: Stage) -> None:
    """A whole track left for right."""
    stage.begin(118)
    person = stage.person("B")
    stage.overlay("mirror", lambda: edit.mirror(person), "B")


def _exported(stage: Stage) -> str:
    path = stage.folder.parent / "left.json"
    hs.export(stage.project, path, person="Person B", frames=(60, 61))
    content = json.loads(path.read_text())
    path.unlink()
    track = content["tracks"][0]
    names = content["skeletons"][track["skeleton"]]["joints"]
    words = {code: word for word, code in content["source_codes"].items()}
    told = ["in the exported file, frame 60:", ""]
    for joint in ("left_shoulder", "left_elbow", "left_wrist", "right_wrist", "head"):
        code = track["source"][0][names.index(joint)]
        told.append(f"  {joint:16}{words[code]}")
    return "\n".join(told)


def leave_out(stage: Stage) -> None:
    """What the exported file says."""
    stage.begin(60)
    person = stage.person("B")
    before = _exported(stage)
    edit.leave_out(person, frames=(50, 80), limb="left arm")
    stage.texts("leave_out", before, _exported(stage))


def take_in(stage: Stage) -> None:
    """And the way back."""
    stage.begin(60)
    person = stage.person("B")
    edit.leave_out(person, frames=(50, 80), limb="left arm")
    before = _exported(stage)
    edit.take_in(person, frames=(50, 80), limb="left arm")
    stage.texts("take_in", before, _exported(stage))


def mark(stage: Stage) -> None:
    """Smoothing that leaves an accent alone."""
    stage.begin(60)
    person = stage.person("B")
    noise = np.random.default_rng(3).normal(0, 0.09, (70, 3))
    noise[34:37] += (0.0, 1.2, 0.0)
    spoil(stage, person, "left_elbow", range(60, 130), noise)

    def smoothed() -> None:
        edit.smooth(person, frames=(60, 130), limb="left arm", protect=False)

    smoothed()
    read = of(stage, "B", "left_wrist", 1)

    def act() -> None:
        stage.driver.session.undo()
        edit.mark(person, "accent", frames=(92, 99), limb="left arm")
        smoothed()

    stage.curve(
        "mark",
        act,
        read,
        title="Left wrist, smoothed, height in cm",
        span=(60, 130),
        mark=(92, 99),
    )


def unmark(stage: Stage) -> None:
    """Bars that go."""
    stage.begin(70, "B")
    person = stage.person("B")
    edit.find_contacts(person)
    stage.show_lanes(44, 76)
    stage.widget(
        "unmark",
        lambda: edit.unmark(person, "contact", frames=(40, 90), limb="left_ankle"),
        lambda: stage.lanes(180),
    )


PICTURES = {
    draw.__name__: draw
    for draw in (
        smooth,
        remove_outliers,
        make_anew,
        keep_to_limits,
        fill,
        fill_from_mirror,
        carry_over,
        take_from,
        unflip,
        find_contacts,
        lock_feet,
        mirror,
        leave_out,
        take_in,
        mark,
        unmark,
    )
}
