"""What a tooltip says: the name, the keys that do the same, one line of why."""

from __future__ import annotations

from html import escape

from hpe_studio.ui import look


def tip(name: str, keys: str = "", why: str = "") -> str:
    """A tooltip in the colours of the theme worn now.

    Args:
        name: What it is or does.
        keys: Keys that do it ("Ctrl+Z"), shown as a cap; several parted by spaces.
        why: More about it, or the reason it is off.
    """
    caps = "&nbsp; ".join(_cap(key) for key in keys.split())
    first = f"{escape(name)}&nbsp;&nbsp; {caps}" if caps else escape(name)
    if not why:
        return f"<span>{first}</span>"
    return f"<div>{first}</div><div>{look.tinted(escape(why))}</div>"


def _cap(key: str) -> str:
    ink, ground = look.colour("text.secondary"), look.colour("bg.pressed")
    return (
        f'<span style="color:{ink.name()};background-color:{ground.name()};'
        f'font-size:{look.text_px("micro")}px">&nbsp;{escape(key)}&nbsp;</span>'
    )
