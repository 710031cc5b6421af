"""Arrays and dictionaries as the bytes of an npz, as numpy itself writes them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np


def npz_bytes(content: Mapping[str, Any]) -> bytes:
    """What ``np.savez`` writes; dictionaries become pickled single objects."""
    stream = io.BytesIO()
    np.savez(stream, **content)
    return stream.getvalue()
