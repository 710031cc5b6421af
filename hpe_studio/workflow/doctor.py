"""The import doctor: what results hold, what was assumed, what does not fit the clip.

Every misfit comes with the repair that would mend it, where there is one: a change of
the import's options that a person takes or leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hpe_studio.catalogue import motion_format
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.jobs import Job, Progress, scaled
from hpe_studio.formats import generic
from hpe_studio.workflow.doctor_facts import Fact, facts_of
from hpe_studio.workflow.doctor_misfits import Misfit, Repair, misfits_of
from hpe_studio.workflow.import_camera import cameras_of
from hpe_studio.workflow.import_linking import linked
from hpe_studio.workflow.importing import ImportOptions
from hpe_studio.workflow.match_frames import FrameMatch, match_frames, placed_text
from hpe_studio.workflow.match_overlay import Overlay, overlay_of
from hpe_studio.workflow.opening_results import clip_for
from hpe_studio.workflow.reading import format_for, read_motion
from hpe_studio.workflow.timing import (
    clip_positions,
    file_times_s,
    frame_total,
    settled_timing,
)

if TYPE_CHECKING:
    from hpe_studio.core.clip import Clip
    from hpe_studio.formats.generic import Description
    from hpe_studio.formats.generic_points import Guess
    from hpe_studio.media.footage import Footage
    from hpe_studio.workflow.importing import Onto

__all__ = [
    "FRAMES",
    "Examination",
    "Fact",
    "Misfit",
    "Repair",
    "examine",
    "reconsidered",
    "solved",
]

_READING = "Reading"
FRAMES = ("offset", "step", "start", "frames", "rate")
"""Kinds of misfits that another offset or step takes away."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Examination:
    """What the doctor knows of results.

    Attributes:
        path: The results.
        format: Name of the format in the catalogue.
        motion: What was read, points linked to people.
        options: How they would be imported.
        facts: What was found.
        misfits: What does not fit, gravest first.
        overlay: Where its people lie in the clip's picture, if that is known.
        match: How its frames lie on the clip as the pictures tell, if asked.
        described: What is in a file of unknown make, and what was guessed about it.
    """

    path: Path
    format: str
    motion: MotionFile
    options: ImportOptions
    facts: tuple[Fact, ...]
    misfits: tuple[Misfit, ...] = ()
    overlay: Overlay | None = None
    match: FrameMatch | None = None
    described: Description | None = None

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """What was guessed of a file of unknown make and can be said by an option."""
        known = () if self.described is None else self.described.guesses
        return tuple(guess for guess in known if guess.option)

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the file does not say and was taken for granted."""
        return self.motion.assumed

    @property
    def people(self) -> tuple[str, ...]:
        """Names of those in it, in the order of the file."""
        runs = (*self.motion.people, *self.motion.points)
        return tuple(dict.fromkeys(run.name for run in runs))

    def as_data(self) -> dict[str, Any]:
        """The same for machines."""
        timing = self.options.timing
        return {
            "results": str(self.path),
            "format": self.format,
            "found": {fact.name: fact.value for fact in self.facts},
            "assumed": list(self.assumed),
            "guesses": [
                {
                    "option": guess.option,
                    "value": guess.value,
                    "others": list(guess.others),
                    "sentence": guess.sentence,
                }
                for guess in self.guesses
            ],
            "warnings": list(self.motion.warnings),
            "misfits": [misfit.as_data() for misfit in self.misfits],
            "timing": {
                "offset": timing.offset,
                "step": None if timing.step is None else str(timing.step),
                "fps": str(timing.fps or self.motion.fps),
            },
            "evidence": None if self.match is None else self.match.evidence,
            "people": list(self.people),
        }


def examine(
    path: Path,
    options: ImportOptions | None = None,
    *,
    goal: Onto | None = None,
    footage: Footage | None = None,
) -> Job[Examination]:
    """Read results and say what is in them and what does not fit.

    Args:
        path: File or folder.
        options: How they are to be read and laid on the clip.
        goal: The document they would join; nothing is compared when None.
        footage: The clip's pictures: offset and step are solved when given.

    Raises:
        StudioError: If no format can read them.
    """
    chosen = options or ImportOptions()
    yield Progress(done=0.0, total=1.0, text=f"{_READING} {path.name}")
    name = format_for(path, chosen.format)
    motion = read_motion(path, chosen.settings, format_name=name)
    if motion.points:
        clip = clip_for(motion) if goal is None else goal.clip
        motion = yield from _with_links(motion, clip, chosen)
    described = None
    if name == generic.SPEC.id:
        described = generic.describe(path, **chosen.settings)
    exam = _first(path, name, motion, chosen, goal, described=described)
    if goal is None or footage is None or exam.overlay is None:
        return exam
    solution = yield from scaled(solved(exam, goal, footage), start=0.1, share=0.9)
    return solution


def reconsidered(exam: Examination, options: ImportOptions, goal: Onto) -> Examination:
    """The same results laid otherwise, without reading them again.

    Raises:
        StudioError: If there is no such camera.
    """
    is_same = options.camera == exam.options.camera
    known = exam.overlay if is_same else None
    again = _first(
        exam.path,
        exam.format,
        exam.motion,
        options,
        goal,
        overlay=known,
        described=exam.described,
    )
    if exam.match is None:
        return again
    if options.timing == exam.match.timing:
        fact = Fact(name="overlay", label="Overlay", value=exam.match.evidence)
        return replace(again, match=exam.match, facts=(*again.facts, fact))
    kept = tuple(m for m in exam.misfits if m.kind == "offset")
    others = again.misfits
    if kept:
        others = tuple(m for m in others if m.kind not in FRAMES)
    return replace(again, match=exam.match, misfits=(*kept, *others))


def solved(exam: Examination, goal: Onto, footage: Footage) -> Job[Examination]:
    """The same examination with offset and step solved by the pictures.

    Args:
        exam: With an overlay.
        goal: As at the examination.
        footage: The clip's pictures.
    """
    if exam.overlay is None:
        return exam
    given = settled_timing(exam.motion, goal.clip, exam.options.timing)
    match = yield from match_frames(exam.motion, exam.overlay, footage, given)
    if match is None:
        return exam
    if not match.is_other:
        fact = Fact(name="overlay", label="Overlay", value=match.evidence)
        return replace(exam, match=match, facts=(*exam.facts, fact))
    repair = Repair(
        label=f"Use {placed_text(match.best)}",
        options=replace(exam.options, timing=match.timing),
    )
    misfit = Misfit(
        kind="offset",
        text="The people lie better on other frames of the clip",
        evidence=match.evidence,
        repair=repair,
    )
    others = tuple(m for m in exam.misfits if m.kind not in FRAMES)
    return replace(exam, match=match, misfits=(misfit, *others))


def _first(
    path: Path,
    name: str,
    motion: MotionFile,
    options: ImportOptions,
    goal: Onto | None,
    *,
    overlay: Overlay | None = None,
    described: Description | None = None,
) -> Examination:
    label = motion_format(name).SPEC.label
    facts = facts_of(motion, label)
    if described is not None:
        listed = "\n".join(described.lines)
        facts = (*facts, Fact(name="arrays", label="Arrays in the file", value=listed))
    if goal is None:
        return Examination(
            path=path,
            format=name,
            motion=motion,
            options=options,
            facts=facts,
            described=described,
        )
    filmed = cameras_of(motion, goal.clip, wanted=options.camera)
    if overlay is None and goal.clip.kind != "none":
        overlay = overlay_of(motion, filmed, goal.clip.size_px, goal.model)
    return Examination(
        path=path,
        format=name,
        motion=motion,
        options=options,
        facts=facts,
        misfits=misfits_of(motion, goal.clip, options, filmed, overlay),
        overlay=overlay,
        described=described,
    )


def _with_links(
    motion: MotionFile, clip: Clip, options: ImportOptions
) -> Job[MotionFile]:
    """The file with one entry per person where it does not say who is who."""
    timing = settled_timing(motion, clip, options.timing)
    times_s = file_times_s(motion, timing)
    if timing.step is not None:
        at = clip_positions(motion, clip, timing)
        times_s = at / float(clip.fps or Fraction(25))
    points = yield from linked(
        motion.points,
        size_px=motion.size_px or clip.size_px,
        times_s=times_s[: frame_total(motion)],
    )
    return replace(motion, points=points)
