"""The doctor on a clip that a project is to get: what of it does not fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hpe_studio.catalogue import FORMATS
from hpe_studio.core.document import Document
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.jobs import Job, Progress, scaled
from hpe_studio.posing.posed import Poser
from hpe_studio.workflow.attaching import said_size
from hpe_studio.workflow.doctor import Examination, reconsidered, solved
from hpe_studio.workflow.importing import ImportOptions, Onto, onto
from hpe_studio.workflow.outgoing import levelled_cameras, motion_of

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage


def as_results(document: Document, poser: Poser) -> MotionFile:
    """The people of a project without footage, as if they came from a file now.

    Args:
        document: The project's.
        poser: Resolves base and keys.
    """
    sentences = [
        str(sentence)
        for take in document.takes.values()
        for sentence in take.options.get("assumed", ())
    ]
    return replace(
        motion_of(document, poser),
        cameras=levelled_cameras(document),
        size_px=said_size(document),
        assumed=tuple(dict.fromkeys(sentences)),
    )


def onto_clip(document: Document, footage: Footage) -> Onto:
    """What the people of a project are laid on once it has its clip."""
    return replace(onto(document), clip=footage.clip)


def examine_attached(
    document: Document, motion: MotionFile, goal: Onto, footage: Footage
) -> Job[Examination]:
    """What of a clip does not fit the people of a project.

    Offset and step are solved by the pictures where people lie on them.

    Args:
        document: The project's.
        motion: Its people, from `as_results`.
        goal: From `onto_clip`.
        footage: The clip.
    """
    path = footage.clip.path
    assert path is not None
    yield Progress(done=0.0, total=1.0, text=path.name)
    origins = [take.origin for take in document.takes.values()]
    bare = Examination(
        path=path,
        format=next((name for name in origins if name in FORMATS), "json"),
        motion=motion,
        options=ImportOptions(),
        facts=(),
    )
    exam = reconsidered(bare, bare.options, goal)
    found = yield from scaled(solved(exam, goal, footage), start=0.1, share=0.9)
    return found
