"""What is typable without AltGr and without dead keys on four keyboards.

Source: xkeyboard-config 2.35.1, symbols us(basic), de(basic), es(basic), fr(basic):
levels 1 and 2 of the keys of the main block, dead keys left out.
"""

from __future__ import annotations

from hpe_studio.ui.keys import caps

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"

LAYOUTS = {
    "US": _LETTERS + _DIGITS + "`-=[]\\;',./~!@#$%^&*()_+{}|:\"<>?",
    "German": _LETTERS + _DIGITS + "ßüöä#<,.-+°!\"§$%&/()=?*'>;:_",
    "Spanish": _LETTERS + _DIGITS + "º'¡+ñç<,.-ª!\"·$%&/()=?¿*Ç>;:_",
    "French": _LETTERS + _DIGITS + "²&é\"'(-è_çà)=$ù*<,;:!~°+£%µ>?./§",
}


def is_typable(keys: str, layout: str) -> bool:
    """True where a stored key can be pressed on a keyboard."""
    last = caps(keys)[-1]
    return len(last) > 1 or last in "←→↑↓" or last.lower() in LAYOUTS[layout]
