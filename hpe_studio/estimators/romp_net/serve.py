"""The worker script: pictures in, ROMP's or BEV's people out.

See `workers/guest.py` for how it is started and talked to. Nothing of hpe_studio is
imported, so any Python with simple-romp can run it.
"""

from __future__ import annotations

import functools
import importlib

import cv2
import numpy as np

from .appearance import BINS, histogram
from .quiet import load

JOINTS = 71
SMPL_JOINTS = 24
_BABY = 0.8
"""BEV's eleventh beta above which it takes the infants' body."""


def start(options):
    """A handler with its own copy of the network.

    Args:
        options: kind ("romp" or "bev"), model ("pytorch" or "onnx"), files (paths by
            name: network, smpl, smil), device ("auto", "cpu" or "cuda:1"),
            center_thresh, max_people, show_largest, threads, pixel_aspect (width of a
            pixel over its height; the network knows only square ones); for BEV also
            crowd, nms_thresh, relative_scale_thresh.
    """
    package = load(options["kind"])
    import torch

    device = _device(torch, options["device"])
    torch.set_num_threads(max(1, options["threads"]))
    cv2.setNumThreads(1)
    make = _bev if options["kind"] == "bev" else _romp
    network = make(package, options, device)
    rest_joints = _rest_joints(network.smpl_parser)

    def handle(_message, arrays):
        picture, stretch = _with_square_pixels(arrays[0], options["pixel_aspect"])
        with torch.no_grad():
            found = _forward(network, np.ascontiguousarray(picture[..., ::-1]))
        found = _chosen(found, options)
        colours = [histogram(picture, joints) for joints in found["pj2d_org"]]
        reply = {"stretch": stretch, "device": str(device)}
        return reply, _packed(found, rest_joints, colours)

    return handle


def _device(torch, wish):
    """Number of the CUDA device; -1 for the processor.

    Raises:
        RuntimeError: If there is no such device.
    """
    name = wish.strip().lower().replace("cuda:", "").replace("cuda", "0")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name in ("auto", ""):
        return 0 if count else -1
    if name in ("cpu", "-1"):
        return -1
    if not name.isdigit() or int(name) >= count:
        raise RuntimeError(f"there is no device {wish!r}; torch sees {count} of CUDA")
    return int(name)


def _romp(package, options, device):
    files, is_onnx = options["files"], options["model"] == "onnx"
    if is_onnx:
        _limit_threads(options["threads"])
    settings = package.romp_settings(
        [
            *(["--onnx"] if is_onnx else []),
            *("--model_path", files["network"]),
            *("--model_onnx_path", files["network"]),
            *("--smpl_path", files["smpl"]),
            *("--GPU", str(device)),
        ]
    )
    settings.GPU = device
    settings.temporal_optimize = False
    settings.center_thresh = options["center_thresh"]
    network = package.ROMP(settings).eval()
    network.centermap_parser.max_person = options["max_people"]
    return network


def _limit_threads(threads):
    """Let onnxruntime take so many threads; ROMP leaves it to take all there are.

    Raises:
        RuntimeError: If this Python lacks onnxruntime.
    """
    try:
        runtime = importlib.import_module("onnxruntime")
    except ImportError:
        raise RuntimeError(
            "ROMP.onnx needs the package onnxruntime in this Python"
        ) from None
    wishes = runtime.SessionOptions()
    wishes.intra_op_num_threads = max(1, threads)
    limited = functools.partial(runtime.InferenceSession, sess_options=wishes)
    setattr(runtime, "InferenceSession", limited)  # noqa: B010 - a module without it


def _bev(package, options, device):
    files = options["files"]
    settings = package.bev_settings(
        [
            *("--model_path", files["network"]),
            *("--smpl_path", files["smpl"]),
            *("--smil_path", files["smil"]),
            *("--GPU", str(device)),
        ]
    )
    settings.GPU = device
    settings.render_mesh = False
    settings.crowd = options["crowd"]
    for name in ("center_thresh", "nms_thresh", "relative_scale_thresh"):
        setattr(settings, name, options[name])
    network = package.BEV(settings).eval()
    network.model.module.centermap_parser.max_person = options["max_people"]
    return network


def _with_square_pixels(picture, pixel_aspect):
    """The picture as it is meant to look, and by how much that made it wider."""
    height, width = picture.shape[:2]
    shown = max(1, round(width * pixel_aspect))
    if shown == width:
        return picture, 1.0
    return cv2.resize(picture, (shown, height)), shown / width


def _forward(network, picture):
    """What the network says of a picture, BGR; None where nobody is.

    BEV's way for wide pictures fails where none of its tiles shows anybody.
    """
    try:
        return network(picture)
    except KeyError as error:
        if error.args[:1] in (("joints",), ("verts",)):
            return None
        raise


def _chosen(found, options):
    """The people to tell of, all arrays with the same first axis."""
    if found is None or len(found["cam"]) == 0:
        return {
            "cam_trans": np.zeros((0, 3)),
            "joints": np.zeros((0, JOINTS, 3)),
            "pj2d_org": np.zeros((0, JOINTS, 2)),
            "smpl_thetas": np.zeros((0, 3 * SMPL_JOINTS)),
            "smpl_betas": np.zeros((0, 10)),
            "center_confs": np.zeros((0, 1)),
        }
    names = ("cam_trans", "joints", "pj2d_org", "smpl_thetas", "smpl_betas")
    people = {name: np.asarray(found[name]) for name in (*names, "center_confs")}
    if options["show_largest"]:  # by the scale of the picture's camera, as ROMP does
        largest = int(np.argmax(found["cam"][:, 0]))
        people = {name: rows[largest : largest + 1] for name, rows in people.items()}
    return people


def _rest_joints(parser):
    """A function of betas (n, 10 or 11) giving rest joints (n, 24, 3), metres."""
    models = [parser.smpl_model]
    if hasattr(parser, "smil_model"):
        models.append(parser.smil_model)
    linear = [_joints_of_betas(model) for model in models]

    def of(betas):
        joints, slopes = linear[0]
        out = joints + np.einsum("jck,nk->njc", slopes, betas[:, : slopes.shape[2]])
        if len(linear) > 1 and len(betas):
            joints, slopes = linear[1]
            small = betas[:, 10] > _BABY
            out[small] = joints + np.einsum("jck,nk->njc", slopes, betas[small, :10])
        return out

    return of


def _joints_of_betas(model):
    regressor = model.J_regressor.cpu().numpy().astype(np.float64)
    template = model.v_template.cpu().numpy().astype(np.float64)
    directions = model.shapedirs.cpu().numpy().astype(np.float64)
    return regressor @ template, np.einsum("jv,vck->jck", regressor, directions)


def _packed(found, rest_joints, colours):
    """Scores (n,), cam_trans, joints, pj2d_org, thetas, betas, rest joints, colours."""
    count = len(found["cam_trans"])
    betas = found["smpl_betas"]
    rows = [
        found["center_confs"].reshape(count),
        found["cam_trans"],
        found["joints"],
        found["pj2d_org"],
        found["smpl_thetas"].reshape(count, SMPL_JOINTS, 3),
        betas,
        rest_joints(betas) if count else np.zeros((0, SMPL_JOINTS, 3)),
        np.array(colours).reshape(count, BINS),
    ]
    return [np.asarray(row, dtype=np.float32) for row in rows]
