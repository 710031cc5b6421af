"""Number fields by keys, mouse and wheel; what people type into them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.expressions import NotANumberError, evaluate
from hpe_studio.ui.field_parts import DragLabel, reason_shown
from hpe_studio.ui.fields import NumberField

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("18.5", "°", 18.5),
        ("1,8", "m", 1.8),
        ("−3", "", -3.0),
        ("05", "", 5.0),
        ("2*pi", "°", 6.283185307),
        ("pi rad", "°", 180.0),
        ("90/4", "°", 22.5),
        ("30deg", "°", 30.0),
        ("0.5 turn", "°", 180.0),
        ("1.8m", "cm", 180.0),
        ("1m + 80cm", "cm", 180.0),
        ("180 cm", "m", 1.8),
        ("12f", "frames", 12.0),
        ("-(2+3)*2", "", -10.0),
        ("2^3", "", 8.0),
        ("sqrt(2)^2", "", 2.0),
        ("1e-3", "", 0.001),
        ("+=5", "°", 15.0),
        ("-=5cm", "m", 9.95),
        ("*=2", "", 20.0),
        ("/=4", "", 2.5),
    ],
)
def test_expressions_mean_numbers(text: str, unit: str, value: float) -> None:
    assert evaluate(text, unit=unit, present=10.0) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "nan",
        "inf",
        "1e999",
        "1/0",
        "sqrt(-1)",
        "(-8)^0.5",
        "9**9**9",
        "9^999999999",
        "10**400",
        "3 4",
        "5 kg",
        "1.2.3",
        "()",
        "(" * 90 + "1",
        "1" * 101,
        "1,2,3",
        "sqrt(1, 2)",
        "sqrt",
        "__import__('os').system('true')",
        "(1).__class__",
        "().__class__.__bases__[0].__subclasses__()",
        "open('/etc/passwd')",
        "lambda: 0",
        "[1 for x in y]",
        "1 if 1 else 2",
        "a := 5",
        "0x10",
        "1_000",
        "1j",
        "f'{1}'",
        "\x00",
        "1;2",
        "1\n2",
        "+=",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(NotANumberError, match=r"\w+ \w+"):
        evaluate(text, unit="m", present=10.0)


class _Told:
    """What a field told, in order."""

    def __init__(self, field: NumberField) -> None:
        self.events: list[tuple[str, float]] = []
        field.edited.connect(lambda v: self.events.append(("edited", round(v, 4))))
        field.scrubbed.connect(lambda v: self.events.append(("scrubbed", round(v, 4))))
        field.scrub_cancelled.connect(lambda: self.events.append(("cancelled", 0.0)))

    @property
    def edited(self) -> list[float]:
        """Values that stayed."""
        return [value for name, value in self.events if name == "edited"]


@pytest.fixture
def field(qapp: QApplication) -> Iterator[NumberField]:
    """A field of degrees at 10, in a window, without the focus."""
    look.apply(qapp)
    window = QWidget()
    column = QVBoxLayout(window)
    made = NumberField(
        "X", "°", minimum=-360, maximum=360, step=1, axis="x", name="Rotation X"
    )
    other = NumberField("Y", "°")
    column.addWidget(made)
    column.addWidget(other)
    window.resize(240, 90)
    window.show()
    window.activateWindow()
    made.value = 10.0
    other.box.setFocus()
    qapp.processEvents()
    yield made
    window.close()
    window.deleteLater()
    qapp.processEvents()


def _type(field: NumberField, text: str) -> None:
    field.box.setFocus()
    field.box.selectAll()
    QTest.keyClicks(field.box, text)


def test_enter_applies_and_esc_restores(field: NumberField) -> None:
    told = _Told(field)
    _type(field, "90/4")
    assert told.events == []
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert told.edited == [22.5]
    _type(field, "77")
    QTest.keyClick(field.box, Qt.Key.Key_Escape)
    assert field.box.text() == "22.5"
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert (field.value, told.edited) == (22.5, [22.5])


def test_leaving_applies_and_the_same_number_is_no_edit(field: NumberField) -> None:
    told = _Told(field)
    _type(field, "-12")
    field.box.clearFocus()
    assert (told.edited, field.box.text()) == ([-12.0], "−12.0")
    _type(field, "-12")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert told.edited == [-12.0]


@pytest.mark.parametrize("text", ["", "nan", "1/0", "5 kg"])
def test_what_is_no_number_is_refused_and_says_why(
    field: NumberField, text: str
) -> None:
    told = _Told(field)
    field.box.setFocus()
    field.box.selectAll()
    if text:
        QTest.keyClicks(field.box, text)
    else:
        QTest.keyClick(field.box, Qt.Key.Key_Delete)
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert reason_shown(field)
    assert field.property("bad") == "true"
    field.box.clearFocus()
    assert (field.value, field.box.text(), told.events) == (10.0, "10.0", [])
    _type(field, "5")
    assert field.property("bad") != "true"


def test_too_large_is_bounded_and_says_so(field: NumberField) -> None:
    told = _Told(field)
    _type(field, "5000")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert told.edited == [360.0]
    assert reason_shown(field) == "At most 360.0°"


def _drag_label(
    field: NumberField, by_px: list[float], modifiers: Qt.KeyboardModifier
) -> DragLabel:
    label = field.findChild(DragLabel)
    assert label is not None
    x = 4.0
    _mouse(label, QEvent.Type.MouseButtonPress, x, modifiers)
    for step in by_px:
        x += step
        _mouse(label, QEvent.Type.MouseMove, x, modifiers)
    return label


def _mouse(
    widget: QWidget, kind: QEvent.Type, x: float, modifiers: Qt.KeyboardModifier
) -> None:
    at = QPointF(x, 8)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    place = QPointF(widget.mapToGlobal(at))
    QApplication.sendEvent(
        widget, QMouseEvent(kind, at, place, button, held, modifiers)
    )


@pytest.mark.parametrize(
    ("modifiers", "moved"), [(_NONE, 10.0), (_CTRL, 1.0), (_SHIFT, 100.0)]
)
def test_dragging_the_label_scrubs(
    field: NumberField, modifiers: Qt.KeyboardModifier, moved: float
) -> None:
    told = _Told(field)
    label = _drag_label(field, [5.0, 7.0, 8.0], modifiers)
    assert [name for name, _ in told.events] == ["scrubbed"] * 3
    _mouse(label, QEvent.Type.MouseButtonRelease, 24.0, modifiers)
    assert told.edited == [pytest.approx(10 + moved)]


def test_esc_takes_a_drag_back(field: NumberField) -> None:
    told = _Told(field)
    label = _drag_label(field, [20.0], _NONE)
    QTest.keyClick(field.box, Qt.Key.Key_Escape)
    assert (field.value, told.events[-1][0]) == (10.0, "cancelled")
    _mouse(label, QEvent.Type.MouseButtonRelease, 24.0, _NONE)
    assert told.edited == []


def test_a_held_arrow_is_one_gesture(field: NumberField) -> None:
    told = _Told(field)
    field.box.setFocus()
    for _ in range(3):
        QTest.keyPress(field.box, Qt.Key.Key_Up)
    QTest.keyRelease(field.box, Qt.Key.Key_Up)
    assert told.edited == [13.0]
    QTest.keyClick(field.box, Qt.Key.Key_Down, _SHIFT)
    QTest.keyClick(field.box, Qt.Key.Key_Down, _CTRL)
    assert told.edited == [13.0, 3.0, 2.9]


def _wheel(field: NumberField) -> bool:
    at = QPointF(6, 6)
    event = QWheelEvent(
        at,
        QPointF(field.box.mapToGlobal(at.toPoint())),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        _NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field.box, event)
    return event.isAccepted()


def test_the_wheel_acts_only_with_the_focus(field: NumberField) -> None:
    told = _Told(field)
    assert not _wheel(field)
    assert field.value == 10.0
    field.box.setFocus()
    assert _wheel(field)
    assert _wheel(field)
    assert field.value == 12.0
    field.box.clearFocus()
    assert told.edited == [12.0]


def test_a_double_click_takes_the_number_to_type_another(field: NumberField) -> None:
    label = field.findChild(DragLabel)
    for target in (field.box, label):
        field.box.deselect()
        QTest.mouseDClick(target, Qt.MouseButton.LeftButton)
        assert field.box.selectedText() == "10.0"
        assert field.box.hasFocus()


def test_a_locked_field_is_read_only(field: NumberField) -> None:
    told = _Told(field)
    field.set_read_only("Mia is locked")
    field.box.setFocus()
    QTest.keyClicks(field.box, "7")
    QTest.keyClick(field.box, Qt.Key.Key_Up)
    _drag_label(field, [20.0], _NONE)
    assert (field.value, told.events) == (10.0, [])
    assert field.toolTip() == "Mia is locked"


def test_it_tells_name_unit_and_value_to_screen_readers(field: NumberField) -> None:
    assert field.box.accessibleName() == "Rotation X"
    assert field.box.accessibleDescription() == "degrees"
    assert field.box.text() == "10.0"


def test_what_is_typed_is_never_overwritten(field: NumberField) -> None:
    _type(field, "4")
    field.value = 99.0
    assert field.box.text() == "4"
