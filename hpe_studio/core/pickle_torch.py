"""Tensors as torch saves them, without torch.

A tensor is a view (offset, sizes, strides) of a storage of plain numbers. In archives
the storages are members of their own; in older files they follow the pickle; in a plain
pickle each is such an older file as bytes.

Source: torch 2.13 `serialization.py`, `_utils.py`, `storage.py` (BSD-3).
"""

from __future__ import annotations

import io
import math
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.pickle_parts import (
    MAX_DENSE_ELEMENTS,
    Finisher,
    Globals,
    Part,
    Unpickler,
)

LEGACY_TORCH_HEAD = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The number with which files begin that torch saved before it wrote archives."""

_KINDS = {
    "Double": "f8", "Float": "f4", "Half": "f2", "BFloat16": "bf16", "Long": "i8",
    "Int": "i4", "Short": "i2", "Char": "i1", "Byte": "u1", "Bool": "?",
    "ComplexDouble": "c16", "ComplexFloat": "c8",
}  # fmt: skip
_DTYPES = (
    "float64", "double", "float32", "float", "float16", "half", "bfloat16", "int64",
    "long", "int32", "int", "int16", "short", "int8", "uint8", "bool",
)  # fmt: skip


class _StorageType(Part):
    """A kind of storage: its numbers' type."""

    code = ""

    def resolved(self, finisher: Finisher) -> str:
        """The type's code; `finisher` has nothing to do."""
        del finisher
        return self.code


def _storage_type(code: str) -> _StorageType:
    kind = _StorageType()
    kind.code = code
    return kind


class _Storage(Part):
    """A row of numbers, whose bytes may come later in the file."""

    raw: bytes | None = None
    order: Any = "<"

    def __init__(self, kind: Any, count: Any) -> None:
        super().__init__()
        if not isinstance(kind, _StorageType) or not isinstance(count, int):
            raise pickle.UnpicklingError("storage of a kind that is not read")
        self.code, self.count = kind.code, count

    @property
    def byte_count(self) -> int:
        """How long `raw` must be."""
        wide = 2 if self.code == "bf16" else np.dtype(self.code).itemsize
        return wide * self.count

    def resolved(self, finisher: Finisher) -> AnyArray:
        """The numbers, shape (count,); `finisher` has nothing to do."""
        del finisher
        if self.raw is None or len(self.raw) != self.byte_count:
            raise ValueError("a storage and its bytes differ in size")
        if self.code != "bf16":
            flat = np.frombuffer(self.raw, np.dtype(self.code).newbyteorder(self.order))
            return flat.astype(self.code)
        halves = np.frombuffer(self.raw, np.dtype("u2").newbyteorder(self.order))
        return (halves.astype(np.uint32) << 16).view(np.float32)


class _Tensor(Part):
    """A view of a storage."""

    def __init__(
        self, storage: Any, offset: Any, sizes: Any, strides: Any, *_: Any
    ) -> None:
        super().__init__()
        self.view = (storage, offset, sizes, strides)

    def resolved(self, finisher: Finisher) -> AnyArray:
        """An array of its own."""
        storage, offset, sizes, strides = (finisher.finish(v) for v in self.view)
        shape = tuple(int(n) for n in sizes)
        steps = tuple(int(n) for n in strides)
        flat: AnyArray = np.asarray(storage)
        if flat.ndim != 1 or len(shape) != len(steps) or len(shape) > 32:
            raise ValueError("tensor without storage")
        if min((*shape, *steps, offset)) < 0:
            raise ValueError("tensor of a negative size")
        count = math.prod(shape)
        if count > max(len(flat), MAX_DENSE_ELEMENTS):
            raise ValueError("tensor larger than its storage")
        if count == 0:
            return np.zeros(shape, flat.dtype)
        last = offset + sum((n - 1) * s for n, s in zip(shape, steps, strict=True))
        if last >= len(flat):
            raise ValueError("tensor reaches beyond its storage")
        width = flat.itemsize
        view = np.lib.stride_tricks.as_strided(
            flat[offset:], shape, tuple(s * width for s in steps)
        )
        return view.copy()


class _Parameter(Part):
    """A tensor that was learnt: (tensor, …)."""

    def __init__(self, tensor: Any, *_: Any) -> None:
        super().__init__()
        self.tensor = tensor

    def resolved(self, finisher: Finisher) -> Any:
        """The tensor."""
        return finisher.finish(self.tensor)


class _Bytes(Part):
    """A storage within a plain pickle: an older file as bytes."""

    def __init__(self, data: Any) -> None:
        super().__init__()
        if not isinstance(data, bytes) or not data.startswith(LEGACY_TORCH_HEAD):
            raise pickle.UnpicklingError("bytes that are no storage")
        self.data = data

    def resolved(self, finisher: Finisher) -> Any:
        """The numbers, shape (count,); `finisher` knows none of the inner parts."""
        del finisher
        return legacy_torch_value(self.data, None)


class _Size(Part):
    """A tuple of sizes, or the name of a device."""

    def __init__(self, *values: Any) -> None:
        super().__init__()
        self.values = values[0] if len(values) == 1 else values

    def resolved(self, finisher: Finisher) -> Any:
        """The tuple or name."""
        return finisher.finish(self.values)


TORCH_GLOBALS: Globals = {
    ("torch._utils", "_rebuild_tensor"): _Tensor,
    ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
    ("torch._utils", "_rebuild_tensor_v3"): _Tensor,
    ("torch._utils", "_rebuild_parameter"): _Parameter,
    ("torch.storage", "_load_from_bytes"): _Bytes,
    ("torch", "Size"): _Size,
    ("torch", "device"): _Size,
    **{("torch", f"{n}Storage"): _storage_type(code) for n, code in _KINDS.items()},
    **{("torch", name): name for name in _DTYPES},
}


def is_torch_archive(members: Mapping[str, bytes]) -> bool:
    """True where an archive's files are those that torch writes."""
    return _pickle_name(members) is not None


def torch_archive_value(members: Mapping[str, bytes], path: Path | None) -> Any:
    """What an archive of torch holds, tensors as arrays.

    Raises:
        ValueError: If it is damaged.
        StudioError: If it asks for anything that no file of tensors needs.
    """
    name = _pickle_name(members)
    if name is None:
        raise ValueError("no archive of torch")
    folder = name.removesuffix("data.pkl")
    order = ">" if members.get(f"{folder}byteorder", b"")[:3] == b"big" else "<"

    def storage_of(reference: Any) -> _Storage:
        _, kind, key, _, count = reference
        storage = _Storage(kind, count)
        storage.raw, storage.order = members[f"{folder}data/{key}"], order
        return storage

    unpickler = Unpickler(io.BytesIO(members[name]), path, TORCH_GLOBALS)
    unpickler.storages = storage_of
    return Finisher().finish(unpickler.load())


def legacy_torch_value(data: bytes, path: Path | None) -> Any:
    """What a file holds that torch saved before it wrote archives.

    Raises:
        ValueError: If it is damaged.
        StudioError: If it asks for anything that no file of tensors needs.
    """
    stream = io.BytesIO(data)
    _, _, about = (Unpickler(stream, path).load() for _ in range(3))
    order = "<" if about.get("little_endian", True) else ">"
    storages: dict[str, _Storage] = {}

    def storage_of(reference: Any) -> _Storage:
        _, kind, key, _, count, view = reference
        if view is not None:
            raise pickle.UnpicklingError("a storage within another")
        if key not in storages:
            storages[key] = _Storage(kind, count)
        return storages[key]

    unpickler = Unpickler(stream, path, TORCH_GLOBALS)
    unpickler.storages = storage_of
    value = unpickler.load()
    for key in Unpickler(stream, path).load():
        storage = storages[key]
        if int.from_bytes(stream.read(8), "little") != storage.count:
            raise ValueError("a storage of another length")
        size = storage.byte_count
        if not 0 <= size <= len(data) - stream.tell():
            raise ValueError("a storage that is not there")
        storage.raw, storage.order = stream.read(size), order
    return Finisher().finish(value)


def _pickle_name(members: Mapping[str, bytes]) -> str | None:
    return next((n for n in members if n.rpartition("/")[2] == "data.pkl"), None)
