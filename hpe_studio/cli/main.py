"""The command ``hpe-studio``: each verb calls the function that the window calls."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from cyclopts.validators import Number

import hpe_studio
from hpe_studio.cli.assets import assets_app, selftest
from hpe_studio.cli.compare import compare
from hpe_studio.cli.convert import convert, skeleton
from hpe_studio.cli.importing import import_
from hpe_studio.cli.output import (
    job_with_bar,
    print_bench,
    print_info,
    print_json,
    print_lines,
    print_problems,
    progress_bar,
)
from hpe_studio.cli.panoptic import app as panoptic_app
from hpe_studio.cli.synth import synth
from hpe_studio.cli.triangulate import triangulate
from hpe_studio.cli.words import (
    WrongUsage,
    check_range,
    frame_range,
    frame_rate,
    known_estimator,
    known_written_format,
    named_settings,
    plain_settings,
    window_size,
    written_settings,
)
from hpe_studio.core.errors import StudioError

app = App(
    name="hpe-studio",
    help="Human motion out of ordinary video.",
    help_epilogue="With --debug, problems are shown with their traceback.",
    version=hpe_studio.__version__,
    help_format="plaintext",
    default_parameter=Parameter(negative=()),
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
app.command(assets_app)
app.command(selftest)
app.command(import_, name="import")
app.command(compare)
app.command(convert)
app.command(skeleton)
app.command(panoptic_app)
app.command(synth)
app.command(triangulate)

Json = Annotated[bool, Parameter(name="--json", help="Print data for machines.")]
Output = Annotated[Path, Parameter(name=["--output", "-o"])]
Settings = Annotated[tuple[str, ...], Parameter(name="--set")]
WriteSettings = Annotated[tuple[str, ...], Parameter(name="--write")]
Positive = Parameter(validator=Number(gt=0))
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp")


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code: 0 done, 1 problem, 2 wrong usage."""
    words = [word for word in arguments if word != "--debug"]
    debug = len(words) != len(arguments)
    try:
        code = app(words or ["--help"], exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except (CycloptsError, WrongUsage) as error:
        _complain(str(error))
        _complain("try hpe-studio --help")
        return 2
    except KeyboardInterrupt:
        is_run = words[:1] == ["estimate"]
        _complain("stopped; the same command goes on" if is_run else "stopped")
        return 130
    except BrokenPipeError:  # whoever read has enough (`hpe-studio info F | head -1`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        _complain(str(error) if isinstance(error, StudioError) else _unforeseen(error))
        return 1
    return code if isinstance(code, int) else 0


def _complain(sentence: str) -> None:
    print(f"hpe-studio: {' '.join(sentence.split())}", file=sys.stderr)


def _unforeseen(error: Exception) -> str:
    """A sentence for what is no known problem, such as a disk that fails."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"something unforeseen went wrong ({what}); see it with --debug"


@app.command
def estimate(
    clip: Path,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    estimator: str = "blazepose",
    model: str | None = None,
    python: str | None = None,
    frames: str | None = None,
    max_people: Annotated[int | None, Positive] = None,
    focal: Annotated[float | None, Positive] = None,
    fov: Annotated[float | None, Parameter(validator=Number(gt=0, lt=180))] = None,
    fps: str | None = None,
    link_shots: bool = False,
    settings: Settings = (),
    overwrite: bool = False,
    json: Json = False,
) -> int:
    """Find the people of a clip and fit bodies to them.

    A run that was stopped goes on where it was when the same command is given again.

    Args:
        clip: Movie, folder of numbered images, or a project for its footage.
        output: Project to write; CLIP.hpes beside the clip when not given.
        estimator: blazepose; or romp or bev, for which you bring the files.
        model: BlazePose: heavy, full (quicker). ROMP: pytorch, onnx.
        python: The Python in which your ROMP runs.
        frames: Only these, as A:B (B not included).
        max_people: Keep at most so many people.
        focal: Focal length in pixels.
        fov: Field of view of the longer side in degrees (60 when nothing is known).
        fps: Frame rate of a folder of images (24000/1001 stays exact).
        link_shots: Join people across cuts by their looks.
        settings: More of the estimator's settings, as NAME=VALUE.
        overwrite: Start anew where the project exists.
        json: Print data for machines.
    """
    from hpe_studio import catalogue
    from hpe_studio.workflow.estimate import EstimateOptions
    from hpe_studio.workflow.estimating import estimate_into
    from hpe_studio.workflow.opening import open_clip

    name = known_estimator(estimator)
    options = EstimateOptions(
        estimator=name,
        settings=named_settings(
            [*plain_settings(model=model, python=python), *settings],
            catalogue.estimator(name).SPEC.options,
        ),
        frames=frame_range(frames),
        max_people=max_people,
        focal_px=focal,
        fov_deg=fov,
        link_shots=link_shots,
    )
    opened = open_clip(
        clip, fps=frame_rate(fps), project_path=output, overwrite=overwrite
    )
    path, is_done = opened.project.path, False
    try:
        check_range(options.frames, opened.project.document.clip.frame_count, clip)
        with progress_bar() as on_progress:
            _, warnings = estimate_into(opened, options, on_progress=on_progress)
        is_done = True
    finally:
        opened.close()
        if opened.is_new and not is_done:
            path.unlink(missing_ok=True)
    return _report(path, warnings, as_json=json)


@app.command(name="open")
def open_(path: Path | None = None, /, *, fps: str | None = None) -> int:
    """Open the window on a clip, a project or a motion file.

    Args:
        path: What to open; the start page when not given.
        fps: Frame rate of a folder of images.
    """
    from hpe_studio.app import check_display, run_window

    check_display()
    return run_window(path, fps=frame_rate(fps))


@app.command
def export(
    project: Path,
    /,
    *,
    output: Output,
    format: str | None = None,  # noqa: A002
    person: str = "all",
    frames: str | None = None,
    axes: Literal["blender", "unity", "motionbuilder", "z_up"] | None = None,
    fps: str | None = None,
    unit: Literal["m", "cm"] | None = None,
    write_settings: WriteSettings = (),
    json: Json = False,
) -> int:
    """Write motion as BVH, JSON, npz of AMASS or ROMP, or files of Panoptic.

    Says how far the file is off when re-read.

    Args:
        project: A project, or a motion file to convert.
        output: File to write; with several people one file per person of formats that
            hold one (BVH, AMASS).
        format: bvh, json, amass, romp, panoptic; told from the ending of the output
            when not given. Both amass and romp end in .npz: name which.
        person: A person's name, or all.
        frames: Only these, as A:B (B not included).
        axes: Preset of axes, rotation order and unit of a BVH file.
        fps: Frame rate of a BVH or AMASS file (24000/1001 stays exact); the clip's if
            not given.
        unit: Unit of lengths of a BVH file; that of the axes if not given.
        write_settings: More settings of the format, as NAME=VALUE: order=XYZ of bvh,
            files=frames of romp.
        json: Print data for machines.
    """
    from hpe_studio.workflow.exporting import export_path

    frame_rate(fps)
    format_name = known_written_format(format)
    flags = {"axes": axes, "fps": fps, "unit": unit}
    report = export_path(
        project,
        output,
        format_name=format_name,
        person=person,
        frames=frame_range(frames),
        options=written_settings(write_settings, output, format_name, flags),
    )
    facts = {
        "files": [str(p) for p in report.paths],
        "max_joint_error_mm": report.max_joint_error_m * 1000,
        "notes": list(report.notes),
    }
    if json:
        return print_json(facts)
    lines = [f"Wrote {p}" for p in report.paths]
    lines.append(f"Re-read: largest joint error {report.error_text}")
    print_lines([*lines, *report.notes])
    return 0


@app.command
def info(file: Path, /, *, shots: bool = False, json: Json = False) -> int:
    """Say what a clip, a project or a motion file holds.

    Args:
        file: Clip, project or motion file.
        shots: Wait until the cuts are found.
        json: Print data for machines.
    """
    from hpe_studio.workflow import info as workflow_info

    facts = job_with_bar(workflow_info.info(file, wait_for_shots=shots))
    if json:
        return print_json(facts)
    print_info(file, facts)
    return 0


@app.command
def check(project: Path, /, *, json: Json = False) -> int:
    """Look for problems in a project: lost frames, flips, jumps, sliding feet, ...

    Args:
        project: Project.
        json: Print data for machines.
    """
    from hpe_studio.workflow import checking

    facts = job_with_bar(checking.check_project(project))
    if json:
        return print_json(facts)
    print_problems(facts)
    return 0


@app.command
def screenshot(
    project: Path,
    /,
    *,
    output: Output,
    frame: Annotated[int | None, Parameter(validator=Number(gte=0))] = None,
    size: str = "1440x900",
    scale: Annotated[float, Parameter(validator=Number(gte=0.5, lte=4))] = 1.0,
    workspace: Literal["fix", "track", "views", "compare", "export"] = "fix",
) -> int:
    """Photograph the real window, without a display.

    Args:
        project: Project, clip or motion file.
        output: PNG to write.
        frame: Frame to show.
        size: Width x height of the window.
        scale: Device pixels per pixel (2 for HiDPI).
        workspace: What to show of it; export is the window that writes files.
    """
    from hpe_studio.app import take_screenshot

    if output.suffix.lower() not in _PICTURES:
        known = ", ".join(_PICTURES)
        raise WrongUsage("is no name for a picture", path=output, fix=f"end it {known}")
    take_screenshot(
        project,
        output,
        frame=frame,
        size=window_size(size),
        scale=scale,
        workspace=workspace,
    )
    print_lines([f"Wrote {output}"])
    return 0


@app.command
def demo(
    *,
    output: Output = Path("demo"),
    show: Annotated[bool, Parameter(negative="--no-show")] = True,
) -> int:
    """Do the main job on the sample clip: people, BVH, JSON, report, screenshot.

    Args:
        output: Folder for the results.
        show: Open the window at the end where there is a display.
    """
    from hpe_studio.app import take_screenshot
    from hpe_studio.workflow.demo import make_demo

    environment = dict(os.environ)  # taking the picture turns Qt offscreen for good
    with progress_bar() as on_progress:
        made = make_demo(output, on_progress=on_progress)
    picture = output / "window.png"
    take_screenshot(made.project, picture, frame=made.best_frame, size=(1440, 900))
    print_lines([*made.lines, f"Wrote {picture}"])
    if show and _has_display(environment):
        words = [sys.executable, "-m", "hpe_studio", "open", str(made.project)]
        return subprocess.call(words, env=environment)
    return 0


@app.command
def bench(name: str | None = None, /, *, json: Json = False) -> int:
    """Measure speed as ratios against named peers.

    Args:
        name: One benchmark; all when not given.
        json: Print data for machines.
    """
    from hpe_studio.workflow.bench import run_benchmarks

    results = run_benchmarks(name)
    if json:
        print_json(results)
    else:
        print_bench(results)
    return 0 if all(r["passed"] for r in results.values()) else 1


def _report(path: Path, warnings: Sequence[str], *, as_json: bool) -> int:
    from hpe_studio.workflow import info as workflow_info

    facts = job_with_bar(workflow_info.info(path))
    facts["warnings"] = list(dict.fromkeys([*warnings, *facts["warnings"]]))
    if as_json:
        return print_json({"project": str(path), **facts})
    print_info(path, facts)
    return 0


def _has_display(environment: Mapping[str, str]) -> bool:
    if environment.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False  # a window that nobody sees
    names = ("DISPLAY", "WAYLAND_DISPLAY")
    is_desktop = sys.platform in ("win32", "darwin")
    return is_desktop or any(environment.get(name) for name in names)
