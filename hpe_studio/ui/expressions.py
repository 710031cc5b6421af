"""What people type into number fields: "18.5", "2*pi", "1.8m", "90/4", "+=5".

Typed text is hostile until it is read: it becomes numbers, names of the lists below and
arithmetic, and nothing else; nothing is ever evaluated by Python itself.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping

from hpe_studio.ui.words import tr

_LONGEST = 100
_LARGEST_POWER = 64.0

_LENGTHS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
_ANGLES = {"°": 1.0, "deg": 1.0, "rad": 180 / math.pi, "turn": 360.0}
_FRAMES = {"f": 1.0, "frame": 1.0, "frames": 1.0}
_SHARES = {"%": 1.0}
_PIXELS = {"px": 1.0}
_FAMILIES: tuple[Mapping[str, float], ...] = (
    _LENGTHS,
    _ANGLES,
    _FRAMES,
    _SHARES,
    _PIXELS,
)

_CONSTANTS = {"pi": math.pi, "tau": math.tau}
_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "abs": abs,
    "round": round,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
}
_BINARY: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_CHANGES = {
    "+=": operator.add,
    "-=": operator.sub,
    "*=": operator.mul,
    "/=": operator.truediv,
}
_SPELLINGS = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", ",": ".", "^": "**"}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+(?![\w.]))?)"
    r"|(?P<word>[A-Za-z]+|°|%)|(?P<sign>\*\*|[-+*/()]))"
)


class NotANumberError(ValueError):
    """The text is no number; its message says why, for people."""


def evaluate(text: str, *, unit: str = "", present: float = 0.0) -> float:
    """The finite number a text means, in a field's unit.

    Args:
        text: As typed. Starting with "+=", "-=", "*=" or "/=" it changes `present`.
        unit: The field's unit ("°", "m", "cm", "px", "frames", "%" or ""). Others of
            its kind are converted: "1.8m" is 180 in a field of cm.
        present: The number that stands in the field.

    Raises:
        NotANumberError: If it is not a finite number; the message says why.
    """
    plain = text.strip()
    for typed, meant in _SPELLINGS.items():
        plain = plain.replace(typed, meant)
    if not plain:
        raise NotANumberError(tr("Type a number"))
    if len(plain) > _LONGEST:
        raise NotANumberError(tr("This is too long for a number"))
    change = _CHANGES.get(plain[:2])
    rest = plain[2:] if change is not None else plain
    try:
        value = _value(ast.parse(_with_factors(rest, unit), mode="eval").body)
        value = value if change is None else change(present, value)
    except (SyntaxError, RecursionError, MemoryError, TypeError, KeyError):
        raise NotANumberError(
            tr("“{0}” is not a number").format(text.strip())
        ) from None
    except (ZeroDivisionError, OverflowError):
        raise NotANumberError(tr("This has no finite result")) from None
    except NotANumberError:
        raise
    except ValueError:
        raise NotANumberError(tr("This has no real result")) from None
    if not math.isfinite(value):
        raise NotANumberError(tr("This has no finite result"))
    return value


def _with_factors(text: str, unit: str) -> str:
    """The text with every unit written as a factor; only known words are left."""
    parts: list[str] = []
    at, is_operand = 0, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotANumberError(tr("“{0}” is not a number").format(text.strip()))
        at = match.end()
        word = match["word"]
        if word and is_operand:
            parts.append(f"*{_factor(word, unit)!r}")
        elif word and word.lower() not in {*_CONSTANTS, *_FUNCTIONS}:
            raise NotANumberError(tr("“{0}” is not known").format(word))
        else:
            parts.append(_plain(match))
            is_name = bool(word) and word.lower() in _CONSTANTS
            is_operand = bool(match["number"]) or is_name or match["sign"] == ")"
        if not text[at:].strip():
            break
    return "".join(parts)


def _plain(match: re.Match[str]) -> str:
    """A token as Python writes it: floats, for integers without end fill memory."""
    if match["number"]:
        return repr(float(match["number"]))
    return match["word"].lower() if match["word"] else match["sign"]


def _factor(word: str, unit: str) -> float:
    """What a unit behind a number counts in the field's unit."""
    for family in _FAMILIES:
        if unit in family and word in family:
            return family[word] / family[unit]
    raise NotANumberError(tr("“{0}” is not a unit of this field").format(word))


def _value(node: ast.expr) -> float:
    """The number of a node of the few kinds that are allowed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return node.value
    if isinstance(node, ast.Name) and node.id in _CONSTANTS:
        return _CONSTANTS[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        return _of_two(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        (argument,) = node.args
        return float(_FUNCTIONS[node.func.id](_value(argument)))
    raise SyntaxError


def _of_two(node: ast.BinOp) -> float:
    left, right = _value(node.left), _value(node.right)
    if isinstance(node.op, ast.Pow):
        if abs(right) > _LARGEST_POWER:
            raise OverflowError
        return math.pow(left, right)
    if type(node.op) not in _BINARY:
        raise SyntaxError
    return _BINARY[type(node.op)](left, right)
