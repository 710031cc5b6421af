"""A document as it is now, for a job that reads it in another thread."""

from __future__ import annotations

from typing import Any, cast

from hpe_studio.core.document import Document
from hpe_studio.core.tables import TABLE_OF


def snapshot_of(document: Document) -> Document:
    """Every value and the history as they are now, on the same arrays.

    An edit that writes into an array meanwhile is seen in part; whoever asked hears of
    the edit and asks again.
    """
    made = Document(document.clip)
    for table in TABLE_OF.values():
        for key, value in document.table(table).items():
            arrays = getattr(value, "arrays", None)
            if arrays is not None:
                made.replace_arrays(cast("Any", table), cast("int", key), arrays)
            made.replace_value(table, key, value)
    made.history.steps = list(document.history.steps)
    made.history.position = document.history.position
    made.history.forgotten_in_sight = dict(document.history.forgotten_in_sight)
    made.journal = document.journal  # reads steps that memory let go
    return made
