"""The rules of a comparison, all of them, and by whose rules numbers are comparable.

A `Protocol` holds every setting that changes a number. `NAMED` are those of the field;
`modified` says in words which settings left the protocol whose name a result bears, so
that nobody takes one number for another.

Sources: Zanfir et al. 2018 and Jiang et al. 2020 (CRMP) for monocular CMU Panoptic,
Sun et al. 2022 (BEV, `eval_cmu_panoptic.py`), Tu et al. 2020 (VoxelPose).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Literal

from hpe_studio.core.errors import StudioError

Align = Literal["none", "root", "scale", "rigid", "procrustes", "sequence"]
Matching = Literal[
    "picture", "root", "joints", "oks", "boxes", "greedy", "nearest", "tracks"
]

BODY14 = (
    "right_ankle",
    "right_knee",
    "right_hip",
    "left_hip",
    "left_knee",
    "left_ankle",
    "right_wrist",
    "right_elbow",
    "right_shoulder",
    "left_shoulder",
    "left_elbow",
    "left_wrist",
    "neck",
    "mid_hip",
)
"""Twelve joints of the limbs, neck and pelvis: what all conventions share."""

BODY15 = (
    "neck",
    "nose",
    "mid_hip",
    "left_shoulder",
    "left_elbow",
    "left_wrist",
    "left_hip",
    "left_knee",
    "left_ankle",
    "right_shoulder",
    "right_elbow",
    "right_wrist",
    "right_hip",
    "right_knee",
    "right_ankle",
)
"""The first fifteen points of Panoptic's coco19."""

FRAME_BY_FRAME = "frame by frame"
_ROMP_SHIFT_M = (0.0, 0.06, 0.03)


@dataclass(frozen=True, kw_only=True, slots=True)
class Protocol:
    """Every setting that changes a number.

    Attributes:
        name: The protocol it bears the name of (a key of `NAMED`).
        joints: Names of the joints that count.
        root: Joint that alignment by root brings together: "mid_hip" (amid the hips
            where it is missing), "hips" (always amid the hips) or any joint.
        counts_root: Whether the aligned root, whose error is 0, counts in the mean.
        align: How a prediction is moved onto the truth before it is measured: not at
            all, root on root, root on root with the best factor, the best rigid motion
            or similarity per frame, or one similarity for a person's whole sequence.
        visibility: Which joints of the truth count: "known" (confidence above the
            threshold) or "inside" (and inside the picture).
        invisible: What becomes of joints that do not count: "left out" of the mean, or
            "zero", counted as without error.
        confidence: Joints of the truth at or below it are missing.
        least_inside: People with fewer joints inside the picture do not count.
        offsets_camera_m: Joint and shift of the truth in the camera's axes (x right, y
            down, z forward), metres.
        matching: What tells who is who; see `metrics.pairing`.
        gate: Cost at which a pair is none: a share of the person's size ("picture"), m
            ("root", "joints"), 1 - OKS ("oks"), 1 - IoU ("boxes", "greedy").
        missed_mm: Error of a person nobody found, or None: misses are counted apart.
        frames: "all", "every N" or "official" (a list that its owners hand out).
        cameras: Names of the cameras; empty means any.
        time: Which frames belong together, in words; `FRAME_BY_FRAME` where both count
            alike.
        average: "people": over a person's joints, then over people and frames;
            "joints": over all joints at once.
        unit: Of lengths: "mm", "cm" or "m".
    """

    name: str = "studio"
    joints: tuple[str, ...] = BODY14
    root: str = "mid_hip"
    counts_root: bool = True
    align: Align = "root"
    visibility: Literal["known", "inside"] = "known"
    invisible: Literal["left out", "zero"] = "left out"
    confidence: float = 0.1
    least_inside: int = 0
    offsets_camera_m: tuple[tuple[str, tuple[float, float, float]], ...] = ()
    matching: Matching = "picture"
    gate: float = 0.5
    missed_mm: float | None = None
    frames: str = "all"
    cameras: tuple[str, ...] = ()
    time: str = FRAME_BY_FRAME
    average: Literal["people", "joints"] = "people"
    unit: Literal["mm", "cm", "m"] = "mm"

    @property
    def per_m(self) -> float:
        """Units in a metre."""
        return {"mm": 1000.0, "cm": 100.0, "m": 1.0}[self.unit]


NAMED = MappingProxyType(
    {
        "studio": Protocol(),
        "romp": Protocol(
            name="romp",
            invisible="zero",
            confidence=0.2,
            least_inside=6,
            offsets_camera_m=tuple((joint, _ROMP_SHIFT_M) for joint in BODY14[:13]),
            matching="greedy",
            gate=0.95,
            missed_mm=150.0,
            frames="official",
            cameras=("00_16", "00_30"),
        ),
        "crmp": Protocol(
            name="crmp",
            invisible="zero",
            matching="nearest",
            gate=float("inf"),
            frames="official",
            cameras=("00_16", "00_30"),
        ),
        "voxelpose": Protocol(
            name="voxelpose",
            joints=BODY15,
            align="none",
            matching="joints",
            gate=0.5,
            frames="every 12",
            cameras=("00_03", "00_06", "00_12", "00_13", "00_23"),
        ),
    }
)
"""The protocols that have a name."""

TITLES = MappingProxyType(
    {
        "studio": "HS-Panoptic",
        "romp": "ROMP-compatible",
        "crmp": "CRMP-compatible",
        "voxelpose": "VoxelPose",
    }
)
"""What people read."""

DIFFERENCES = MappingProxyType(
    {
        "studio": (
            "Only joints that the truth knows are averaged; people who were missed are "
            "counted beside the error, not in it.",
            "Skeletons define joints differently, which alone makes 20 to 40 mm.",
        ),
        "romp": (
            "A person who was missed counts as 150 mm, however far off.",
            "Joints that the truth does not know count as 0 mm: the mean is too low.",
            "The truth is moved by 60 mm down and 30 mm away from the camera, all "
            "joints but the pelvis.",
            "Everybody with more than 5 of 14 joints inside the picture counts; the "
            "confidence that was to be asked as well has no effect in the original.",
            "People are paired greedily in the picture where their boxes overlap by at "
            "least 5 %.",
            "The original measures joints regressed from SMPL's mesh; where a result "
            "is a body, points of the open body on its bones stand in.",
            "The original takes joints more than 2 m left of the camera for missing, "
            "by the number it marks them with; this is not followed.",
            "The official truth has 17 joints completed by fitted bodies; the raw "
            "coco19 points stand in. Without a pelvis a person is left out here.",
        ),
        "crmp": (
            "Each true person takes the nearest prediction, so that one prediction may "
            "serve for several people.",
            "Joints that the truth does not know count as 0 mm: the mean is too low.",
            "The original measures joints regressed from SMPL's mesh; where a result "
            "is a body, points of the open body on its bones stand in.",
            "A person who was missed costs nothing as long as anybody was found.",
            "The original measures 17 joints; spine, jaw and top of the head are not "
            "in the raw coco19 points and are left out.",
        ),
        "voxelpose": (
            "Places in the room are compared, nothing is aligned: for several "
            "calibrated cameras.",
            "The original pairs by confidence and may take a person twice; AP and "
            "recall are computed so, the error per frame pairs one to one.",
            "Everybody with a known mid hip counts.",
        ),
    }
)
"""How each protocol differs from a clean metric, in sentences."""

_LABELS = {
    "joints": "joints",
    "root": "root",
    "counts_root": "aligned root",
    "align": "alignment",
    "visibility": "joints that count",
    "invisible": "joints not seen",
    "confidence": "confidence above",
    "least_inside": "joints inside the picture at least",
    "offsets_camera_m": "shift of the truth",
    "matching": "matching by",
    "gate": "matching gate",
    "missed_mm": "missed people",
    "frames": "frames",
    "cameras": "cameras",
    "time": "time",
    "average": "averaged over",
    "unit": "unit",
}


def named(name: str) -> Protocol:
    """The protocol of that name.

    Raises:
        StudioError: If there is none.
    """
    if name not in NAMED:
        known = ", ".join(NAMED)
        raise StudioError(f"there is no protocol {name!r}", fix=f"use {known}")
    return NAMED[name]


def modified(protocol: Protocol) -> tuple[str, ...]:
    """Which settings left the protocol whose name it bears, in words.

    "root neck instead of mid hip"; empty where it is that protocol.
    """
    original = named(protocol.name)
    return tuple(
        f"{_LABELS[field]} "
        f"{_change(field, getattr(protocol, field), getattr(original, field))}"
        for field in modified_fields(protocol)
    )


def modified_fields(protocol: Protocol) -> tuple[str, ...]:
    """Names of the settings that left the protocol whose name it bears."""
    original = named(protocol.name)
    return tuple(
        field
        for field in _LABELS
        if getattr(protocol, field) != getattr(original, field)
        and not (field == "cameras" and not original.cameras)
    )


def settings(protocol: Protocol) -> tuple[tuple[str, str], ...]:
    """Every setting with its value in words, for a card."""
    return tuple(
        (label, _words(field, getattr(protocol, field)))
        for field, label in _LABELS.items()
    )


def _change(field: str, now: Any, then: Any) -> str:
    if field == "joints":
        gone = [_plain(joint) for joint in then if joint not in now]
        new = [_plain(joint) for joint in now if joint not in then]
        words = [f"without {', '.join(gone)}"] if gone else []
        words += [f"with {', '.join(new)}"] if new else []
        return " and ".join(words) or "in another order"
    return f"{_words(field, now)} instead of {_words(field, then)}"


def _words(field: str, value: Any) -> str:
    writer = _WRITERS.get(field)
    return writer(value) if writer is not None else _plain(str(value))


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _offsets(value: tuple[tuple[str, tuple[float, float, float]], ...]) -> str:
    if not value:
        return "none"
    shifts = {shift for _, shift in value}
    if len(shifts) == 1:
        x, y, z = (f"{1000 * number:g}" for number in next(iter(shifts)))
        return f"({x}, {y}, {z}) mm on {len(value)} joints"
    return f"of {len(value)} joints, each its own"


_WRITERS: dict[str, Any] = {
    "joints": lambda names: f"{len(names)}: " + ", ".join(map(_plain, names)),
    "counts_root": lambda yes: "counts in the mean" if yes else "does not count",
    "confidence": lambda value: f"{value:g}",
    "gate": lambda value: "none" if value == float("inf") else f"{value:g}",
    "missed_mm": lambda mm: "counted apart" if mm is None else f"{mm:g} mm",
    "offsets_camera_m": _offsets,
    "cameras": lambda names: ", ".join(names) or "any",
    "frames": lambda text: {"official": "the official list"}.get(text, text),
}

assert set(_LABELS) == {f.name for f in fields(Protocol)} - {"name"}
