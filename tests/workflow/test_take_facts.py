"""What made a take: packages as the Python that ran it has them, files, settings."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

from hpe_studio.core.track import Take
from hpe_studio.estimators import romp
from hpe_studio.estimators.versions import versions_in
from hpe_studio.workflow.take_facts import take_facts, take_lines
from tests.estimators.romp_runs import python_with

DIGEST = "0123456789abcdef" * 4


def environment(folder: Path, **packages: str) -> str:
    """A Python that has other versions of some packages."""
    site = folder / "site"
    for name, version in packages.items():
        info = site / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
    return python_with(folder, site)


def test_packages_are_those_of_the_python_that_runs_it(tmp_path: Path) -> None:
    theirs = environment(tmp_path, torch="1.13.1", onnxruntime="1.4.0")
    settings = {"model": "pytorch", "python": theirs}
    found = romp.versions(settings)
    assert found["torch"] == "1.13.1"
    assert found["python"] == sys.version.split()[0]
    assert "onnxruntime" not in found
    assert romp.versions(settings | {"model": "onnx"})["onnxruntime"] == "1.4.0"
    ours = romp.versions({"model": "pytorch", "python": ""})
    assert ours["torch"] == metadata.version("torch")


def test_a_python_that_does_not_answer_is_no_error_here(tmp_path: Path) -> None:
    """Its worker says what is wrong with it."""
    mute = tmp_path / "python"
    mute.write_text("#!/bin/sh\necho no\n")
    mute.chmod(0o755)
    assert versions_in(str(mute), ("torch",)) == {}
    assert versions_in(str(tmp_path / "none"), ("torch",)) == {}


def test_it_is_told_in_lines() -> None:
    take = Take(
        id=1,
        name="ROMP",
        origin="romp",
        options={"center_thresh": 0.25, "show_largest": False, "python": ""},
        versions={
            "hpe-studio": "0.1.0",
            "torch": "2.13.0+cpu",
            "romp": f"ROMP.pkl sha256 {DIGEST}",
        },
        created="2026-03-01T10:20:30+01:00",
    )
    facts = take_facts(take)
    assert facts["versions"]["romp"].endswith(DIGEST)  # machines get all of it
    assert take_lines(facts) == [
        "romp, 2026-03-01 10:20",
        "center_thresh 0.25, show_largest no",
        "hpe-studio 0.1.0, torch 2.13.0+cpu",
        "ROMP.pkl sha256 0123456789ab…",
    ]


def test_an_import_is_told_in_lines() -> None:
    take = Take(
        id=2,
        name="walk",
        origin="romp_npz",
        options={"sha256": DIGEST, "settings": {"z_up": True}, "notes": ["a", "b"]},
        versions={"hpe-studio": "0.1.0"},
    )
    assert take_lines(take_facts(take)) == [
        "romp_npz",
        "sha256 0123456789ab…, z_up yes",
        "hpe-studio 0.1.0",
    ]
