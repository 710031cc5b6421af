"""Fetching sequences of CMU Panoptic from their server, as the toolbox's script does.

Addresses, file names and the order of the cameras are those of its getData.sh: a few
VGA cameras look from all around the dome.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from hpe_studio.assets.web import NotOnServerError, fetch, size_on_server
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.core.jobs import Job, Progress, scaled
from hpe_studio.core.resources import resource_path
from hpe_studio.formats.calibration import read_calibration
from hpe_studio.formats.panoptic_members import face_mesh_files, frame_files

MIRRORS = MappingProxyType(
    {
        "cmu": "http://domedb.perception.cs.cmu.edu",
        "snu": "http://vcl.snu.ac.kr/panoptic",
    }
)
"""The server and its mirror, as the toolbox names them."""

TERMS = (
    "The CMU Panoptic data set is free for non-commercial and research purposes only. "
    "Work that uses it cites Joo et al., Panoptic Studio (ICCV 2015, TPAMI 2017)."
)
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_]*$")
_POSES = ("hdPose3d_stage1_coco19.tar",)
_FACE_MESH = "hdMeshTrack_face"
_MORE = ("hdFace3d.tar", "hdHand3d.tar", f"{_FACE_MESH}.tar")
_VGA_POSES = "vgaPose3d_stage1_coco19.tar"
_FREE_BYTES = 64 << 20
_STEMS = MappingProxyType({"hdFace3d": "faceRecon3D_hd", "hdHand3d": "handRecon3D_hd"})
_FACE_MESH_FOLDER = "meshTrack_face"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One file of a sequence.

    Attributes:
        name: Where it goes within the sequence's folder.
        url: Where it comes from.
        size_bytes: How large it is; None where the server does not tell.
        is_optional: True where not every sequence has it.
    """

    name: str
    url: str
    size_bytes: int | None = None
    is_optional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What would be fetched.

    Attributes:
        sequence: The sequence.
        folder: Where it goes.
        files: What is not here yet.
        lacking: Files the server does not have.
    """

    sequence: str
    folder: Path
    files: tuple[Wanted, ...]
    lacking: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        """Bytes in all, as far as the server tells."""
        return sum(file.size_bytes or 0 for file in self.files)


def plan_job(
    sequence: str, folder: Path, *, mirror: str = "cmu", hd: int = 1, vga: int = 0
) -> Job[Plan]:
    """Ask a server for the sizes of a sequence's files; nothing is fetched.

    Args:
        sequence: Its name ("160906_band1").
        folder: Where sequences go; this one gets a folder within.
        mirror: "cmu", "snu", or a web address.
        hd: How many HD films, 0 to 31.
        vga: How many VGA films, 0 to 480.

    Raises:
        StudioError: If there is no such sequence or server.
    """
    if not _NAME.match(sequence):
        raise StudioError(
            f"{sequence} is no name of a sequence", fix="name one such as 160906_band1"
        )
    base = f"{MIRRORS.get(mirror, mirror).rstrip('/')}/webdata/dataset/{sequence}"
    goal = folder / sequence
    asked = _wanted(base, sequence, hd=hd, vga=vga)
    lacking: list[str] = []
    files: list[Wanted] = []
    for done, file in enumerate(asked):
        yield Progress(done=done, total=len(asked), text="Asking for sizes")
        if _is_here(goal / file.name):
            continue
        try:
            files.append(_sized(file))
        except NotOnServerError:
            if not file.is_optional:
                raise StudioError(
                    f"the server has no sequence {sequence}",
                    fix="check the name, or name another mirror with --mirror",
                ) from None
            lacking.append(file.name)
    return Plan(
        sequence=sequence, folder=goal, files=tuple(files), lacking=tuple(lacking)
    )


def get_job(plan: Plan, *, extract: bool = False) -> Job[tuple[Path, ...]]:
    """Fetch what was planned; stopped, the same call goes on.

    Args:
        plan: Of `plan_job`.
        extract: Also put the frames of the tars into folders. Opening does not need
            it: tars are read where they lie.

    Returns:
        The files that came.

    Raises:
        StudioError: If a file cannot be fetched, kept, or is damaged.
    """
    _check_room(plan)
    total = max(plan.size_bytes, 1)
    done_bytes, came = 0, list[Path]()
    for file in plan.files:
        share = (file.size_bytes or 0) / total
        job = fetch(file.url, plan.folder / file.name)
        start = done_bytes / total
        path = yield from scaled(job, start=start, share=share)
        _check(path)
        came.append(path)
        done_bytes += file.size_bytes or 0
    if extract:
        for path in sorted(plan.folder.glob("*.tar")):
            yield Progress(done=1, total=1, text=f"Unpacking {path.name}")
            extract_tar(path)
    return tuple(came)


def _check(path: Path) -> None:
    """Look whether a file is whole; one that is not is taken away.

    Raises:
        StudioError: If it is damaged.
    """
    try:
        if path.suffix == ".tar":
            for _ in _members(path):
                pass
        elif path.suffix == ".json":
            read_calibration(path)
    except StudioError:
        path.unlink()
        raise


def extract_tar(path: Path) -> Path:
    """The frames of a tar as files in a folder beside it, under names of ours.

    Raises:
        StudioError: If the tar is damaged or the folder cannot be written.
    """
    folder = _unpacked(path)
    _made(folder)
    is_mesh = path.stem == _FACE_MESH
    stem = "meshTrack_" if is_mesh else _STEMS.get(path.stem, "body3DScene_")
    for frame, data in _members(path):
        goal = folder / f"{stem}{frame:08d}.{'txt' if is_mesh else 'json'}"
        if not goal.exists():
            write_replacing(goal, data)
    return folder


def _members(path: Path) -> Iterator[tuple[int, bytes]]:
    is_mesh = path.stem == _FACE_MESH
    return face_mesh_files(path) if is_mesh else frame_files(path)


def _unpacked(path: Path) -> Path:
    """The folder that the toolbox's extractAll.sh makes of a tar."""
    is_mesh = path.stem == _FACE_MESH
    return path.with_name(_FACE_MESH_FOLDER) if is_mesh else path.with_suffix("")


def size_text(size_bytes: int) -> str:
    """A size for people: "1.2 GB"."""
    if size_bytes >= 10**9:
        return f"{size_bytes / 10**9:.1f} GB"
    return f"{max(size_bytes, 10**5) / 10**6:.1f} MB"


@cache
def vga_cameras() -> tuple[str, ...]:
    """All 480 VGA cameras in the order in which getData.sh takes them."""
    text = resource_path("panoptic/vga_order.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["cameras"])


def _wanted(base: str, sequence: str, *, hd: int, vga: int) -> list[Wanted]:
    films = [("hdVideos", "hd", "hd_shared_crf20", f"00_{n:02d}") for n in range(hd)]
    films += [
        ("vgaVideos", "vga", "vga_shared_crf10", camera)
        for camera in vga_cameras()[:vga]
    ]
    needed = (f"calibration_{sequence}.json", *_POSES)
    files = [Wanted(name=name, url=f"{base}/{name}") for name in needed]
    more = (*_MORE, _VGA_POSES) if vga else _MORE
    files += [Wanted(name=n, url=f"{base}/{n}", is_optional=True) for n in more]
    files += [
        Wanted(
            name=f"{folder}/{kind}_{camera}.mp4",
            url=f"{base}/videos/{served}/{kind}_{camera}.mp4",
            is_optional=True,  # single cameras lack in some sequences
        )
        for folder, kind, served, camera in films
    ]
    return files


def _is_here(path: Path) -> bool:
    return path.exists() or (path.suffix == ".tar" and _unpacked(path).is_dir())


def _sized(file: Wanted) -> Wanted:
    return Wanted(
        name=file.name,
        url=file.url,
        size_bytes=size_on_server(file.url),
        is_optional=file.is_optional,
    )


def _check_room(plan: Plan) -> None:
    """Refuse what the disk has no room for, and make the folders.

    Raises:
        StudioError: If it has none.
    """
    _made(plan.folder)
    begun = sum(
        part.stat().st_size
        for file in plan.files
        if (part := plan.folder / f"{file.name}.part").exists()
    )
    free = shutil.disk_usage(plan.folder).free
    if plan.size_bytes - begun + _FREE_BYTES > free:
        raise StudioError(
            f"needs {size_text(plan.size_bytes)}, and {size_text(free)} are free",
            path=plan.folder,
            fix="make room, ask for fewer cameras, or choose another folder with -o",
        )
    for file in plan.files:
        _made((plan.folder / file.name).parent)


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            f"cannot be made ({error.strerror})",
            path=folder,
            fix="choose another folder with -o",
        ) from None
