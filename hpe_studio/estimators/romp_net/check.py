"""The worker script that looks into network and body files, and packs SMPL's.

Everything is loaded as data (see `quiet.py`): a file that asks for more is refused.
"""

from __future__ import annotations

import importlib
import os

from .quiet import load

_BODY_SHAPES = {
    "kintree_table": (24,),
    "extra_joints_index": (21,),
    "J_regressor_extra9": (9, None),
    "J_regressor_h36m17": (17, None),
    "shapedirs": (None, 3, 10),
    "posedirs": (207, None),
    "f": (None, 3),
    "v_template": (None, 3),
    "J_regressor": (24, None),
    "weights": (None, 24),
}
_WHOLE = ("kintree_table", "extra_joints_index")


def start(options):
    """A handler of what is to be looked into and of what is to be packed.

    ``{"check": kind, "path": ..., "name": ...}``, ``{"pack": path, "names": [...]}``.

    Args:
        options: package ("romp" or "bev"), whose networks are to be looked into.
    """
    package = load(options["package"])
    import torch

    def handle(message, arrays):
        if "pack" in message:
            return _pack(torch, message, arrays), []
        checks = {"romp": _network, "bev": _network, "smpl": _body, "onnx": _onnx}
        return {"facts": checks[message["check"]](torch, package, message)}, []

    return handle


def _pack(torch, message, arrays):
    """Write a body as `romp.prepare_smpl` does: whole numbers as long, others float."""
    tensors = {}
    for name, array in zip(message["names"], arrays):  # noqa: B905 - Python 3.8 too
        tensor = torch.from_numpy(array.copy())
        tensors[name] = tensor.long() if name in _WHOLE else tensor.float()
    torch.save(tensors, message["pack"])
    return {}


def _loaded(torch, path):
    try:
        content = torch.load(path)
    except Exception as error:  # noqa: BLE001 - whatever a strange file brings about
        text = str(error).strip().splitlines()
        reason = text[0][:120] if text else type(error).__name__
        raise RuntimeError(
            f"it is damaged or asks for more than plain data ({reason})"
        ) from None
    if not hasattr(content, "keys"):
        raise RuntimeError("it holds no named tensors")
    return content


def _network(torch, package, message):
    """Names and shapes of all tensors against those of the package's own network."""
    given = _loaded(torch, message["path"])
    if message["check"] == "bev":
        own = dict(package.main.BEVv1().named_parameters())
    else:
        own = package.main.ROMPv1().state_dict()
    lacking = sorted(set(own) - set(given))
    if lacking:
        raise RuntimeError(f"it lacks {len(lacking)} tensors, among them {lacking[0]}")
    for name, tensor in own.items():
        if tuple(given[name].shape) != tuple(tensor.shape):
            raise RuntimeError(f"{name} has shape {tuple(given[name].shape)}")
    count = sum(given[name].numel() for name in own)
    return f"{len(own)} tensors, {count / 1e6:.2f} million numbers"


def _body(torch, _package, message):
    """Names and shapes of a body's tensors."""
    given = _loaded(torch, message["path"])
    shapes = dict(_BODY_SHAPES)
    if os.path.basename(message["name"]).startswith("SMPLA"):
        shapes["smpla_shapedirs"] = (None, 3, 11)
    for name, wanted in shapes.items():
        if name not in given:
            raise RuntimeError(f"it lacks {name}")
        shape = tuple(given[name].shape)
        fits = len(shape) == len(wanted) and all(
            want in (None, size)
            for want, size in zip(wanted, shape)  # noqa: B905
        )
        if not fits:
            raise RuntimeError(f"{name} has shape {shape}")
    vertices = given["v_template"].shape[0]
    if given["weights"].shape[0] != vertices or given["posedirs"].shape[1] != (
        3 * vertices
    ):
        raise RuntimeError("its tensors do not belong together")
    regressor, template = given["J_regressor"], given["v_template"]
    pelvis = (regressor.double() @ template.double())[0].tolist()
    if not all(abs(value) < 10 for value in pelvis):
        raise RuntimeError("its joints are not where a body's are")
    return f"{vertices} vertices, pelvis at height {pelvis[1]:.3f} m"


def _onnx(_torch, _package, message):
    try:
        runtime = importlib.import_module("onnxruntime")
    except ImportError:
        raise RuntimeError("this Python has no onnxruntime to look into it") from None
    session = runtime.InferenceSession(
        message["path"], providers=["CPUExecutionProvider"]
    )
    inputs = [entry.name for entry in session.get_inputs()]
    outputs = [entry.name for entry in session.get_outputs()]
    if inputs != ["image"] or outputs != ["center_maps", "params_maps"]:
        raise RuntimeError(f"it takes {inputs} and gives {outputs}")
    return "takes pictures, gives centres and parameters"
