"""Draws the pictures of the page of edits again: `draw_edit_pictures.py [name ...]`.

Without names all are drawn. Look at each before committing it. The performance is the
sample clip's (BSD 3-clause licence, see `hpe_studio/assets/table.py`), estimated anew.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_ROOT), str(Path(__file__).parent)]

from edit_pictures import again, cleaning, crowd, posing, scene, views  # noqa: E402
from edit_pictures.stage import Stage  # noqa: E402

import hpe_studio as hs  # noqa: E402  # the paths above lead to it
from hpe_studio.assets import path_of  # noqa: E402
from tests.driver import StudioDriver  # noqa: E402

PICTURES = _ROOT / "docs" / "images" / "edits"
_GROUPS = (posing, cleaning, scene, again, crowd)


def main(names: list[str]) -> int:
    """Draw the pictures named, and say how large they all are."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = os.environ.get("HPE_STUDIO_PICTURE_PROJECT")
        project = Path(kept) if kept else folder / "sample.hpes"
        if not project.exists():
            hs.estimate(path_of("sample_clip"), project).close()
        with StudioDriver((1500, 940)) as driver:
            driver.open_clip(project)
            _draw(Stage(driver=driver, folder=PICTURES), _GROUPS, names)
            if not names or set(names) & set(views.PICTURES):
                made = views.make_sequence(project, folder)
                driver.window.resize(1120, 800)
                driver.open_clip(made / "hdVideos" / "hd_00_00.mp4")
                _draw(Stage(driver=driver, folder=PICTURES), (views,), names)
    total = sum(path.stat().st_size for path in PICTURES.glob("*.webp"))
    print(f"{total} bytes in all")
    return 0


def _draw(stage: Stage, groups: Sequence[ModuleType], names: Sequence[str]) -> None:
    for group in groups:
        for name, draw in group.PICTURES.items():
            if not names or name in names:
                draw(stage)
    stage.begin(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
