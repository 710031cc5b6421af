"""Precision, recall and false alarms of every detector of problems.

Real motion is put before a made camera, reported with noise, and broken by
`hpe_studio.quality.failures`. Tuned on seeds below 10,000; reported on others. A
finding is right when person and kind agree and half of the failure is covered or both
ends lie within three frames.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from benchmarks._performances import performances, stage_of
from hpe_studio.body import Body, open_body
from hpe_studio.catalogue import DETECTORS, detector
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.check import check_shot, without_consequences
from hpe_studio.quality.evidence import shot_evidence
from hpe_studio.quality.failures import KINDS, break_stage, cropped
from hpe_studio.quality.finding import Finding
from hpe_studio.quality.measuring import Score
from hpe_studio.quality.staging import Stage, as_it_is, document_of

_FIRST_SEED = 20_000
_LIMITS = {"missing": 0.9, "truncated": 0.9, "jump": 0.9, "flip": 0.9, "swap": 0.9}
_OTHER_LIMIT = 0.8
_ALARMS_LIMIT = 1.0


def run() -> dict[str, dict[str, Any]]:
    """A row for precision and recall of each kind, and one for its false alarms."""
    scores = measured(_FIRST_SEED)
    rows: dict[str, dict[str, Any]] = {}
    for kind, score in scores.items():
        limit = _LIMITS.get(kind, _OTHER_LIMIT)
        detail = (
            f"recall {score.recall:.2f} of {score.failures}, "
            f"precision {score.precision:.2f} of {score.findings}"
        )
        if score.failures:
            rows[f"detect_{kind}"] = {
                "ratio": round(min(score.recall, score.precision), 3),
                "limit": limit,
                "better": "higher",
                "unit": "",
                "detail": detail,
            }
        rows[f"alarms_{kind}"] = {
            "ratio": round(score.alarms_per_1000, 2),
            "limit": _ALARMS_LIMIT,
            "better": "lower",
            "unit": "",
            "detail": f"per 1,000 of {score.clean_frames} clean frames of a person",
        }
    return rows


def measured(first_seed: int, *, most: int | None = None) -> dict[str, Score]:
    """Scores of all detectors over all performances (the first ones only, if asked)."""
    body = open_body(24)
    everyone = performances(body)
    scores = {kind: Score() for kind in DETECTORS}
    for index in range(len(everyone) if most is None else most):
        clean, _ = stage_of(everyone, index, first_seed + index, body)
        found = checked(clean, body)
        truth = checked(as_it_is(clean), body)
        frames = clean.frame_count * len(clean.reports)
        for kind, score in scores.items():
            score.add_clean(_of(kind, found), frames, _of(kind, truth))
        for number, kind in enumerate(KINDS):
            if kind not in scores:
                continue
            seed = first_seed + 1000 * (number + 1) + index
            stage, rng = stage_of(everyone, index, seed, body)
            failures = break_stage(stage, kind, rng=rng)
            if kind == "truncated":
                stage = cropped(stage, failures)
            found = checked(stage, body)
            truth = checked(as_it_is(stage), body)
            scores[kind].add(_of(kind, found), failures, _of(kind, truth))
    return scores


def _of(kind: str, findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.kind == kind]


def checked(stage: Stage, body: Body) -> list[Finding]:
    """What all detectors find, persons numbered as in the stage."""
    document = document_of(stage)
    poser = Poser(document, body)
    evidence = shot_evidence(document, poser, document.shot_at(0))
    modules = {kind: detector(kind) for kind in DETECTORS}
    found = [f for part in check_shot(evidence, modules) for f in part]
    poser.close()
    number = {person_id: i for i, person_id in enumerate(sorted(document.persons))}
    return [
        replace(f, person_id=number[f.person_id]) for f in without_consequences(found)
    ]


if __name__ == "__main__":
    for name, result in run().items():
        print(name, result)
