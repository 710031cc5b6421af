"""The numbers of a comparison as rows: per joint, per person, the whole, the worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.person import letter
from hpe_studio.metrics.comparison import Comparison, Worst
from hpe_studio.ui.compare.settings_sections import grouped, number
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.timecode import frame_text
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.ui.session import Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What stands in a table.

    Attributes:
        text: As it is read.
        heat_mm: Error that a bar before it shows, or None.
        is_strong: True for what everything adds up to.
        person_id: Whose swatch stands before it, or None.
    """

    text: str
    heat_mm: float | None = None
    is_strong: bool = False
    person_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Titles and rows; of a title with a person only the swatch is shown.

    Attributes:
        titles: One per column.
        rows: One tuple of cells each.
        places: Per row the frame and person it leads to, or None.
        is_even: True where all columns but the first hold alike numbers.
    """

    titles: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    places: tuple[Worst | None, ...] = ()
    is_even: bool = False


def persons_of(session: Session, comparison: Comparison) -> list[int | None]:
    """The document's person most often found for each true person."""
    compared = session.comparing.compared
    ids = () if compared is None else compared.person_ids
    found: list[int | None] = []
    for person in range(len(comparison.people)):
        column = comparison.matches[:, person]
        known = column[column >= 0]
        best = int(np.bincount(known).argmax()) if len(known) else -1
        found.append(ids[best] if 0 <= best < len(ids) else None)
    return found


def joint_table(session: Session, comparison: Comparison) -> Table:
    """Mean error of each joint of each person, and over everybody."""
    per_m = 1000.0
    table, means = comparison.person_joint_m(), comparison.per_joint_m()
    people = persons_of(session, comparison)
    titles = (
        Cell(text=tr("Joint")),
        *(_title(session, one, i) for i, one in enumerate(people)),
        Cell(text=tr("All")),
    )
    rows = tuple(
        (
            Cell(text=short_title(joint)),
            *(_mm(per_m * table[p, j]) for p in range(len(people))),
            _mm(per_m * means[j]),
        )
        for j, joint in enumerate(comparison.joints)
    )
    totals = comparison.per_person_m()
    last = (
        Cell(text=tr("All joints"), is_strong=True),
        *(Cell(text=number(per_m * one), is_strong=True) for one in totals.tolist()),
        Cell(text=number(_error_mm(comparison)), is_strong=True),
    )
    return Table(titles=titles, rows=(*rows, last), is_even=True)


def person_table(session: Session, comparison: Comparison) -> Table:
    """Each true person: error, frames there, found, missed, joints measured."""
    people = persons_of(session, comparison)
    known = np.isfinite(comparison.truth_m).all(-1) & comparison.present[..., None]
    measured = np.isfinite(comparison.errors_m)
    means = comparison.per_person_m()
    rows: list[tuple[Cell, ...]] = []
    for i, person_id in enumerate(people):
        there = int(comparison.present[:, i].sum())
        missed = int(comparison.missed[:, i].sum())
        joints, counted = int(known[:, i].sum()), int(measured[:, i].sum())
        rows.append(
            (
                Cell(
                    text=_name(session, person_id, comparison, i), person_id=person_id
                ),
                _mm(1000 * float(means[i])),
                Cell(text=f"{grouped(there - missed)}/{grouped(there)}"),
                Cell(text=f"{grouped(counted)}/{grouped(joints)}"),
            )
        )
    counts = comparison.counts
    rows.append(
        (
            Cell(text=tr("All people"), is_strong=True),
            Cell(text=number(_error_mm(comparison)), is_strong=True),
            Cell(
                text=f"{grouped(counts.matched)}/{grouped(counts.true_people)}",
                is_strong=True,
            ),
            Cell(
                text=f"{grouped(counts.counted)}/{grouped(counts.true_joints)}",
                is_strong=True,
            ),
        )
    )
    titles = tuple(Cell(text=tr(t)) for t in ("Person", "mm", "Found", "Joints"))
    return Table(titles=titles, rows=tuple(rows))


def sequence_table(comparison: Comparison) -> Table:
    """Every number over the whole clip, with what it is the mean of."""
    rows = tuple(
        (
            Cell(text=one.label if one.id != "error" else tr("By the protocol")),
            Cell(text=_value(one.value, one.unit), is_strong=one.id == "error"),
            Cell(text=_share(one.coverage)),
        )
        for one in comparison.measures.values()
    )
    titles = tuple(Cell(text=tr(t)) for t in ("Measure", "Value", "Cover"))
    return Table(titles=titles, rows=rows)


def worst_table(session: Session, comparison: Comparison) -> Table:
    """Where to look first."""
    count = session.document.clip.frame_count
    found = session.comparing.worst
    rows = tuple(
        (
            Cell(text=frame_text(one.frame, count)),
            Cell(
                text=_worst_joint(comparison, one),
                person_id=session.comparing.person_of(one.row, one.person),
            ),
            _mm(1000 * one.error_m),
        )
        for one in found
    )
    titles = tuple(Cell(text=tr(t)) for t in ("Frame", "Worst joint", "mm"))
    return Table(titles=titles, rows=rows, places=found)


def short_title(joint: str) -> str:
    """A joint's name where there is little room: "Wrist L" of "left_wrist"."""
    for side, sign in (("left_", tr("L")), ("right_", tr("R"))):
        if joint.startswith(side):
            return f"{joint_title(joint.removeprefix(side))} {sign}"
    return joint_title(joint)


def _worst_joint(comparison: Comparison, one: Worst) -> str:
    if one.joint < 0:
        return tr("missed")
    error_m = comparison.errors_m[one.row, one.person, one.joint]
    joint = short_title(comparison.joints[one.joint])
    return f"{joint} {number(1000 * float(error_m))}"


def _title(session: Session, person_id: int | None, index: int) -> Cell:
    if person_id is None:
        return Cell(text=letter(index))
    person = session.document.persons.get(person_id)
    return Cell(text="" if person is None else person.name, person_id=person_id)


def _name(
    session: Session, person_id: int | None, comparison: Comparison, index: int
) -> str:
    person = session.document.persons.get(person_id or -1)
    return comparison.people[index] if person is None else person.name


def _error_mm(comparison: Comparison) -> float:
    return comparison.error.value * 1000 / comparison.protocol.per_m


def _mm(value: float) -> Cell:
    is_known = np.isfinite(value)
    return Cell(text=number(value), heat_mm=float(value) if is_known else None)


def _value(value: float, unit: str) -> str:
    if not np.isfinite(value):
        return "–"
    return f"{value:.1f} {unit}".strip()


def _share(share: float) -> str:
    return "–" if not np.isfinite(share) else f"{100 * share:.0f} %"
