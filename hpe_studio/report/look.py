"""The look of a report: the window's tokens as CSS variables, fonts and scripts."""

from __future__ import annotations

import base64
import gzip
from functools import cache
from importlib.resources import files

from hpe_studio.core.resources import resource_path
from hpe_studio.render.theme import THEME_NAMES, theme, tokens

_FONTS = ((400, "Inter-Regular"), (600, "Inter-SemiBold"))
_PEOPLE = 10


def variables(name: str) -> str:
    """CSS variables of a theme: ``--bg-panel``, ``--person-0``, ``--heat-5``, ...

    Args:
        name: "dark" or "light".
    """
    look = theme(name)
    pairs = {token: look.colours[token] for token in look.colours}
    pairs |= {f"person.{i}": look.person(i) for i in range(_PEOPLE)}
    lines = (f"--{_css(token)}:{colour};" for token, colour in pairs.items())
    return "".join(lines)


@cache
def style() -> str:
    """The whole style sheet."""
    assert {"dark", "light"} <= set(THEME_NAMES)
    video = "".join(
        f"svg.frame .p{i}{{stroke:{theme('dark').person(i)}}}" for i in range(_PEOPLE)
    )
    steps = "".join(
        f".h{i}{{background:{colour}}}" for i, colour in enumerate(heat_steps())
    )
    swatches = "".join(f".s{i}{{background:var(--person-{i})}}" for i in range(_PEOPLE))
    sheet = resource_path("report/page.css").read_text(encoding="utf-8")
    return (
        f"{_faces()}:root{{{variables('light')}}}"
        f'@media (prefers-color-scheme: dark){{:root:not([data-theme="light"])'
        f"{{{variables('dark')}}}}}"
        f':root[data-theme="dark"]{{{variables("dark")}}}'
        f"@media print{{:root:root{{{variables('light')}}}}}"
        f"{sheet}{video}{steps}{swatches}"
    )


def script() -> str:
    """What draws the figures."""
    return resource_path("report/page.js").read_text(encoding="utf-8")


@cache
def plotly() -> str:
    """plotly.js itself (MIT), gzip in base64, so that the page needs no network."""
    data = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def heat_steps() -> tuple[str, ...]:
    """Colours from good to bad."""
    return tuple(tokens()["heat"]["default"])


def heat_index(error_mm: float) -> int:
    """Step of an error in the window's own scale (0 to 150 mm)."""
    top = float(tokens()["heat"]["default_max_mm"]["mpjpe"])
    count = len(heat_steps())
    return min(max(int(error_mm / top * count), 0), count - 1)


def heat_share(error_mm: float) -> float:
    """How long an error's bar is, 0 to 1."""
    top = float(tokens()["heat"]["default_max_mm"]["mpjpe"])
    return min(max(error_mm / top, 0.0), 1.0)


def _faces() -> str:
    return "".join(_face(weight, name) for weight, name in _FONTS)


def _face(weight: int, name: str) -> str:
    data = resource_path(f"report/{name}.woff").read_bytes()
    text = base64.b64encode(data).decode()
    return (
        f"@font-face{{font-family:Inter;font-weight:{weight};font-display:swap;"
        f'src:url("data:font/woff;base64,{text}") format("woff")}}'
    )


def _css(token: str) -> str:
    return token.replace(".", "-").replace("_", "-")
