"""The context menu of a problem: every way to be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from hpe_studio.quality.check import Judged
from hpe_studio.quality.finding import Finding
from hpe_studio.ui import look
from hpe_studio.ui.commands import problems as commands
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr


def problem_menu(parent: QWidget, session: Session, one: Judged, told: str) -> QMenu:
    """Repairs, the same for all alike, decisions, copying.

    Args:
        parent: Owner.
        session: Whose problem.
        one: The problem.
        told: All about it, for copying.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    finding = one.finding
    if one.is_open:
        _add_repairs(menu, session, one)
        menu.addSeparator()
        _add_ignoring(menu, session, finding)
    else:
        again = menu.addAction(look.icon("undo-2"), tr("Reopen"))
        again.triggered.connect(partial(_reopen, session, finding))
    menu.addSeparator()
    go = menu.addAction(look.icon("scan"), tr("Go there"))
    go.triggered.connect(partial(_go, session, finding))
    copy = menu.addAction(look.icon("copy"), tr("Copy the text"))
    copy.triggered.connect(partial(_copy, told))
    return menu


def _add_repairs(menu: QMenu, session: Session, one: Judged) -> None:
    finding, alike = one.finding, commands.alike(session, one.finding)
    ways = commands.ways(session, one)
    for how in ways:
        action = menu.addAction(look.icon(how.icon), tr(how.label))
        action.triggered.connect(partial(_use, session, how, (finding,)))
    if len(alike) < 2:
        return
    menu.addSeparator()
    for how in ways:
        words = tr("{what}: all {count} like this")
        text = words.format(what=tr(how.label), count=len(alike))
        action = menu.addAction(look.icon(how.icon), text)
        action.setObjectName(f"all_{how.id}")
        action.triggered.connect(partial(_use, session, how, alike))


def _add_ignoring(menu: QMenu, session: Session, finding: Finding) -> None:
    ignore = menu.addAction(look.icon("eye-off"), tr("Ignore"))
    ignore.triggered.connect(partial(_ignore, session, finding))
    person = session.document.persons[finding.person_id]
    for in_clip, words in (
        (False, tr("Ignore all like this of {name} in this shot")),
        (True, tr("Ignore all like this of {name} in the clip")),
    ):
        action = menu.addAction(words.format(name=person.name))
        action.setObjectName("ignore_clip" if in_clip else "ignore_shot")
        action.triggered.connect(partial(_ignore_alike, session, finding, in_clip))


def _use(session: Session, how: object, findings: object, _checked: bool) -> None:
    commands.use(session, how, findings)  # type: ignore[arg-type]


def _ignore(session: Session, finding: Finding, _checked: bool) -> None:
    commands.decide(session, [finding], "ignored")


def _ignore_alike(
    session: Session, finding: Finding, in_clip: bool, _checked: bool
) -> None:
    commands.ignore_alike(session, finding, in_clip=in_clip)


def _reopen(session: Session, finding: Finding, _checked: bool) -> None:
    commands.reopen(session, finding)


def _go(session: Session, finding: Finding, _checked: bool) -> None:
    commands.go_to(session, finding)


def _copy(told: str, _checked: bool) -> None:
    QApplication.clipboard().setText(told)
