"""Movies: every frame by its number, whatever the codec, container or times."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.media import Footage, indexing, open_footage
from hpe_studio.media.loader import FrameLoader
from tests import clips

AWKWARD = {
    "b-frames, gop 250": (clips.bframes_gop250, 300),
    "variable rate": (clips.variable_rate, 60),
    "vp9 in mp4": (clips.vp9_in_mp4, 60),
    "mpeg-4 in mp4": (clips.mpeg4_mp4, 60),
    "mpeg-4 in avi": (clips.mpeg4_avi, 60),
    "ms-mpeg4": (clips.msmpeg4_avi, 60),
    "h.264 in avi": (clips.h264_avi, 60),
    "open gop": (clips.open_gop, 60),
    "open gop, h.264": (clips.open_gop_h264, 60),
    "mpeg-2 in ts": (clips.mpeg2_ts, 60),
    "no duration": (clips.without_duration, 60),
    "interlaced": (clips.interlaced, 60),
    "starts late": (lambda folder: clips.start_at(folder, 37), 60),
    "starts before zero, mkv": (lambda folder: clips.start_at(folder, -7, ".mkv"), 60),
}


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("trusts_packets", [False, True])
def test_each_number_gives_its_own_frame(
    name: str, trusts_packets: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long movies are indexed without decoding them; short ones must not hide that.
    if trusts_packets:
        monkeypatch.setattr(indexing, "_SCAN_PIXELS", 0)
    make, frame_count = AWKWARD[name]
    footage = open_footage(make(tmp_path))
    assert footage.frame_count == frame_count
    in_order = [(i, clips.read_code(rgb)) for i, rgb in footage.iterate_rgb(0, 10**6)]
    assert in_order == [(i, i) for i in range(frame_count)]
    rng = random.Random(name)
    for frame in [rng.randrange(frame_count) for _ in range(25)] + [frame_count - 1, 0]:
        assert clips.read_code(footage.read_rgb(frame)) == frame
    footage.close()


def test_an_edit_list_trims_the_start(tmp_path: Path) -> None:
    # The MP4 writer hides the seven frames before time zero, keyframe included.
    footage = open_footage(clips.start_at(tmp_path, -7))
    assert footage.frame_count == 53
    codes = [(i, clips.read_code(rgb)) for i, rgb in footage.iterate_rgb(0, 100)]
    assert codes == [(i, i + 7) for i in range(53)]
    for frame in (52, 14, 0, 30, 5):
        assert clips.read_code(footage.read_rgb(frame)) == frame + 7


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
@pytest.mark.parametrize("trusts_packets", [False, True])
def test_a_hidden_frame_is_not_counted(
    codec: str, trusts_packets: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if trusts_packets:
        monkeypatch.setattr(indexing, "_SCAN_PIXELS", 0)
    footage = open_footage(clips.hidden_frame(tmp_path, codec))
    assert footage.frame_count == 59
    codes = [clips.read_code(rgb) for _, rgb in footage.iterate_rgb(0, 100)]
    # Up to the next keyframe, 50, VP9 misses what frame 45 would have handed on.
    assert codes[:45] + codes[49:] == [*range(45), *range(50, 60)]
    assert clips.read_code(footage.read_rgb(50)) == 51


def test_times_of_variable_rate_are_the_files_own(tmp_path: Path) -> None:
    clip = open_footage(clips.variable_rate(tmp_path)).clip
    steps_ms = np.diff(clip.times_s) * 1000
    np.testing.assert_allclose(steps_ms, np.tile([20, 100, 40, 60], 15)[:59], atol=0.1)
    assert clip.times_s[0] == 0
    assert clip.is_variable_rate


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), Fraction(60), Fraction(25)])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
def test_nominal_rate_is_exact(fps: Fraction, suffix: str, tmp_path: Path) -> None:
    path = clips.write_movie(tmp_path / f"rate{suffix}", "mpeg4", frames=50, fps=fps)
    clip = open_footage(path).clip
    assert clip.fps == fps
    assert clip.times_s[-1] == pytest.approx(49 / float(fps), abs=0.001)


@pytest.mark.parametrize(
    ("counter_clockwise_deg", "size_px"),
    [(90, (240, 320)), (180, (320, 240)), (270, (240, 320))],
)
def test_rotation_tag_is_applied(
    counter_clockwise_deg: int, size_px: tuple[int, int], tmp_path: Path
) -> None:
    footage = open_footage(clips.rotated(tmp_path, counter_clockwise_deg))
    rgb = footage.read_rgb(5)
    assert footage.size_px == size_px == rgb.shape[1::-1]
    upright = np.rot90(rgb, -counter_clockwise_deg // 90)
    assert clips.read_code(upright) == 5
    assert footage.clip.rotation_deg == 360 - counter_clockwise_deg


@pytest.mark.parametrize("counter_clockwise_deg", [90, 180, 270])
def test_rotation_and_colour_agree_with_opencv(
    counter_clockwise_deg: int, tmp_path: Path
) -> None:
    import cv2

    path = clips.rotated(tmp_path, counter_clockwise_deg)
    is_read, bgr = cv2.VideoCapture(str(path)).read()
    assert is_read
    ours = open_footage(path).read_rgb(0).astype(int)
    assert np.abs(ours - bgr[..., ::-1]).mean() < 1


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "size_px", [(1768, 242), (1366, 240), (854, 480), (853, 481), (321, 241)]
)
def test_pictures_of_any_width_lie_in_memory_without_gaps(
    size_px: tuple[int, int], rotation_deg: int, tmp_path: Path
) -> None:
    path = clips.write_movie(
        tmp_path / "odd.mkv",
        "ffv1",
        frames=2,
        size=size_px,
        pix_fmt="yuv444p",
        rotation_deg=rotation_deg,
    )
    footage = open_footage(path)
    loader = FrameLoader(footage, lambda picture: None)
    loader.run_synchronously()
    loader.request(1)
    shown = loader.cached(1)
    assert shown is not None
    reader = footage.open_reader()
    reader.approach(0)
    native = reader.next_frame()
    assert native is not None
    small = footage.to_rgb(native, (size_px[0] // 3, size_px[1]))
    for rgb in (footage.read_rgb(1), shown.rgb, small):
        assert rgb.flags.c_contiguous
    upright = np.rot90(shown.rgb, -(rotation_deg // 90))
    assert upright.shape[1::-1] == size_px
    assert clips.read_code(upright) == 1
    loader.close()
    reader.close()
    footage.close()


def test_pixel_aspect_is_told_and_pixels_stay_stored(tmp_path: Path) -> None:
    clip = open_footage(clips.wide_pixels(tmp_path)).clip
    assert clip.pixel_aspect == pytest.approx(64 / 45)
    assert clip.size_px == (320, 240)


def test_hdr_is_shown_as_8_bit_with_a_warning(tmp_path: Path) -> None:
    footage = open_footage(clips.ten_bit_hdr(tmp_path))
    rgb = footage.read_rgb(3)
    assert rgb.dtype == np.uint8
    assert clips.read_code(rgb) == 3
    assert any("HDR" in warning for warning in footage.clip.warnings)


@pytest.mark.parametrize(
    ("colorspace", "name"), [(1, "itu709"), (6, "itu601"), (9, "bt2020")]
)
@pytest.mark.parametrize("is_full_range", [False, True])
def test_colours_follow_the_tagged_matrix(
    colorspace: int, name: str, is_full_range: bool, tmp_path: Path
) -> None:
    # Kr and Kb of BT.709, BT.601 and BT.2020; YCbCr of a flat orange by definition.
    kr, kb = {1: (0.2126, 0.0722), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}[colorspace]
    orange = np.array([230.0, 120.0, 40.0])
    luma = orange @ [kr, 1 - kr - kb, kb]
    chroma = np.array([(orange[2] - luma) / (1 - kb), (orange[0] - luma) / (1 - kr)])
    scale = (1.0, 0.5) if is_full_range else (219 / 255, 112 / 255)
    offset = 0 if is_full_range else 16
    planes = np.array([luma * scale[0] + offset, *(chroma * scale[1] + 128)]).round()
    path = tmp_path / f"{name}.mkv"
    _write_flat(path, planes.astype(np.uint8), colorspace, 2 if is_full_range else 1)
    shown = open_footage(path).read_rgb(0).reshape(-1, 3).mean(axis=0)
    np.testing.assert_allclose(shown, orange, atol=3)


def _write_flat(path: Path, yuv: np.ndarray, colorspace: int, color_range: int) -> None:
    import av

    with av.open(str(path), "w") as out:
        stream = out.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv444p"
        stream.codec_context.colorspace = colorspace
        stream.codec_context.color_range = color_range
        planes = np.broadcast_to(yuv[:, None, None], (3, 48, 64))
        frame = av.VideoFrame.from_ndarray(
            np.ascontiguousarray(planes), format="yuv444p"
        )
        frame.colorspace, frame.color_range = colorspace, color_range
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


@pytest.mark.parametrize("trusts_packets", [False, True])
def test_frames_before_the_first_keyframe_do_not_count(
    trusts_packets: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if trusts_packets:
        monkeypatch.setattr(indexing, "_SCAN_PIXELS", 0)
    footage = open_footage(clips.late_keyframe(tmp_path))
    codes = [(i, clips.read_code(rgb)) for i, rgb in footage.iterate_rgb(0, 100)]
    first = codes[0][1]
    assert 12 <= first <= 20
    assert codes == [(i, first + i) for i in range(60 - first)]
    assert footage.frame_count == 60 - first


@pytest.mark.parametrize("name", ["late.ts", "late.mkv", "late.avi"])
@pytest.mark.parametrize("share", [0.4, 0.83])
def test_a_cut_off_movie_gives_what_is_there(
    name: str, share: float, tmp_path: Path
) -> None:
    whole = clips.write_movie(tmp_path / name, "mpeg4", gop=12)
    footage = open_footage(clips.cut_off(whole, share))
    codes = [(i, clips.read_code(rgb)) for i, rgb in footage.iterate_rgb(0, 100)]
    assert 10 < len(codes) < 60
    assert all(i == code for i, code in codes[:-1])  # the last may be half a picture
    assert footage.frame_count - len(codes) in (0, 1)


def test_a_damaged_frame_is_missing_and_moves_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_SCAN_PIXELS", 0)  # as a long movie
    path = clips.write_movie(tmp_path / "intra.avi", "mjpeg", pix_fmt="yuvj420p")
    _wipe_packet(path, 40)
    footage = open_footage(path)
    codes = {i: clips.read_code(rgb) for i, rgb in footage.iterate_rgb(0, 60)}
    assert codes == {i: i for i in range(60) if i != 40}
    assert clips.read_code(footage.read_rgb(40)) == 39
    assert clips.read_code(footage.read_rgb(41)) == 41


def _wipe_packet(path: Path, number: int) -> None:
    import av

    with av.open(str(path)) as container:
        packet = [p for p in container.demux(video=0) if p.size][number]
        start, size = packet.pos, packet.size
    data = bytearray(path.read_bytes())
    data[start : start + size] = bytes(size)
    path.write_bytes(data)


def test_threads_read_at_once_without_disturbing_each_other(tmp_path: Path) -> None:
    footage = open_footage(clips.open_gop(tmp_path))
    wrong: list[tuple[int, int]] = []

    def work(seed: int) -> None:
        rng = random.Random(seed)
        start = rng.randrange(40)
        for frame, rgb in footage.iterate_rgb(start, start + 15):
            wrong.extend([(frame, c)] if (c := clips.read_code(rgb)) != frame else [])
            other = rng.randrange(60)
            code = clips.read_code(footage.read_rgb(other))
            wrong.extend([(other, code)] if code != other else [])

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_fingerprint_tells_content_not_name(tmp_path: Path) -> None:
    path = clips.wide_pixels(tmp_path)
    before = open_footage(path).clip.fingerprint
    moved = path.rename(tmp_path / "other name.mp4")
    assert open_footage(moved).clip.fingerprint == before
    moved.write_bytes(moved.read_bytes() + b"\0")
    assert open_footage(moved).clip.fingerprint != before


def test_strange_names_are_file_names(tmp_path: Path) -> None:
    path = clips.wide_pixels(tmp_path)
    for name in ("a:b %03d [x].mp4", "größe, 日本.mp4", "file:x.mp4", "#1?.mp4"):
        path = path.rename(tmp_path / name)
        assert open_footage(path).frame_count == 12


def test_out_of_range_is_refused(tmp_path: Path) -> None:
    footage: Footage = open_footage(clips.wide_pixels(tmp_path))
    for frame in (-1, 12):
        with pytest.raises(IndexError):
            footage.read_rgb(frame)


def _renamed_text(folder: Path) -> Path:
    path = folder / "notes.mp4"
    path.write_text("dear diary\n" * 200)
    return path


def _playlist(folder: Path) -> Path:
    """A playlist that would make a player open another file."""
    clips.wide_pixels(folder)
    path = folder / "list.mp4"
    path.write_text("#EXTM3U\n#EXTINF:1,\nwide.mp4\n#EXT-X-ENDLIST\n")
    return path


def _concat_script(folder: Path) -> Path:
    clips.wide_pixels(folder)
    path = folder / "script.mp4"
    path.write_text("ffconcat version 1.0\nfile wide.mp4\n")
    return path


def _renamed_image(folder: Path) -> Path:
    import cv2

    path = folder / "picture.mp4"
    path.write_bytes(cv2.imencode(".png", clips.coded_picture(1))[1].tobytes())
    return path


def _noise(folder: Path) -> Path:
    path = folder / "noise.mov"
    path.write_bytes(random.Random(1).randbytes(100_000))
    return path


def _empty(folder: Path) -> Path:
    path = folder / "empty.mp4"
    path.touch()
    return path


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "nowhere.mp4", "does not exist"),
    "empty": (_empty, "is empty"),
    "text": (_renamed_text, "is not a movie"),
    "playlist": (_playlist, "is not a movie"),
    "script": (_concat_script, "is not a movie"),
    "image": (_renamed_image, "is not a movie"),
    "noise": (_noise, "is not a movie"),
    "sound only": (clips.sound_only, "no pictures"),
    "cut off": (lambda f: clips.cut_off(clips.wide_pixels(f), 0.5), "is cut off"),
    "device": (lambda _: Path("/dev/null"), "neither a file nor a folder"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    make, says = BAD[name]
    path = make(tmp_path)
    with pytest.raises(StudioError, match=says) as caught:
        open_footage(path)
    assert str(path) in str(caught.value)
    assert caught.value.fix
    assert "\n" not in str(caught.value)
