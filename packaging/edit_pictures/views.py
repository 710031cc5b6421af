"""Pictures of synchronous views and truth, on a made sequence."""

from __future__ import annotations

from pathlib import Path

import hpe_studio as hs
from edit_pictures.stage import Stage
from hpe_studio import edit
from hpe_studio.core.viewstate import Layers

_FRAMES = 24


def make_sequence(project: Path, folder: Path) -> Path:
    """A sequence with three cameras, by how the people of a project move."""
    with hs.open(project) as opened:
        hs.export(opened, folder / "b.bvh", person="Person B", frames=(60, 120))
    made = folder / "made"
    hs.synth(
        [folder / "b.bvh"],
        made,
        people=2,
        cameras=3,
        frames=_FRAMES,
        size_px=(640, 360),
    )
    return made


def _films(stage: Stage) -> list[Path]:
    first = stage.project.document.clip.path
    return [first.with_name(f"hd_00_0{number}.mp4") for number in (1, 2)]


def _with_views(stage: Stage) -> None:
    stage.begin(10)
    edit.add_views(stage.project, _films(stage))
    stage.driver.window.actions_["views_four"].trigger()
    stage.driver.wait_idle()


def add_views(stage: Stage) -> None:
    """Two cameras more."""
    stage.begin(10)
    stage.driver.window.actions_["views_four"].trigger()
    stage.widget(
        "add_views",
        lambda: edit.add_views(stage.project, _films(stage)),
        stage.views,
    )


def rename_view(stage: Stage) -> None:
    """A camera with a name."""
    _with_views(stage)
    stage.widget(
        "rename_view",
        lambda: edit.rename_view(stage.project, 1, "from the left"),
        stage.views,
    )


def shift_view(stage: Stage) -> None:
    """A film that started earlier."""
    _with_views(stage)
    stage.widget(
        "shift_view", lambda: edit.shift_view(stage.project, 1, 12), stage.views
    )


def make_main_view(stage: Stage) -> None:
    """Another view first."""
    _with_views(stage)
    stage.widget(
        "make_main_view", lambda: edit.make_main_view(stage.project, 2), stage.views
    )


def remove_view(stage: Stage) -> None:
    """A camera less."""
    _with_views(stage)
    stage.widget("remove_view", lambda: edit.remove_view(stage.project, 2), stage.views)


def detach_truth(stage: Stage) -> None:
    """Dashed skeletons that go."""
    stage.begin(10)
    stage.driver.window.actions_["views_one"].trigger()
    folder = stage.project.document.clip.path.parents[1]
    hs.attach_truth(stage.project, folder, camera="00_00")
    stage.driver.session.view.layers = Layers(truth=True)
    stage.widget("detach_truth", lambda: edit.detach_truth(stage.project), stage.views)


PICTURES = {
    draw.__name__: draw
    for draw in (
        add_views,
        rename_view,
        shift_view,
        make_main_view,
        remove_view,
        detach_truth,
    )
}
