"""The text of a BVH file: parsed into joints and channels, and written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError

MAX_BYTES = 1 << 30
MAX_JOINTS = 1000
MAX_VALUES = 200_000_000

_CHANNELS = frozenset(
    f"{axis}{kind}" for axis in "XYZ" for kind in ("position", "rotation")
)


@dataclass(kw_only=True, slots=True)
class BvhJoint:
    """One joint of the hierarchy.

    Attributes:
        name: As in the file.
        parent: Index of the parent joint, -1 for the root.
        offset: From the parent, shape (3,), file units.
        channels: "Xposition", "Zrotation", ... in the file's order.
        end: Offset of the end site, or None.
    """

    name: str
    parent: int
    offset: FloatArray = field(default_factory=lambda: np.zeros(3))
    channels: tuple[str, ...] = ()
    end: FloatArray | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BvhText:
    """A parsed file.

    Attributes:
        joints: In the order of the file (depth first); may hold several roots.
        frame_time_s: Seconds per frame.
        values: Motion, shape (frames, channels).
        warnings: What was wrong but could be read.
    """

    joints: list[BvhJoint]
    frame_time_s: float
    values: FloatArray
    warnings: tuple[str, ...]


def parse(path: Path) -> BvhText:
    """Read a BVH file of any of the usual dialects.

    Raises:
        StudioError: Naming the file, the line and the way out.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _bad(path, "is larger than 1 GiB", "split it")
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise _bad(path, f"cannot be read ({error.strerror})", "check it") from None
    head, found, motion = text.partition("MOTION")
    if not found:
        is_bvh = head.lstrip("\ufeff \t\r\n")[:9].upper() == "HIERARCHY"
        what = "has no MOTION section" if is_bvh else "is no BVH file (no MOTION in it)"
        fix = "export it again" if is_bvh else "choose another, or use its real ending"
        raise _bad(path, what, fix)
    joints = _Hierarchy(path, _tokens(head)).joints
    if not joints:
        raise _bad(path, "has no joints", "export it again")
    frames, frame_time_s, rows = _motion_header(path, motion)
    values, warnings = _values(path, rows, frames, joints)
    return BvhText(
        joints=joints, frame_time_s=frame_time_s, values=values, warnings=warnings
    )


def format_text(
    joints: list[BvhJoint], values: FloatArray, *, frame_time_s: float, digits: int
) -> str:
    """The text of a BVH file with one root, channels in the joints' order."""
    lines = ["HIERARCHY"]
    _format_joint(joints, 0, 0, lines, digits)
    lines += ["MOTION", f"Frames: {len(values)}", f"Frame Time: {frame_time_s:.10f}"]
    form = " ".join([f"%.{digits}f"] * values.shape[1])
    lines += [form % tuple(row) for row in values.tolist()]
    return "\n".join(lines) + "\n"


class _Hierarchy:
    """Reads the nested braces of the HIERARCHY section."""

    def __init__(self, path: Path, tokens: Iterator[tuple[str, int]]) -> None:
        self._path = path
        self._tokens = tokens
        self._line = 1
        self.joints: list[BvhJoint] = []
        self._open: list[int] = []  # joint of each open brace, -1 for an end site
        self._pending = -2
        self._read()

    def _read(self) -> None:
        for word, line in self._tokens:
            self._line = line
            kind = word.upper()
            if kind in ("{", "}"):
                self._brace(opens=kind == "{")
            elif kind in ("ROOT", "JOINT"):
                self._begin(self._next())
            elif kind == "END":
                self._next()  # "Site"
                self._pending = -1
            elif kind == "OFFSET":
                self._offset()
            elif kind == "CHANNELS":
                self._channels()
            elif kind != "HIERARCHY":
                raise self._bad(f"{word[:30]!r} is not expected here")
        if self._open:
            raise self._bad("a brace is never closed")

    def _brace(self, *, opens: bool) -> None:
        if opens:
            self._open.append(self._pending)
        elif self._open:
            self._open.pop()
        else:
            raise self._bad("a brace closes too many")

    def _begin(self, name: str) -> None:
        if len(self.joints) >= MAX_JOINTS:
            raise self._bad(f"there are more than {MAX_JOINTS} joints")
        parent = self._open[-1] if self._open else -1
        self.joints.append(BvhJoint(name=name, parent=parent))
        self._pending = len(self.joints) - 1

    def _next(self) -> str:
        for word, line in self._tokens:
            self._line = line
            return word
        raise self._bad("the file ends too early")

    def _number(self) -> float:
        word = self._next()
        try:
            number = float(word.replace(",", "."))
        except ValueError:
            raise self._bad(f"{word[:30]!r} is no number") from None
        if not abs(number) < 1e9:
            raise self._bad(f"{word[:30]!r} is out of range")
        return number

    def _offset(self) -> None:
        offset = np.array([self._number() for _ in range(3)])
        if not self._open:
            raise self._bad("an OFFSET stands outside a joint")
        if self._open[-1] >= 0:
            self.joints[self._open[-1]].offset = offset
        else:
            owner = next((j for j in reversed(self._open) if j >= 0), None)
            if owner is not None:
                self.joints[owner].end = offset

    def _channels(self) -> None:
        count = int(self._number())
        known = {name.lower(): name for name in _CHANNELS}
        names = [self._next() for _ in range(count)] if 0 <= count <= 6 else ["?"]
        if any(n.lower() not in known for n in names):
            raise self._bad("these CHANNELS are not known")
        if not self._open or self._open[-1] < 0:
            raise self._bad("CHANNELS stand outside a joint")
        channels = tuple(known[n.lower()] for n in names)
        self.joints[self._open[-1]].channels = channels

    def _bad(self, what: str) -> StudioError:
        return _bad(self._path, f"line {self._line}: {what}", "export it again")


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace("{", " { ").replace("}", " } ").split()
        if len(words) > 2 and words[0].upper() in ("ROOT", "JOINT"):
            tail = [w for w in words[1:] if w in "{}"]
            name = "_".join(w for w in words[1:] if w not in "{}")
            words = [words[0], name, *tail]
        for word in words:
            yield word, number


def _motion_header(path: Path, motion: str) -> tuple[int, float, list[str]]:
    """Frame count, frame time and the lines behind them."""
    frames: int | None = None
    frame_time_s: float | None = None
    lines = motion.splitlines()
    for number, line in enumerate(lines):
        name, _, value = line.replace("Frame Time", "FrameTime").partition(":")
        try:
            if name.strip().lower() == "frames":
                frames = int(value.split()[0])
            elif name.strip().lower() == "frametime":
                frame_time_s = float(value.split()[0].replace(",", "."))
        except (ValueError, IndexError):
            raise _bad(
                path, f"{line.strip()[:40]!r} is odd", "export it again"
            ) from None
        if frames is not None and frame_time_s is not None:
            if not 1e-6 < frame_time_s < 1e4 or frames < 0:
                raise _bad(path, "has an impossible frame time", "export it again")
            return frames, frame_time_s, lines[number + 1 :]
    raise _bad(path, "has no Frames or Frame Time", "export it again")


def _values(
    path: Path,
    rows: list[str],
    frames: int,
    joints: list[BvhJoint],
) -> tuple[FloatArray, tuple[str, ...]]:
    channels = sum(len(joint.channels) for joint in joints)
    if channels == 0:
        raise _bad(path, "has no channels", "export it again with motion")
    if max(frames, len(rows)) * channels > MAX_VALUES:
        raise _bad(path, "has more motion than fits", "split it")
    words = " ".join(rows).replace(",", ".").split()
    try:
        flat = np.array(words, dtype=np.float64)
    except ValueError:
        odd = next((w for w in words if not _is_number(w)), "?")
        raise _bad(
            path, f"{odd[:30]!r} stands among the motion", "export it again"
        ) from None
    whole = len(flat) // channels
    if whole == 0:
        raise _bad(path, f"has no whole frame of {channels} values", "export it again")
    if not np.isfinite(flat).all():
        raise _bad(path, "has values that are no numbers", "export it again")
    warnings: list[str] = []
    if len(flat) != frames * channels:
        count = min(whole, frames) if frames else whole
        warnings.append(f"{path.name} says {frames} frames and holds {whole}")
        whole = count
    return flat[: whole * channels].reshape(whole, channels), tuple(warnings)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _format_joint(
    joints: list[BvhJoint], index: int, depth: int, lines: list[str], digits: int
) -> None:
    joint = joints[index]
    pad = "\t" * depth
    inner = pad + "\t"
    lines += [f"{pad}{'JOINT' if depth else 'ROOT'} {joint.name}", f"{pad}{{"]
    lines.append(f"{inner}OFFSET {_triple(joint.offset, digits)}")
    lines.append(f"{inner}CHANNELS {len(joint.channels)} {' '.join(joint.channels)}")
    for child, other in enumerate(joints):
        if other.parent == index:
            _format_joint(joints, child, depth + 1, lines, digits)
    if joint.end is not None:
        lines += [f"{inner}End Site", f"{inner}{{"]
        lines += [f"{inner}\tOFFSET {_triple(joint.end, digits)}", f"{inner}}}"]
    lines.append(f"{pad}}}")


def _triple(vector: FloatArray, digits: int) -> str:
    return " ".join(f"{float(v):.{digits}f}" for v in vector)


def _bad(path: Path, what: str, fix: str) -> StudioError:
    return StudioError(what, path=path, fix=fix)
