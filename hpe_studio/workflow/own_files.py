"""Files that their owner brings: found in what was given, checked, packed, kept."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hpe_studio.assets.own import OWN_FILES, OwnFile, find_own, keep_own
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.estimators.romp_bodies import check_worker, checked
from hpe_studio.workers.host import Worker, WorkerFailed
from hpe_studio.workflow.smpl_packing import packed_body

_NEUTRAL = re.compile(r"basic_?model_neutral.*\.pkl", re.IGNORECASE)
_OTHER_NAMES = {"smpl_packed_info.pth": "SMPL_NEUTRAL.pth"}
_SOURCES = tuple(dict.fromkeys(n for entry in OWN_FILES for n in entry.made_of))


@dataclass(frozen=True, kw_only=True, slots=True)
class AddReport:
    """What was taken in.

    Attributes:
        added: Each file's name and what was found in it.
        notes: Sentences a person should know.
    """

    added: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnStatus:
    """Whether a file is here, with what a person needs to get it.

    Attributes:
        entry: The file.
        path: Where it lies; None where it is missing.
    """

    entry: OwnFile
    path: Path | None


def own_status() -> tuple[OwnStatus, ...]:
    """The state of every file that its owner brings."""
    return tuple(OwnStatus(entry=e, path=find_own(e)) for e in OWN_FILES)


def add_own(paths: Sequence[Path], *, python: str = "") -> Job[AddReport]:
    """Take in network and body files: packed ones as they are, SMPL's own packed.

    A folder means all known files in it. Nothing is kept that was not checked.

    Args:
        paths: Files and folders.
        python: The Python in which ROMP runs; the studio's own when "".

    Raises:
        StudioError: If a file is none of those, or not what its name says.
    """
    given = _known(paths)
    wanted = [e for e in OWN_FILES if e.file in given or _is_made(e, given)]
    if not wanted:
        names = ", ".join(path.name for path in given.values())
        raise StudioError(
            f"{names} alone makes nothing",
            fix="give SMPL_NEUTRAL.pkl (or smil_web.pkl) with it",
        )
    sources = {entry.name: _sources(entry, given) for entry in wanted}
    added: list[tuple[str, str]] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="hpe-studio-") as folder:
        for number, entry in enumerate(wanted):
            text = f"Checking {entry.file}"
            yield Progress(done=number, total=len(wanted), text=text)
            made_from = sources[entry.name]
            if made_from is None:
                notes.append(f"{entry.file} was not made: {_lack(entry, given)}")
                continue
            package = "bev" if entry.kind == "bev" else "romp"
            with check_worker(package, python) as worker:
                path = given.get(entry.file)
                if path is None:
                    path = Path(folder) / entry.file
                    _pack(worker, entry, made_from, path)
                facts = _looked_into(worker, entry, path)
            keep_own(entry, path)
            added.append((entry.file, facts))
    return AddReport(added=tuple(added), notes=tuple(notes))


def _known(paths: Sequence[Path]) -> dict[str, Path]:
    """The given files by the name that they are known by.

    Raises:
        StudioError: If one does not exist or is none of the known files.
    """
    out: dict[str, Path] = {}
    for path in paths:
        if path.is_dir():
            inside = {_name(file): file for file in sorted(path.rglob("*"))}
            found = {n: f for n, f in inside.items() if n and f.is_file()}
            if not found:
                raise StudioError(
                    "holds none of the files of ROMP, BEV and SMPL",
                    path=path,
                    fix=f"they are called {', '.join(_names())}",
                )
            out |= found
            continue
        name = _name(path)
        if not path.is_file():
            raise StudioError("does not exist", path=path, fix="check the name")
        if not name:
            raise StudioError(
                "is none of the files of ROMP, BEV and SMPL, by its name",
                path=path,
                fix=f"they are called {', '.join(_names())}",
            )
        out[name] = path
    return out


def _names() -> tuple[str, ...]:
    return (*(entry.file for entry in OWN_FILES), *_SOURCES)


def _name(path: Path) -> str:
    """What a file is, by its name; "" where it is nothing of ours."""
    if _NEUTRAL.fullmatch(path.name):
        return "SMPL_NEUTRAL.pkl"
    name = _OTHER_NAMES.get(path.name, path.name)
    return name if name in _names() else ""


def _is_made(entry: OwnFile, given: Mapping[str, Path]) -> bool:
    return bool(entry.made_of) and entry.made_of[0] in given


def _sources(entry: OwnFile, given: Mapping[str, Path]) -> dict[str, Path] | None:
    """The files that one is made from, also those beside the first; None if optional.

    Raises:
        StudioError: If one of SMPL's own is lacking.
    """
    if entry.file in given:
        return {}
    found = _at_hand(entry, given)
    if len(found) == len(entry.made_of):
        return found
    if "smpl_kid_template.npy" in entry.made_of:
        return None  # only BEV wants it: told in a note
    raise StudioError(
        f"lacks {_lack(entry, given)} beside it",
        path=given[entry.made_of[0]],
        fix="get smpl_model_data.zip from github.com/Arthur151/ROMP/releases (V2.0) "
        "and give the files in it along",
    )


def _at_hand(entry: OwnFile, given: Mapping[str, Path]) -> dict[str, Path]:
    beside = given[entry.made_of[0]].parent
    places = {name: given.get(name, beside / name) for name in entry.made_of}
    return {name: path for name, path in places.items() if path.is_file()}


def _lack(entry: OwnFile, given: Mapping[str, Path]) -> str:
    found = _at_hand(entry, given)
    return " and ".join(name for name in entry.made_of if name not in found)


def _pack(
    worker: Worker, entry: OwnFile, made_from: Mapping[str, Path], goal: Path
) -> None:
    arrays = packed_body(
        made_from[entry.made_of[0]],
        extra=made_from["J_regressor_extra.npy"],
        h36m=made_from["J_regressor_h36m.npy"],
        kid=made_from.get("smpl_kid_template.npy"),
    )
    message = {"pack": str(goal), "names": list(arrays)}
    worker.request(message, list(arrays.values()))


def _looked_into(worker: Worker, entry: OwnFile, path: Path) -> str:
    """What is in a file.

    Raises:
        StudioError: If it is not what its name says.
    """
    try:
        return checked(worker, entry.kind, path, name=entry.file)
    except WorkerFailed as error:
        reason = error.what.partition("RuntimeError: ")[2] or error.what
        raise StudioError(
            f"is not {entry.label}: {reason}",
            path=path,
            fix=f"get it anew from {entry.where}",
        ) from None
