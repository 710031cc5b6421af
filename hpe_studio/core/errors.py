"""The one error a person is shown, and the one that means "stopped on request"."""

from __future__ import annotations

from os import PathLike
from pathlib import Path


class StudioError(Exception):
    """A problem a person can act on: what happened, to which file, the way out.

    Raised at the borders (files, workers, devices). The command line prints it as
    one sentence and exits with 1; the window shows it as a toast. Programming errors
    are never wrapped in it.

    Args:
        what: What is wrong, without a final period ("is not a movie").
        path: The file or folder it is about, if there is one.
        fix: The way out, as an imperative clause ("open an MP4, MOV or AVI file").
    """

    def __init__(
        self, what: str, *, path: str | PathLike[str] | None = None, fix: str = ""
    ) -> None:
        self.what = what
        self.path = Path(path) if path is not None else None
        self.fix = fix
        subject = f"{self.path}: {what}" if self.path is not None else what
        super().__init__(f"{subject}; {fix}" if fix else subject)


class CancelledByUser(Exception):
    """A job was stopped on request; partial results were kept or dropped as asked."""
