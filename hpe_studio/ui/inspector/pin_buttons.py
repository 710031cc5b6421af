"""Two switches that pin the end and the middle of the selected limb."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from hpe_studio.core.skeleton import Skeleton
from hpe_studio.ui import look
from hpe_studio.ui.commands.holding import toggle_pin
from hpe_studio.ui.inspector.facts import posed_person
from hpe_studio.ui.session import Session

_HEIGHT_PX, _ICON_PX = 26, 14
_LIMBS = (
    (("hip", "knee", "ankle", "foot"), ("ankle", "foot"), ("knee", "knee")),
    (
        ("collar", "shoulder", "elbow", "wrist", "hand"),
        ("wrist", "hand"),
        ("elbow", "elbow"),
    ),
)
_TRUNK = (("head", "head"), ("pelvis", "hips"))
_KEEP_TURN = ("ankle", "head")


class PinButtons(QWidget):
    """Foot and knee can be pinned while a leg is selected; hand and elbow for an arm.

    Args:
        session: Whose joints are pinned.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._joints: list[tuple[int, bool]] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.buttons = (self._button(0), self._button(1))
        for button in self.buttons:
            row.addWidget(button, 1)
        session.bridge.pins_changed.connect(self._on_pins_changed)

    def refresh(self) -> None:
        """Name the selected limb's joints and show which are pinned."""
        posed = posed_person(self._session)
        self.setEnabled(posed is not None)
        if posed is None:
            self._joints = []
            for button in self.buttons:
                button.setText(QCoreApplication.translate("PinButtons", "Pin"))
                button.setIcon(look.gapped_icon("pin", _ICON_PX))
            return
        joint = self._session.view.selection.joint
        found = limb_ends(posed.skeleton, joint)
        self._joints = [(j, keeps) for j, _, keeps in found]
        pinned = {p.joint for p in self._session.view.pins_of(posed.person_id)}
        for button, (j, name, _) in zip(self.buttons, found, strict=True):
            words = QCoreApplication.translate("PinButtons", "Pin {0}").format(name)
            button.setText(words)
            button.setAccessibleName(words)
            button.setChecked(j in pinned)
            ink = "text.primary" if j in pinned else "text.secondary"
            button.setIcon(look.gapped_icon("pin", _ICON_PX, ink=ink))

    def _button(self, number: int) -> QPushButton:
        button = QPushButton()
        button.setCheckable(True)
        button.setFixedHeight(_HEIGHT_PX)
        button.setIconSize(look.gapped_size(_ICON_PX))
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setToolTip(self.tr("It stays while other joints are dragged"))
        look.set_role(button, role="toggle")
        button.clicked.connect(partial(self._on_clicked, number))
        return button

    def _on_clicked(self, number: int, _is_checked: bool = False) -> None:
        if number < len(self._joints):
            joint, keeps = self._joints[number]
            toggle_pin(self._session, joint, keeps_turn=keeps)
        self.refresh()

    def _on_pins_changed(self, _pins: object) -> None:
        self.refresh()


def limb_ends(
    bones: Skeleton, joint: int | None
) -> tuple[tuple[int, str, bool], tuple[int, str, bool]]:
    """The end and the middle of the limb that a joint belongs to; else head and hips.

    Returns:
        Joint, what people call it, and whether its rotation is worth keeping, twice.
    """
    name = "" if joint is None else bones.joint_names[joint]
    side, _, part = name.partition("_")
    chosen, prefix = _TRUNK, ""
    for parts, end, middle in _LIMBS:
        if part in parts or (part and "wrist" in parts and part[-1:].isdigit()):
            chosen, prefix = (end, middle), f"{side}_"
    (end, end_word), (middle, middle_word) = chosen
    return (
        (bones.index(prefix + end), end_word, end in _KEEP_TURN),
        (bones.index(prefix + middle), middle_word, middle in _KEEP_TURN),
    )
