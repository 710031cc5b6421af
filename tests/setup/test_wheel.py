"""The wheel carries everything: installed elsewhere, the program finds its files."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

CHECK = """
import sys
from pathlib import Path
import hpe_studio
from hpe_studio.body import open_body
from hpe_studio.core.resources import resource_path
from hpe_studio.core.skeleton import skeleton
from hpe_studio.render.theme import theme

home = Path(sys.argv[1])
assert Path(hpe_studio.__file__).is_relative_to(home), hpe_studio.__file__
for name in sys.argv[2:]:
    assert resource_path(name).is_relative_to(home), name
assert skeleton("smplx55").joint_count == 55
assert open_body().joint_count == 24
assert theme("dark").colour("bg.panel").startswith("#")
print("found")
"""


@pytest.mark.slow
def test_an_installed_wheel_finds_its_resources(tmp_path: Path) -> None:
    built = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"),
            *("--no-build-isolation", "--wheel-dir", tmp_path, REPOSITORY),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        names = archive.namelist()
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)
    shipped = [
        str(path.relative_to(REPOSITORY / "resources"))
        for path in (REPOSITORY / "resources").rglob("*")
        if path.is_file()
    ]
    assert len(shipped) > 20
    told = subprocess.run(
        [sys.executable, "-P", "-c", CHECK, site, *shipped],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert told.stdout == "found\n", told.stderr
