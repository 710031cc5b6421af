"""A window moved between screens of different density is as sharp as one opened there.

Qt's offscreen platform takes screens from a file; their scale comes from
QT_SCREEN_SCALE_FACTORS, for its windows know no other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.photographs import compare
from tests.ui.two_screens import SIZE

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def photographs(project: Path, tmp_path: Path) -> dict[str, QImage]:
    """The window on the plain screen, moved, back, and opened on the dense one."""
    screens = tmp_path / "screens.json"
    plain = {"y": 0, "width": 2880, "height": 1800, "logicalDpi": 96, "dpr": 1}
    plain |= {"logicalBaseDpi": 96}
    told = {
        "synchronousWindowSystemEvents": False,
        "windowFrameMargins": False,
        "screens": [
            {"name": "one", "x": 0} | plain,
            {"name": "two", "x": 2880} | plain,
        ],
    }
    screens.write_text(json.dumps(told))
    environment = os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={screens}",
        "QT_SCREEN_SCALE_FACTORS": "one=1;two=2",
        "HPE_STUDIO_HOME": str(tmp_path / "home"),
    }
    command = [
        sys.executable,
        "-m",
        "tests.ui.two_screens",
        str(project),
        str(tmp_path),
    ]
    ended = subprocess.run(
        command,
        cwd=_ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stderr
    names = ("first", "moved", "back", "anew")
    return {name: QImage(str(tmp_path / f"{name}.png")) for name in names}


def test_a_window_is_drawn_anew_for_each_screen(
    photographs: dict[str, QImage],
) -> None:
    for name, scale in (("first", 1), ("moved", 2), ("back", 1), ("anew", 2)):
        picture = photographs[name]
        size = (picture.width(), picture.height())
        assert size == (SIZE[0] * scale, SIZE[1] * scale), name
    assert compare(photographs["moved"], photographs["anew"]).is_same
    assert compare(photographs["back"], photographs["first"]).is_same
    sharp, anew = (_detail(photographs[name]) for name in ("moved", "anew"))
    assert sharp > 0.97 * anew
    blown_up = photographs["first"].scaled(photographs["moved"].size())
    assert _detail(blown_up) < 0.9 * anew


def _detail(picture: QImage) -> float:
    """How much neighbouring pixels differ in the mean."""
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8)
    lines = rows.reshape(grey.height(), grey.bytesPerLine())[:, : grey.width()]
    return float(np.abs(np.diff(lines.astype(np.int16), axis=1)).mean())
