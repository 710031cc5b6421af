"""What lies in a small zip archive, with its claims checked.

`np.savez` and `torch.save` write archives without compression; these are cut apart
without the machinery of `zipfile`, which costs more than reading thousands of small
results. Everything else goes through `zipfile`.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

from hpe_studio.core.errors import StudioError

ZIP_HEAD = b"PK\x03\x04"

_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_ZIP64 = 0xFFFFFFFF


def zip_members(
    data: bytes, *, limit: int, path: Path | None = None
) -> dict[str, bytes]:
    """The content of each file in an archive, by name.

    Raises:
        ValueError, zipfile.BadZipFile, struct.error: If the archive is damaged.
        StudioError: If it unpacks to more than `limit` bytes.
    """
    try:
        return _stored(data)
    except (ValueError, struct.error):
        return _unpacked(data, limit, path)


def _stored(data: bytes) -> dict[str, bytes]:
    """Members of an archive that is not compressed.

    Raises:
        ValueError: If anything is unusual.
    """
    mark, _, _, count, total, size, place, comment = _END.unpack(data[-_END.size :])
    if mark != b"PK\x05\x06" or comment or count != total or place == _ZIP64:
        raise ValueError("not a plain archive")
    if place + size > len(data):
        raise ValueError("a directory outside the archive")
    members: dict[str, bytes] = {}
    for _ in range(count):
        fields = _CENTRAL.unpack_from(data, place)
        _, _, _, flags, method, _, _, crc, packed, unpacked = fields[:10]
        name_size, extra_size, comment_size, _, _, _, start = fields[10:]
        if fields[0] != b"PK\x01\x02" or method or flags & ~0x0808:
            raise ValueError("not stored as it is")
        if packed != unpacked or start == _ZIP64:
            raise ValueError("sizes elsewhere")
        name = data[place + _CENTRAL.size :][:name_size].decode("utf-8")
        members[name] = _content(data, start, packed, crc)
        place += _CENTRAL.size + name_size + extra_size + comment_size
    return members


def _content(data: bytes, start: int, size: int, crc: int) -> bytes:
    local = _LOCAL.unpack_from(data, start)
    if local[0] != ZIP_HEAD:
        raise ValueError("no member there")
    begin = start + _LOCAL.size + local[9] + local[10]
    content = data[begin : begin + size]
    if len(content) != size or zlib.crc32(content) != crc:
        raise ValueError("a member is damaged")
    return content


def _unpacked(data: bytes, limit: int, path: Path | None) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if sum(m.file_size for m in members) > limit:
            raise StudioError(
                f"unpacks to more than {limit / 1024**3:.0f} GiB",
                path=path,
                fix="use the file as its makers offer it, or split it",
            )
        return {m.filename: _read_member(archive, m) for m in members}


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as stream:
        data = stream.read(member.file_size + 1)
    if len(data) != member.file_size:
        raise ValueError("the archive lies about a size")
    return data
