"""Clean-up tools on real motion that was broken, against linear and slerp.

Real motion is put before a made camera (`hpe_studio.quality.staging`). Limbs are hidden
on 10 to 40 frames for filling; for smoothing every joint trembles by 1 degree a frame
and the pelvis by 5 mm; feet are made to slide by
`hpe_studio.quality.failures` for locking; truth goes in for the price of cleaning what
is clean. Errors are those of joints in space, meaned over what is concerned.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks._performances import performances, stage_of
from hpe_studio.body import Body, open_body
from hpe_studio.core.document import Document
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Track
from hpe_studio.edits.feet import find_contacts, lock_feet
from hpe_studio.edits.fill import fill_limb
from hpe_studio.edits.smooth import smooth_stretch
from hpe_studio.edits.spikes import remove_outliers
from hpe_studio.edits.stretch import stretches
from hpe_studio.motion.comparison import jitter
from hpe_studio.motion.rotations import compose, slerp
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.failures import break_stage
from hpe_studio.quality.staging import Stage, as_it_is, document_of

_FIRST_SEED = 20_000
_BONES = skeleton("smpl24")
_LIMBS = tuple(
    tuple(_BONES.index(f"{side}_{name}") for name in names)
    for side in ("left", "right")
    for names in (
        ("hip", "knee", "ankle", "foot"),
        ("shoulder", "elbow", "wrist", "hand"),
    )
)
_TREMBLE_RAD, _TREMBLE_M = np.radians(1.0), 0.005
_EDGE = 6


@dataclass(kw_only=True, slots=True)
class Tally:
    """What was measured over all scenes, a list per number."""

    numbers: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    def add(self, name: str, value: float) -> None:
        """Note a number."""
        self.numbers.setdefault(name, []).append(value)

    def mean(self, name: str) -> float:
        """Mean over all scenes."""
        return float(np.mean(self.numbers[name]))


def run() -> dict[str, dict[str, Any]]:
    """Rows of filling, smoothing, locking, and of what clean motion suffers."""
    t = measured(_FIRST_SEED)
    fill = t.mean("fill") / t.mean("slerp")
    calm = t.mean("jitter_after") / t.mean("jitter_truth")
    linear = t.mean("jitter_moving_mean") / t.mean("jitter_truth")
    slide = t.mean("slide_after") / t.mean("slide_before")
    return {
        "clean_fill_against_slerp": _row(
            fill,
            0.7,
            f"fill {_mm(t, 'fill')}, slerp {_mm(t, 'slerp')}, "
            f"linear {_mm(t, 'linear')} on {len(t.numbers['fill'])} hidden limbs",
        ),
        "clean_smooth_jitter": _row(
            max(calm, 1 / calm),
            1.2,
            f"{calm:.2f} of the truth's (before {_share(t, 'jitter_before')}, moving "
            f"mean {linear:.2f}); error {_mm(t, 'noisy')} to {_mm(t, 'smooth')}, "
            f"moving mean {_mm(t, 'moving_mean')}",
        ),
        "clean_foot_slide": _row(
            slide,
            0.2,
            f"{100 * t.mean('slide_before'):.1f} cm to "
            f"{100 * t.mean('slide_after'):.1f} cm per contact",
        ),
        **{
            f"clean_price_{name}": _row(
                1000 * t.mean(f"price_{name}"),
                1.0,
                f"mm that clean motion moves; worst scene "
                f"{1000 * max(t.numbers[f'price_{name}']):.2f} mm",
            )
            for name in ("smooth", "outliers")
        },
    }


def measured(first_seed: int, *, most: int | None = None) -> Tally:
    """Numbers over all performances, or the first ones."""
    body, tally = open_body(24), Tally()
    everyone = performances(body)
    for index in range(len(everyone) if most is None else most):
        stage, rng = stage_of(everyone, index, first_seed + index, body)
        _fill(tally, stage, rng)
        _smooth(tally, stage, rng)
        _price(tally, stage)
        slid, rng = stage_of(everyone, index, first_seed + 5000 + index, body)
        _lock(tally, slid, rng)
    return tally


def _fill(tally: Tally, stage: Stage, rng: np.random.Generator) -> None:
    for number, truth in enumerate(stage.truth):
        document, poser, track = _opened(stage, number)
        length = int(rng.integers(10, 41))
        if stage.frame_count < length + 2 * _EDGE:
            continue
        start = int(rng.integers(_EDGE, stage.frame_count - length - _EDGE))
        limb = list(_LIMBS[int(rng.integers(len(_LIMBS)))])
        rows = slice(start, start + length)
        true_m = stage.joints_m(number)[rows][:, limb]
        root = truth.root_m
        seen = track.base_rad.astype(np.float64)
        before, after = seen[start - 1, limb], seen[start + length, limb]
        way = (np.arange(1, length + 1) / (length + 1))[:, None]
        guesses = {
            "slerp": slerp(before[None], after[None], np.repeat(way, len(limb), 1)),
            "linear": before + way[..., None] * (after - before),
        }
        with document.edit("Fill") as edit:
            fill_limb(
                edit, document, track, start=start, stop=start + length, joints=limb
            )
        guesses["fill"] = track.base_rad[rows][:, limb].astype(np.float64)
        for name, guess in guesses.items():
            pose = np.array(truth.joints_rad[rows])
            pose[:, limb] = guess
            with document.edit(name) as edit:
                edit.write(track, "base_rad", rows, pose)
                edit.write(track, "base_root_m", rows, root[rows])
            places = poser.joints_of(track.id)[rows][:, limb]
            tally.add(name, _mean_m(places, true_m))
        poser.close()


def _smooth(tally: Tally, stage: Stage, rng: np.random.Generator) -> None:
    fps = float(stage.fps)
    for number, truth in enumerate(stage.truth):
        document, poser, track = _opened(stage, number)
        true_m = stage.joints_m(number)
        shape = truth.joints_rad.shape
        shaken = compose(_TREMBLE_RAD * rng.normal(size=shape), truth.joints_rad)
        root = truth.root_m + _TREMBLE_M * rng.normal(size=truth.root_m.shape)
        with document.edit("Shake") as edit:
            edit.write(track, "base_rad", slice(None), shaken)
            edit.write(track, "base_root_m", slice(None), root)
        noisy_m = poser.joints_of(track.id)
        with document.edit("Smooth") as edit:
            (whole,) = stretches(document, persons=(track.person_id,))
            smooth_stretch(edit, document, poser, whole)
        smooth_m = poser.joints_of(track.id)
        mean_m = noisy_m.copy()
        mean_m[2:-2] = sum(noisy_m[i : len(noisy_m) - 4 + i] for i in range(5)) / 5
        tally.add("jitter_truth", jitter(true_m, fps=fps))
        tally.add("jitter_before", jitter(noisy_m, fps=fps))
        tally.add("jitter_after", jitter(smooth_m, fps=fps))
        tally.add("jitter_moving_mean", jitter(mean_m, fps=fps))
        tally.add("noisy", _mean_m(noisy_m, true_m))
        tally.add("smooth", _mean_m(smooth_m, true_m))
        tally.add("moving_mean", _mean_m(mean_m, true_m))
        poser.close()


def _price(tally: Tally, stage: Stage) -> None:
    clean = as_it_is(stage)
    for number in range(len(stage.truth)):
        true_m = clean.joints_m(number)
        for name in ("smooth", "outliers"):
            document, poser, track = _opened(clean, number)
            (whole,) = stretches(document, persons=(track.person_id,))
            with document.edit(name) as edit:
                if name == "smooth":
                    smooth_stretch(edit, document, poser, whole)
                else:
                    remove_outliers(edit, document, whole)
            tally.add(f"price_{name}", _mean_m(poser.joints_of(track.id), true_m))
            poser.close()


def _lock(tally: Tally, stage: Stage, rng: np.random.Generator) -> None:
    break_stage(stage, "foot_slide", rng=rng)
    for number in range(len(stage.reports)):
        document, poser, track = _opened(stage, number)
        with document.edit("Find") as edit:
            find_contacts(edit, document, poser, track, 0, stage.frame_count)
        before = _slides_m(document, poser, track)
        with document.edit("Lock") as edit:
            lock_feet(edit, document, poser, track, 0, stage.frame_count)
        for was, now in zip(before, _slides_m(document, poser, track), strict=True):
            tally.add("slide_before", was)
            tally.add("slide_after", now)
        poser.close()


def _slides_m(document: Document, poser: Poser, track: Track) -> list[float]:
    """How far each marked foot moves while it is said to stand."""
    places = poser.joints_of(track.id)
    return [
        float(np.linalg.norm(np.ptp(places[mark.start : mark.stop, joint], axis=0)))
        for mark in document.marks_of(track.id, "contact")
        for joint in mark.joints
    ]


def _opened(stage: Stage, number: int) -> tuple[Document, Poser, Track]:
    document = document_of(stage)
    body: Body = stage.body
    person = sorted(document.persons)[number]
    return document, Poser(document, body), document.tracks_of(person)[0]


def _mean_m(places: np.ndarray, truth: np.ndarray) -> float:
    return float(np.linalg.norm(places - truth, axis=-1).mean())


def _row(ratio: float, limit: float, detail: str) -> dict[str, Any]:
    return {
        "ratio": round(ratio, 3),
        "limit": limit,
        "better": "lower",
        "unit": "",
        "detail": detail,
    }


def _mm(tally: Tally, name: str) -> str:
    return f"{1000 * tally.mean(name):.1f} mm"


def _share(tally: Tally, name: str) -> str:
    return f"{tally.mean(name) / tally.mean('jitter_truth'):.1f}"


if __name__ == "__main__":
    for name, result in run().items():
        print(name, result)
