"""A switch: whoever gets another shape is fitted to the points again, in one step."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox

from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.ui.box_runs import PersonRun
from hpe_studio.ui.inspector.section import Context
from hpe_studio.ui.session import Session
from hpe_studio.ui.settings import settings
from hpe_studio.ui.words import tr
from hpe_studio.workflow.fit_people import FittedPerson
from hpe_studio.workflow.shape_refit import (
    ShapeRefit,
    plan_shape_refit,
    shape_refit_job,
    write_shape_refit,
)

_SETTING = "shape.refit"


class RefitBox(QCheckBox):
    """The switch; `watch` before a shape may change, `follow` after.

    What is chosen holds for every section that has one.

    Args:
        context: Whose gestures are followed.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setText(self.tr("Refit to the points"))
        self.setToolTip(
            self.tr("Fits pose and place of all frames again; keys keep their poses")
        )
        self._session = context.session
        self._before: tuple[tuple[Person, ...], int] | None = None
        self.refresh()
        self.toggled.connect(self._on_toggled)
        settings().changed.connect(self._on_setting_changed)
        context.live.settled.connect(self.follow)

    def refresh(self) -> None:
        """Show what is chosen."""
        self.setChecked(bool(settings().read(_SETTING, False)))

    def _on_toggled(self, is_wanted: bool) -> None:
        settings().write(_SETTING, is_wanted)

    def _on_setting_changed(self, name: str) -> None:
        if name == _SETTING:
            self.refresh()

    def watch(self) -> None:
        """Remember shapes that may change now."""
        document = self._session.document
        self._before = None
        if self.isChecked():
            now = tuple(document.persons.values())
            self._before = now, document.history.position

    def follow(self) -> None:
        """Fit whoever's shape was changed by the step that was just made."""
        before, self._before = self._before, None
        document = self._session.document
        if before is None or document.history.position != before[1] + 1:
            return
        changed = tuple(p for p in before[0] if _is_other(p, document.persons[p.id]))
        if changed:
            _refit(self._session, changed)


def _is_other(before: Person, now: Person) -> bool:
    return (before.betas, before.scale) != (now.betas, now.scale)


def _refit(session: Session, before: tuple[Person, ...]) -> None:
    document = session.document
    try:
        refit = plan_shape_refit(document, session.poser.body, before)
    except StudioError as error:
        session.notices.complain(error)
        return
    step = document.history.position, document.history.undo_label or tr("Refit")
    then = partial(_on_fitted, session, refit, step)
    PersonRun(session, tr("Refit"), shape_refit_job(refit), then)


def _on_fitted(
    session: Session,
    refit: ShapeRefit,
    step: tuple[int, str],
    fitted: tuple[FittedPerson, ...],
) -> None:
    """Write the fit into the step that changed the shape, where nothing came after."""
    document, (position, label) = session.document, step
    is_last = document.history.position == position
    if is_last:
        document.undo()
    try:
        with document.edit(label if is_last else tr("Refit")) as edit:
            count = write_shape_refit(edit, document, refit, fitted)
    except StudioError:
        if is_last:
            document.redo()
        raise
    told = tr("1 frame") if count == 1 else tr("{} frames").format(count)
    said = tr("Refit {}; keys keep their poses").format(told)
    session.notices.say(said, action="undo")
