"""Frame files out of a folder or a tar, which is read where it lies.

Nothing is ever unpacked to disk by a name that a tar gives: members whose name ends as
a frame's does are read into memory, one at a time, within a size of ours.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

from hpe_studio.core.errors import StudioError

_MEMBER_BYTES = 8 * 2**20
_KINDS = "body3DScene_|faceRecon3D_hd|handRecon3D_hd"
_FRAME = re.compile(rf"(?:^|/)(?:{_KINDS})(\d{{8}})\.json$")
_FACE_MESH = re.compile(r"(?:^|/)meshTrack_(\d{8})\.txt$")
_BLOCK = 512
_FETCH = "fetch it again with hpe-studio panoptic get"


def frame_number(name: str) -> int | None:
    """The frame in a name such as "body3DScene_00000168.json", else None."""
    match = _FRAME.search(name)
    return int(match[1]) if match else None


def face_mesh_files(path: Path) -> Iterator[tuple[int, bytes]]:
    """(frame, content) of a tar of fitted faces, "meshTrack_00000933.txt".

    Raises:
        StudioError: As `frame_files`.
    """
    yield from frame_files(path, pattern=_FACE_MESH)


def frame_files(
    path: Path, *, pattern: re.Pattern[str] = _FRAME
) -> Iterator[tuple[int, bytes]]:
    """(frame, content) of every frame file, in the order they lie there.

    Args:
        path: A folder of frame files (or with one such folder inside), or a tar.
        pattern: What the members of a tar are called, the frame as its group.

    Raises:
        StudioError: If a tar is cut off or no tar, or a file cannot be read.
    """
    try:
        if path.is_dir():
            yield from _of_folder(path)
        else:
            yield from _of_tar(path, pattern)
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=path, fix="check it"
        ) from None


def _of_folder(path: Path) -> Iterator[tuple[int, bytes]]:
    files = sorted(path.glob("*.json")) or sorted(path.glob("*/*.json"))
    for file in files:
        frame = frame_number(file.name)
        if frame is None or file.stat().st_size > _MEMBER_BYTES:
            continue
        yield frame, file.read_bytes()


def _of_tar(path: Path, pattern: re.Pattern[str]) -> Iterator[tuple[int, bytes]]:
    count = 0
    try:
        with tarfile.open(path, mode="r:") as packed:
            for info in packed:
                match = pattern.search(info.name)
                if match is None or not info.isreg() or info.size > _MEMBER_BYTES:
                    continue
                stream = packed.extractfile(info)
                data = b"" if stream is None else stream.read()
                if len(data) != info.size:
                    raise _cut_off(path, count)
                count += 1
                yield int(match[1]), data
    except tarfile.TarError:
        if count or _looks_like_tar(path):
            raise _cut_off(path, count) from None
        raise StudioError("is no tar", path=path, fix=_FETCH) from None
    if not _is_ended(path):
        raise _cut_off(path, count)


def _cut_off(path: Path, frames: int) -> StudioError:
    return StudioError(f"is cut off after {frames} frames", path=path, fix=_FETCH)


def _looks_like_tar(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(_BLOCK)[257:262] == b"ustar"


def _is_ended(path: Path) -> bool:
    """A whole tar ends with two empty blocks."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 2 * _BLOCK))
        return stream.read() == bytes(2 * _BLOCK)
