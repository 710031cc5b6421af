"""Whether two descriptions say the same, so that what they describe can stay."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np


def are_alike(one: object, other: object) -> bool:
    """True if two values are the same, arrays and dataclasses by what is in them.

    Args:
        one: A dataclass, an array, a tuple of such, or a plain value.
        other: Compared with it; NaN is like NaN.
    """
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return _same_array(one, other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(  # type: ignore[arg-type]
            are_alike(a, b)
            for a, b in zip(one, other, strict=True)  # type: ignore[call-overload]
        )
    names = _names(type(one))
    if names:
        return all(are_alike(getattr(one, n), getattr(other, n)) for n in names)
    return bool(one == other)


def _same_array(one: Any, other: Any) -> bool:
    is_like = one.shape == other.shape and one.dtype == other.dtype
    return is_like and one.tobytes() == other.tobytes()


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Fields of a dataclass, none for others."""
    if not hasattr(kind, "__dataclass_fields__"):
        return ()
    return tuple(field.name for field in fields(kind))
