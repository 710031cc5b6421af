"""The models folder: which assets it holds, whether they are whole, adding by hand."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from hpe_studio.assets.table import ASSETS, Asset, asset
from hpe_studio.core.errors import StudioError

_CHUNK_BYTES = 1 << 20
FETCH_FIX = "run hpe-studio assets fetch"
_BLAZEPOSE_BY_QUALITY = ("heavy", "full", "lite")


@dataclass(frozen=True, kw_only=True, slots=True)
class AssetStatus:
    """Whether one asset is at hand, with what a person needs to get it elsewhere.

    Attributes:
        name: The asset's name.
        state: "present", "missing" or "damaged".
        problem: What is wrong with a damaged file, else "".
        size_bytes: The size it must have.
        sha256: The checksum it must have.
        licence: Name of its licence, with whose work it is.
        packages: The packages that carry it ("pypi mediapipe==0.10.21, ...").
        path: Where the file lies or would lie.
    """

    name: str
    state: Literal["present", "missing", "damaged"]
    problem: str
    size_bytes: int
    sha256: str
    licence: str
    packages: str
    path: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelChoice:
    """The BlazePose model that will be used.

    Attributes:
        model: "heavy", "full" or "lite".
        path: Its file.
        note: One sentence for people when it is not the one they asked for, else "".
    """

    model: str
    path: Path
    note: str = ""


def data_folder() -> Path:
    """The user's data folder: HPE_STUDIO_HOME, or the system's own place for it."""
    given = os.environ.get("HPE_STUDIO_HOME")
    if given:
        return Path(given).expanduser()
    import platformdirs

    return platformdirs.user_data_path("hpe-studio", appauthor=False)


def models_folder() -> Path:
    """Where the assets lie; it may not exist yet."""
    return data_folder() / "models"


def path_of(name: str) -> Path:
    """The file of an asset, present and of the right size.

    Raises:
        StudioError: If there is no such asset, or its file is missing or damaged.
    """
    entry = asset(name)
    found = _quick_status(entry)
    if found.state == "present":
        return found.path
    what = "is not fetched yet" if found.state == "missing" else "is damaged"
    raise StudioError(
        f"the file of {entry.label} {what}", path=found.path, fix=FETCH_FIX
    )


def status() -> list[AssetStatus]:
    """The state of every asset, judged by size (quick)."""
    return [_quick_status(entry) for entry in ASSETS]


def verify() -> list[AssetStatus]:
    """The state of every asset, judged by its checksum.

    Raises:
        StudioError: If a file cannot be read.
    """
    return [_checked_status(entry) for entry in ASSETS]


def is_whole(entry: Asset) -> bool:
    """True where the asset's file is there with the right checksum."""
    return _checked_status(entry).state == "present"


def add(path: str | os.PathLike[str]) -> AssetStatus:
    """Copy a file that a person got elsewhere to its place, known by its checksum.

    Raises:
        StudioError: If the file cannot be read, is none of the assets, or cannot be
            stored.
    """
    given = Path(path)
    try:
        if not given.is_file():
            what = "is a folder" if given.is_dir() else "does not exist"
            raise StudioError(what, path=given, fix="name one of the model files")
        size_bytes = given.stat().st_size
        fitting = [entry for entry in ASSETS if entry.size_bytes == size_bytes]
        found = _sha256(given) if fitting else ""
        known = next((entry for entry in fitting if entry.sha256 == found), None)
        if known is None:
            raise StudioError(
                "is none of the files in the table of assets",
                path=given,
                fix="see hpe-studio assets list for names, sizes and checksums",
            )
        with given.open("rb") as stream:
            install(known, stream)
    except OSError as error:
        raise _reading_error(given, error) from error
    return _quick_status(known)


def choose_blazepose(wanted: str = "heavy") -> ModelChoice:
    """The wanted BlazePose model, or the next best one that is at hand.

    Args:
        wanted: "heavy", "full" or "lite".

    Raises:
        StudioError: If neither it nor another one is at hand.
    """
    at_hand = {line.name: line.path for line in status() if line.state == "present"}
    for model in dict.fromkeys((wanted, *_BLAZEPOSE_BY_QUALITY)):
        path = at_hand.get(f"blazepose_{model}")
        if path is not None:
            note = f"BlazePose {wanted} is not at hand, so {model} is used; {FETCH_FIX}"
            return ModelChoice(
                model=model, path=path, note="" if model == wanted else note
            )
    return ModelChoice(model=wanted, path=path_of(f"blazepose_{wanted}"))


def install(entry: Asset, stream: BinaryIO, *, origin: str = "") -> Path:
    """Put an asset's bytes in place: checked first, then replaced at one stroke.

    Args:
        entry: The asset.
        stream: Its bytes, read to the end, never further than its size.
        origin: Where the bytes come from, for the error's text.

    Raises:
        StudioError: If size or checksum are wrong, or the folder cannot be written.
    """
    folder = models_folder()
    target = folder / entry.file
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            prefix=f".{entry.file}.", suffix=".part", dir=folder
        )
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                digest, size_bytes = _copy(stream, out, limit=entry.size_bytes)
                out.flush()
                os.fsync(out.fileno())
            if digest != entry.sha256 or size_bytes != entry.size_bytes:
                raise StudioError(
                    f"{entry.label} from {origin or 'the given file'} has a wrong "
                    f"checksum and was not kept",
                    fix="try again later, or see hpe-studio assets list for other "
                    "sources and run hpe-studio assets add FILE",
                )
            part.chmod(0o644)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return target


@contextlib.contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn failures to write into a folder into one sentence.

    Raises:
        StudioError: For a full disk, a read-only folder and other refusals.
    """
    try:
        yield
    except OSError as error:
        raise storage_error(folder, error) from error


def storage_error(folder: Path, error: OSError) -> StudioError:
    """What a failure to write into a folder means to a person."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StudioError(
            "there is not enough room on the disk",
            path=folder,
            fix="free about 200 MB, or set HPE_STUDIO_HOME to a folder on another disk",
        )
    reason = (error.strerror or str(error)).lower()
    return StudioError(
        f"the folder cannot be written ({reason})",
        path=folder,
        fix="make it writable, or set HPE_STUDIO_HOME to another folder",
    )


def _status(entry: Asset, problem: str | None) -> AssetStatus:
    """A line of the report; None for a file that is not there."""
    packages = [source.package for source in entry.sources]
    return AssetStatus(
        name=entry.name,
        state="missing" if problem is None else "damaged" if problem else "present",
        problem=problem or "",
        size_bytes=entry.size_bytes,
        sha256=entry.sha256,
        licence=entry.licence,
        packages=", ".join(f"{p.registry} {p.requirement}" for p in packages),
        path=models_folder() / entry.file,
    )


def _quick_status(entry: Asset) -> AssetStatus:
    path = models_folder() / entry.file
    try:
        whole = path.stat().st_size == entry.size_bytes and path.is_file()
    except OSError:
        return _status(entry, None)
    return _status(entry, "" if whole else "wrong size")


def _checked_status(entry: Asset) -> AssetStatus:
    quick = _quick_status(entry)
    if quick.state != "present":
        return quick
    try:
        whole = _sha256(quick.path) == entry.sha256
    except OSError as error:
        raise _reading_error(quick.path, error) from error
    return quick if whole else _status(entry, "wrong checksum")


def _reading_error(path: Path, error: OSError) -> StudioError:
    reason = (error.strerror or str(error)).lower()
    return StudioError(
        f"cannot be read ({reason})", path=path, fix="check the file's permissions"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(stream: BinaryIO, out: BinaryIO, *, limit: int) -> tuple[str, int]:
    """Copy at most one byte more than the limit; gives checksum and byte count."""
    digest = hashlib.sha256()
    count = 0
    while chunk := stream.read(min(_CHUNK_BYTES, limit + 1 - count)):
        digest.update(chunk)
        out.write(chunk)
        count += len(chunk)
    return digest.hexdigest(), count
