"""Values and records of the document to bytes and back, without pickle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path, PurePath
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

import msgspec
import numpy as np

from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.changes import (
    ArrayChange,
    ArraysChange,
    ArrayTable,
    Record,
    Table,
    ValueChange,
)
from hpe_studio.core.tables import TABLE_OF

Value = TypeVar("Value")

TYPE_OF: Mapping[Table, type[Any]] = {table: kind for kind, table in TABLE_OF.items()}

_DTYPES = frozenset({"|u1", "<f4", "<f8", "<i4", "<i8", "|b1"})


class _Stored(msgspec.Struct, frozen=True):
    """A record as it is written."""

    kind: Literal["value", "array", "arrays"]
    table: str
    key: Any
    before: bytes | None
    field: str = ""
    row: int = 0
    column: int = 0
    arrays: dict[str, Any] | None = None


def encode(value: Any) -> bytes:
    """A table value, a clip or another frozen dataclass as bytes."""
    if hasattr(value, "arrays"):
        value = replace(value, arrays={})
    return msgspec.msgpack.encode(value, enc_hook=_encode_other)


def decode(data: bytes, kind: type[Value]) -> Value:
    """The value that `encode` wrote.

    Raises:
        ValueError: If the bytes are not such a value.
    """
    try:
        return msgspec.msgpack.decode(data, type=kind, dec_hook=_decode_other)
    except (msgspec.MsgspecError, TypeError) as error:
        raise ValueError(f"not a stored {kind.__name__}: {error}") from None


def encode_array(array: AnyArray) -> list[Any]:
    """An array as type, shape and little-endian bytes."""
    plain = np.ascontiguousarray(array)
    if plain.dtype.byteorder == ">":
        plain = plain.astype(plain.dtype.newbyteorder("<"))
    return [plain.dtype.str, list(plain.shape), plain.tobytes()]


def decode_array(data: Any) -> AnyArray:
    """The array that `encode_array` wrote, as an own copy.

    Raises:
        ValueError: If type, shape and bytes do not belong together.
    """
    try:
        dtype, shape, content = data
        if dtype in _DTYPES:
            return np.frombuffer(content, dtype=dtype).reshape(shape).copy()
    except (TypeError, ValueError) as error:
        raise ValueError(f"not a stored array: {error}") from None
    raise ValueError(f"array type {dtype!r} is not one of ours")


def encode_key(key: Any) -> bytes:
    """A table key as bytes that compare equal for equal keys."""
    return msgspec.msgpack.encode(key)


def decode_key(data: bytes) -> Any:
    """The key that `encode_key` wrote; lists become tuples."""
    return _as_key(msgspec.msgpack.decode(data))


def encode_records(records: tuple[Record, ...]) -> bytes:
    """A step's records as bytes."""
    return msgspec.msgpack.encode([_stored(r) for r in records])


def decode_records(data: bytes) -> tuple[Record, ...]:
    """The records that `encode_records` wrote.

    Raises:
        ValueError: If the bytes are not records.
    """
    try:
        items = msgspec.msgpack.decode(data, type=list[_Stored])
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a stored step: {error}") from None
    return tuple(_record(item) for item in items)


def _stored(record: Record) -> _Stored:
    if isinstance(record, ValueChange):
        before = None if record.before is None else encode(record.before)
        return _Stored(kind="value", table=record.table, key=record.key, before=before)
    if isinstance(record, ArrayChange):
        return _Stored(
            kind="array",
            table="tracks",
            key=record.track_id,
            before=None,
            field=record.field,
            row=record.row,
            column=record.column,
            arrays={"before": encode_array(record.before)},
        )
    arrays = None
    if record.before is not None:
        arrays = {name: encode_array(a) for name, a in record.before.items()}
    return _Stored(
        kind="arrays", table=record.table, key=record.key, before=None, arrays=arrays
    )


def _record(item: _Stored) -> Record:
    if item.kind == "value":
        table = cast("Table", item.table)
        if table not in TYPE_OF:
            raise ValueError(f"unknown table {table!r}")
        before = None if item.before is None else decode(item.before, TYPE_OF[table])
        return ValueChange(table=table, key=_as_key(item.key), before=before)
    arrays = item.arrays
    decoded = None
    if arrays is not None:
        decoded = {name: decode_array(data) for name, data in arrays.items()}
    if item.kind == "array":
        if decoded is None or "before" not in decoded:
            raise ValueError("a stored array change lacks its array")
        return ArrayChange(
            track_id=int(item.key),
            field=item.field,
            row=item.row,
            column=item.column,
            before=decoded["before"],
        )
    if item.table not in get_args(ArrayTable):
        raise ValueError(f"unknown table {item.table!r}")
    return ArraysChange(
        table=cast("ArrayTable", item.table),
        key=int(item.key),
        before=decoded,
    )


def _as_key(key: Any) -> Any:
    return tuple(cast("list[Any]", key)) if isinstance(key, list) else key


def _encode_other(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return encode_array(cast("AnyArray", value))
    if isinstance(value, Fraction):
        return [value.numerator, value.denominator]
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, np.bool_ | np.number):
        return cast("Any", value).item()
    if isinstance(value, Mapping):
        return dict(cast("Mapping[Any, Any]", value))
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _decode_other(kind: Any, data: Any) -> Any:
    if (get_origin(kind) or kind) is np.ndarray:
        return decode_array(data)
    if kind is Fraction:
        numerator, denominator = data
        return Fraction(int(numerator), int(denominator))
    if kind is Path:
        return Path(data)
    raise TypeError(f"{kind} cannot be stored")
