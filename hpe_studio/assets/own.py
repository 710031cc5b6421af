"""Files that only their owner can bring: networks and bodies with own licences.

Nobody may hand them on and the program never fetches them. A person gets them where the
table says and gives them once; they are kept in the data folder, noted with their
checksums. What lies in ROMP's own folder (`~/.romp`) is found there too.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hpe_studio.assets.store import models_folder, writing_to
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing

_CHUNK_BYTES = 1 << 20
_NOTES = "files.json"
_RELEASE = "github.com/Arthur151/ROMP/releases, V2.0"
_SMPL_SITE = "smpl.is.tue.mpg.de (register; SMPL for Python)"
_META = f"smpl_model_data.zip ({_RELEASE})"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnFile:
    """A file that its owner brings.

    Attributes:
        name: What the program calls it ("romp").
        label: What people call it.
        file: Its name, by which it is known.
        kind: What is checked in it.
        where: How a person gets it.
        made_of: Files it is made from where it is not given itself.
        licence: Whose it is and for what.
    """

    name: str
    label: str
    file: str
    kind: Literal["romp", "bev", "onnx", "smpl"]
    where: str
    licence: str
    made_of: tuple[str, ...] = ()

    @property
    def way(self) -> str:
        """What a person does to have it, as a clause that follows a semicolon."""
        if self.made_of:
            return f"it is packed here out of {self.where}"
        return f"get it from {self.where}"


_ROMP_LICENCE = "ROMP's own (research)"
_SMPL_LICENCE = "SMPL's own (non-commercial research)"
_EXTRA = ("J_regressor_extra.npy", "J_regressor_h36m.npy")

OWN_FILES: tuple[OwnFile, ...] = (
    OwnFile(
        name="romp",
        label="ROMP's network",
        file="ROMP.pkl",
        kind="romp",
        where=_RELEASE,
        licence=_ROMP_LICENCE,
    ),
    OwnFile(
        name="romp_onnx",
        label="ROMP's network for onnxruntime",
        file="ROMP.onnx",
        kind="onnx",
        where=_RELEASE,
        licence=_ROMP_LICENCE,
    ),
    OwnFile(
        name="romp_smpl",
        label="SMPL for ROMP",
        file="SMPL_NEUTRAL.pth",
        kind="smpl",
        where=f"SMPL_NEUTRAL.pkl from {_SMPL_SITE} and {_META}",
        licence=_SMPL_LICENCE,
        made_of=("SMPL_NEUTRAL.pkl", *_EXTRA),
    ),
    OwnFile(
        name="bev",
        label="BEV's network",
        file="BEV.pth",
        kind="bev",
        where=_RELEASE,
        licence=_ROMP_LICENCE,
    ),
    OwnFile(
        name="bev_ft_agora",
        label="BEV's network trained further on AGORA",
        file="BEV_ft_agora.pth",
        kind="bev",
        where=_RELEASE,
        licence=_ROMP_LICENCE,
    ),
    OwnFile(
        name="romp_smpla",
        label="SMPL with children for BEV",
        file="SMPLA_NEUTRAL.pth",
        kind="smpl",
        where=f"SMPL_NEUTRAL.pkl from {_SMPL_SITE} and {_META}",
        licence=_SMPL_LICENCE,
        made_of=("SMPL_NEUTRAL.pkl", *_EXTRA, "smpl_kid_template.npy"),
    ),
    OwnFile(
        name="romp_smil",
        label="SMIL, the infants' body, for BEV",
        file="smil_packed_info.pth",
        kind="smpl",
        where=f"smil_web.pkl (SMIL, Fraunhofer IOSB) and {_META}",
        licence="SMIL's own (non-commercial research)",
        made_of=("smil_web.pkl", *_EXTRA),
    ),
)

_ALSO_KNOWN_AS = {"SMPL_NEUTRAL.pth": ("smpl_packed_info.pth",)}


def own_file(name: str) -> OwnFile | None:
    """The table's line of that name, or None."""
    return next((entry for entry in OWN_FILES if entry.name == name), None)


def own_folder() -> Path:
    """Where the files are kept; it may not exist yet."""
    return models_folder() / "own"


def find_own(entry: OwnFile) -> Path | None:
    """Where the file lies, or None: in the data folder, else in ROMP's own."""
    names = (entry.file, *_ALSO_KNOWN_AS.get(entry.file, ()))
    romp = Path("~/.romp").expanduser()
    places = (own_folder() / entry.file, *(romp / name for name in names))
    return next((path for path in places if path.is_file()), None)


def own_path(entry: OwnFile) -> Path:
    """The file.

    Raises:
        StudioError: If it was not given yet, with what to do.
    """
    found = find_own(entry)
    if found is None:
        raise StudioError(
            f"{entry.file} ({entry.label}) is not here yet",
            fix=f"{entry.way}: run hpe-studio assets add romp FILE",
        )
    return found


def missing_own(names: tuple[str, ...]) -> tuple[OwnFile, ...]:
    """Those of the named files that were not given yet."""
    entries = [own_file(name) for name in names]
    return tuple(e for e in entries if e is not None and find_own(e) is None)


def keep_own(entry: OwnFile, source: Path) -> Path:
    """Copy a checked file to its place and note its checksum.

    Raises:
        StudioError: If it cannot be read or stored.
    """
    folder = own_folder()
    target = folder / entry.file
    part = folder / f".{entry.file}.{os.getpid()}.part"
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        try:
            with source.open("rb") as stream, part.open("wb") as out:
                while chunk := stream.read(_CHUNK_BYTES):
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    _note(target, digest.hexdigest())
    return target


def own_sha256(path: Path) -> str:
    """The file's checksum, from the notes where it is the same file still.

    Raises:
        StudioError: If it cannot be read.
    """
    noted = _notes().get(str(path), {})
    stamp = _stamp(path)
    if noted.get("stamp") == stamp:
        return str(noted["sha256"])
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StudioError(
            f"cannot be read ({reason})", path=path, fix="check its permissions"
        ) from error
    _note(path, digest)
    return digest


def _note(path: Path, sha256: str) -> None:
    notes = {**_notes(), str(path): {"sha256": sha256, "stamp": _stamp(path)}}
    folder = own_folder()
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_replacing(folder / _NOTES, json.dumps(notes, indent=1).encode())


def _notes() -> Mapping[str, Any]:
    try:
        notes = json.loads((own_folder() / _NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _stamp(path: Path) -> list[int]:
    try:
        facts = path.stat()
    except OSError:
        return []
    return [facts.st_size, facts.st_mtime_ns]
