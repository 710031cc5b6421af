"""The quick way to unpickle: Python's unpickler in C, where the content allows it.

The unpickler in C is ten times as quick as the one in Python, and trusts what it reads:
it reserves what an opcode claims and sets attributes on whatever lies on its stack. So
each opcode is looked at first. Only those that plain arrays in containers need may
occur, every length must lie within the data and every place in the memo within its
length; the only names are those of numpy's arrays, all of them stand-ins that take
nothing but a state. Anything else is left to the slow way, which refuses by name.
"""

from __future__ import annotations

import io
import pickle
import re
from typing import Any

from hpe_studio.core.pickle_parts import DType, Finisher, FromBuffer, NdArray, Scalar

_MAX_BYTES = 256 * 1024**2

_RUN = re.compile(
    rb"(?:[\x94(tRb)\]}euasN\x85\x86\x87\x88\x89]"  # nothing behind them
    rb"|[Khq].|M..|[Jj]....|G.{8}|\x80[\x02-\x05]"  # numbers, memo, protocol
    rb"|\x93)*+",  # a name off the stack
    re.DOTALL,
)
_ONE_BYTE_LENGTH = b"\x8cCU\x8a"
_FOUR_BYTE_LENGTH = b"XBT"
_EIGHT_BYTE_LENGTH = b"\x8d\x8e"
_FRAME, _GLOBAL, _LONG_PUT, _STOP = 0x95, ord("c"), ord("r"), ord(".")


class UnsureError(Exception):
    """The content is not of the plain kind that is built quickly."""


def quickly_built(data: bytes, without: frozenset[str] = frozenset()) -> Any:
    """What a pickle of plain arrays and containers holds.

    Args:
        data: The pickle.
        without: Keys of dictionaries that are left out with their values.

    Raises:
        UnsureError: If it may hold anything else.
        Exception: Whatever damage makes of it; the slow way tells.
    """
    if len(data) > _MAX_BYTES or data[:1] != b"\x80":
        raise UnsureError
    _scan(data)
    built = _Quick(io.BytesIO(data), encoding="latin1").load()
    return Finisher(without).finish(built)


class _Quick(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """A stand-in of numpy's."""
        found = _STAND_INS.get((module.replace("numpy._core", "numpy.core"), name))
        if found is None:
            raise UnsureError
        return found


_STAND_INS = {
    ("numpy", "ndarray"): NdArray,
    ("numpy", "dtype"): DType,
    ("numpy.core.multiarray", "_reconstruct"): NdArray,
    ("numpy.core.multiarray", "scalar"): Scalar,
    ("numpy.core.numeric", "_frombuffer"): FromBuffer,
}


def _scan(data: bytes) -> None:
    """Look at each opcode up to the end.

    Raises:
        UnsureError: If one is not of the plain kind.
    """
    place, end = 0, len(data)
    while True:
        place = _run_end(data, place)
        if place >= end:
            raise UnsureError
        if data[place] == _STOP:
            if place + 1 < end:  # more follows: a file of torch, or who knows what
                raise UnsureError
            return
        place = _behind(data, place, data[place])


def _run_end(data: bytes, place: int) -> int:
    found = _RUN.match(data, place)
    return place if found is None else found.end()


def _behind(data: bytes, place: int, code: int) -> int:
    """Where the opcode with a length in front of its content ends."""
    if code in _ONE_BYTE_LENGTH:
        behind = place + 2 + int.from_bytes(data[place + 1 : place + 2], "little")
    elif code in _FOUR_BYTE_LENGTH:
        behind = place + 5 + int.from_bytes(data[place + 1 : place + 5], "little")
    elif code in _EIGHT_BYTE_LENGTH:
        behind = place + 9 + int.from_bytes(data[place + 1 : place + 9], "little")
    elif code == _GLOBAL:
        behind = data.find(b"\n", data.find(b"\n", place) + 1) + 1 or len(data) + 1
    else:
        behind = _behind_claim(data, place, code)
    if behind > len(data):
        raise UnsureError
    return behind


def _behind_claim(data: bytes, place: int, code: int) -> int:
    """Where an opcode ends that claims room which must be there."""
    width = {_FRAME: 8, _LONG_PUT: 4}.get(code)
    if width is None:
        raise UnsureError
    behind = place + 1 + width
    claimed = int.from_bytes(data[place + 1 : behind], "little")
    room = len(data) - behind if code == _FRAME else len(data)
    if claimed > room:
        raise UnsureError
    return behind
