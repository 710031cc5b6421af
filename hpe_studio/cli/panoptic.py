"""``hpe-studio panoptic``: fetch sequences of CMU Panoptic, play their truth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from hpe_studio.cli.output import job_with_bar, print_json, print_lines
from hpe_studio.core.errors import StudioError

app = App(name="panoptic", help="CMU Panoptic: fetch a sequence, play its truth.")

_Output = Parameter(name=["--output", "-o"])
_Json = Annotated[bool, Parameter(name="--json", help="Print data for machines.")]


@app.command
def get(
    sequence: str,
    /,
    *,
    hd: Annotated[int, Parameter(validator=Number(gte=0, lte=31))] = 1,
    vga: Annotated[int, Parameter(validator=Number(gte=0, lte=480))] = 0,
    mirror: str = "cmu",
    output: Annotated[Path, _Output] = Path(),
    extract: bool = False,
    accept_terms: bool = False,
) -> int:
    """Fetch a sequence: calibration, bodies, hands, faces and some films.

    Shows terms and size and asks before anything large is fetched. Stopped, the same
    command goes on.

    Args:
        sequence: Name, such as 160906_band1.
        hd: How many HD films, 0 to 31.
        vga: How many VGA films, 0 to 480, in the toolbox's order over the dome.
        mirror: cmu, snu, or a web address.
        output: Folder in which the sequence gets a folder.
        extract: Also unpack the tars (opening does not need it).
        accept_terms: The terms are known and accepted; do not ask.
    """
    from hpe_studio.workflow.panoptic_get import TERMS, get_job, plan_job, size_text

    plan = job_with_bar(plan_job(sequence, output, mirror=mirror, hd=hd, vga=vga))
    lines = [f"{sequence} goes into {plan.folder}"]
    if plan.lacking:
        lines.append(f"Not on the server: {', '.join(plan.lacking)}")
    lines.append(f"{len(plan.files)} files, {size_text(plan.size_bytes)}; {TERMS}")
    print_lines(lines)
    if plan.files and not accept_terms:
        _ask()
    came = job_with_bar(get_job(plan, extract=extract))
    print_lines(
        [f"Fetched {len(came)} files; open it with hpe-studio open {plan.folder}"]
    )
    return 0


@app.command
def play(
    sequence: Path,
    /,
    *,
    output: Annotated[Path | None, _Output] = None,
    camera: str = "",
    json: _Json = False,
) -> int:
    """Fit bodies to a sequence's truth and keep them in a project.

    The project is exported as any other: hpe-studio export PROJECT -o truth.bvh.

    Args:
        sequence: Folder of a sequence with footage.
        output: Project to write; SEQUENCE.hpes beside the folder when not given.
        camera: Which film is the clip, such as 00_16; the first when not given.
        json: Print data for machines.
    """
    from hpe_studio.workflow.play_truth import apply_truth, play_truth_job
    from hpe_studio.workflow.sequences import open_whole_sequence

    opened = open_whole_sequence(sequence, camera=camera, project_path=output)
    path, is_done = opened.project.path, False
    try:
        document = opened.project.document
        imported = job_with_bar(play_truth_job(document))
        persons = apply_truth(document, imported)
        notes = [*opened.warnings, *imported.notes]
        is_done = True
    finally:
        opened.close()
        if opened.is_new and not is_done:
            path.unlink(missing_ok=True)
    if json:
        names = [person.name for person in persons]
        return print_json({"project": str(path), "people": names, "notes": notes})
    people = ", ".join(person.name for person in persons)
    print_lines([f"Wrote {path}: {people}", *notes])
    return 0


def _ask() -> None:
    """Wait for a yes.

    Raises:
        StudioError: If there is none, or nobody to ask.
    """
    fix = "say yes, or accept the terms with --accept-terms"
    if not sys.stdin.isatty():
        raise StudioError("the terms are not accepted", fix=fix)
    print("Accept the terms and fetch? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise StudioError("nothing was fetched", fix=fix)
