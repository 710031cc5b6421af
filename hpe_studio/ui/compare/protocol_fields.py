"""Settings of a protocol as a person sees them: titles, choices, ranges, groups.

Texts are translated where they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from hpe_studio.metrics.protocol import BODY14, BODY15, NAMED, Protocol

_SETS = MappingProxyType({"body14": BODY14, "body15": BODY15})
_SHIFTS = MappingProxyType({"none": (), "romp": NAMED["romp"].offsets_camera_m})
_MISSED_MM = 150.0

GATES = MappingProxyType({"greedy": 0.95, "nearest": float("inf")})
"""Gates that belong to a way of matching; 0.5 for all others."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting that is one of several.

    Attributes:
        field: Of `Protocol`, or "name".
        title: For people.
        values: Value and text of each.
    """

    field: str
    title: str
    values: tuple[tuple[Any, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A setting that is a number.

    Attributes:
        field: Of `Protocol`.
        title: Short, within the field.
        name: For screen readers, whole.
        unit: Behind the number, or "".
        decimals: Digits behind the point.
        least, most: Bounds.
        step: Of an arrow key.
    """

    field: str
    title: str
    name: str
    unit: str = ""
    decimals: int = 0
    least: float = 0
    most: float = 1
    step: float = 1


FIRST: tuple[Choice, ...] = (
    Choice("joints", "Joints", (("body14", "Body 14"), ("body15", "Panoptic 15"))),
    Choice(
        "align",
        "Alignment",
        (
            ("none", "As it is"),
            ("root", "Root"),
            ("scale", "Root and scale"),
            ("rigid", "Rigid"),
            ("procrustes", "Procrustes"),
            ("sequence", "Sequence"),
        ),
    ),
    Choice(
        "root",
        "Root",
        (("mid_hip", "Mid hip"), ("hips", "Amid the hips"), ("neck", "Neck")),
    ),
    Choice("visibility", "Counts", (("known", "All known"), ("inside", "In picture"))),
)
"""What stands open."""

MORE: tuple[tuple[str, tuple[Choice | Number, ...]], ...] = (
    (
        "Truth",
        (
            Number(
                field="confidence",
                title="Confidence above",
                name="Joints of the truth count above this confidence",
                decimals=2,
                step=0.05,
            ),
            Number(
                field="least_inside",
                title="Least in picture",
                name="People with fewer joints inside the picture do not count",
                unit="joints",
                most=15,
            ),
            Choice(
                "invisible",
                "Not seen",
                (("left out", "Left out"), ("zero", "As 0 mm")),
            ),
            Choice(
                "offsets_camera_m",
                "Shift",
                (("none", "None"), ("romp", "ROMP's")),
            ),
        ),
    ),
    (
        "Matching",
        (
            Choice(
                "matching",
                "By",
                (
                    ("picture", "Picture"),
                    ("root", "Root"),
                    ("joints", "Joints"),
                    ("oks", "OKS"),
                    ("boxes", "Boxes"),
                    ("greedy", "Greedy (ROMP)"),
                    ("nearest", "Nearest (CRMP)"),
                    ("tracks", "Whole tracks"),
                ),
            ),
            Number(
                field="gate",
                title="Gate",
                name="Cost at which two people are no pair",
                decimals=2,
                least=0.01,
                most=10,
                step=0.05,
            ),
        ),
    ),
    (
        "Mean",
        (
            Choice(
                "counts_root",
                "Aligned root",
                ((True, "Counts"), (False, "Left out")),
            ),
            Choice(
                "missed",
                "Missed people",
                (("apart", "Apart"), ("error", "As an error")),
            ),
            Number(
                field="missed_mm",
                title="Missed count as",
                name="Error of a person nobody found",
                unit="mm",
                most=10000,
                step=10,
            ),
            Number(
                field="frames",
                title="Every",
                name="Every how many frames are compared",
                unit="frames",
                least=1,
                most=1000,
            ),
            Choice(
                "average", "Averaged over", (("people", "People"), ("joints", "Joints"))
            ),
            Choice("unit", "Unit", (("mm", "mm"), ("cm", "cm"), ("m", "m"))),
        ),
    ),
)
"""What folds away, in groups."""


def choice_value(protocol: Protocol, field: str) -> Any:
    """Which entry of a choice a protocol has; "" where it is none of them."""
    if field == "missed":
        return "apart" if protocol.missed_mm is None else "error"
    value = getattr(protocol, field)
    names = {"joints": _SETS, "offsets_camera_m": _SHIFTS}.get(field)
    if names is None:
        return value
    return next((name for name, one in names.items() if one == value), "")


def with_choice(protocol: Protocol, field: str, value: Any) -> Protocol:
    """The protocol after a choice."""
    if field == "missed":
        missed = NAMED[protocol.name].missed_mm or _MISSED_MM
        return replace(protocol, missed_mm=missed if value == "error" else None)
    names = {"joints": _SETS, "offsets_camera_m": _SHIFTS}.get(field)
    return _with(protocol, field, value if names is None else names[value])


def with_number(protocol: Protocol, field: str, value: float) -> Protocol:
    """The protocol after a number was typed."""
    if field == "frames":
        every = round(value)
        frames = "all" if every == 1 else f"every {every}"
        return replace(protocol, frames=frames)
    is_whole = field == "least_inside"
    return _with(protocol, field, round(value) if is_whole else value)


def _with(protocol: Protocol, field: str, value: object) -> Protocol:
    return replace(protocol, **{field: value})  # type: ignore[arg-type]
