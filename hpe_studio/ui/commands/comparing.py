"""Truth: attach, find, detach; the worst frames; what of it is drawn."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.edits.truth import (
    attach_truth,
    remove_truth,
    set_truth_fit,
)
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.compare.going import step_worst
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr
from hpe_studio.workflow.before_after import report_document
from hpe_studio.workflow.snapshot import snapshot_of
from hpe_studio.workflow.truth import Fit, ReadTruth, find_truth, read_truth


def attach_folder(desk: Desk) -> None:
    """Choose a folder with truth."""
    desk.asking.for_truth_folder()


def attach_file(desk: Desk) -> None:
    """Choose a file with truth."""
    desk.asking.for_truth()


def detach(desk: Desk) -> None:
    """Take the truth away."""
    session = session_of(desk)
    try:
        remove_truth(session.document)
    except StudioError as error:
        session.notices.complain(error)
    else:
        session.notices.say(tr("Truth detached"), action="undo")


def find(desk: Desk) -> None:
    """Find offset and camera of the truth."""
    session = session_of(desk)
    session.jobs.start(
        tr("Finding the truth's time and camera"),
        find_truth(snapshot_of(session.document), session.poser.body),
        on_result=partial(_take_fit, session),
    )


def attach_path(session: Session, path: Path) -> None:
    """Read truth beside the window, then hold it beside the motion."""
    session.jobs.start(
        tr("Reading truth"),
        read_truth(path, snapshot_of(session.document), session.poser.body),
        on_result=partial(_attach, session),
    )


def _attach(session: Session, read: ReadTruth) -> None:
    if session.document.is_editing:
        session.notices.inform(tr("Finish or cancel the drag first"))
        return
    attach_truth(session.document, read.truths)
    count, name = len(read.truths), read.truths[0].name
    one = tr("{name}: truth of 1 person attached")
    many = tr("{name}: truth of {count} people attached")
    session.notices.say(
        (one if count == 1 else many).format(name=name, count=count), action="undo"
    )
    if read.notes:
        session.notices.inform(read.notes[-1].rstrip("."))


def _take_fit(session: Session, fit: Fit) -> None:
    document = session.document
    if document.is_editing:
        session.notices.inform(tr("Finish or cancel the drag first"))
        return
    place = fit.place
    set_truth_fit(
        document,
        offset_frames=fit.time.offset_frames,
        rate=fit.time.rate,
        place=None
        if place is None
        else (place.scene_from_file, place.camera_name, place.camera),
    )
    text = tr("Offset {offset} frames, movement agrees to {share} %")
    told = text.format(
        offset=f"{fit.time.offset_frames:+.1f}".replace("-", "−"),
        share=round(100 * fit.time.agreement),
    )
    if place is not None:
        told = tr("{told}, camera {camera}").format(told=told, camera=place.camera_name)
    session.notices.say(told, action="undo")


def report(desk: Desk) -> None:
    """Choose where a report of the comparison goes."""
    desk.asking.for_report()


def write_report_to(session: Session, folder: Path) -> None:
    """Write the report beside the window."""
    footage = session.footage

    def read_rgb(frame: int) -> ByteArray | None:
        if footage is None or not 0 <= frame < footage.frame_count:
            return None
        try:
            return footage.read_rgb(frame)
        except StudioError:
            return None

    def done(files: tuple[Path, ...]) -> None:
        text = tr("{name} written to {folder}")
        told = text.format(name=files[0].name, folder=folder.name)
        session.notices.say(told)

    session.jobs.start(
        tr("Writing the report"),
        report_document(
            snapshot_of(session.document),
            session.poser.body,
            session.comparing.protocol,
            folder,
            read_rgb=read_rgb,
        ),
        on_result=done,
    )


def _step(by: int, desk: Desk) -> None:
    session = session_of(desk)
    if step_worst(session, by) is None:
        session.notices.inform(tr("Nothing is compared"))


next_worst = partial(_step, 1)
previous_worst = partial(_step, -1)
