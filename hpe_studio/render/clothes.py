"""Colours that make a body look dressed, for pictures that estimators are to read."""

from __future__ import annotations

import numpy as np

from hpe_studio.body.model import Body
from hpe_studio.core.arrays import BoolArray, ByteArray

_SKIN = ("head", "neck", "elbow", "wrist", "hand")
_TROUSERS = ("pelvis", "hip", "knee", "ankle")
_CROWN_M, _BACK_M, _HAIR_M = 0.06, 0.02, 0.2
# Skin, hair, shirt, trousers, shoes.
_OUTFITS = (
    ("#C4967C", "#30221A", "#3C528C", "#34363C", "#231E1E"),
    ("#E0B59A", "#7A5A32", "#9C3B34", "#3E4E63", "#4A3B2E"),
    ("#8A5E44", "#181412", "#E2DCCB", "#5B4A3A", "#202225"),
    ("#D6A888", "#1F1B1A", "#3F7A55", "#22252B", "#EDEDED"),
    ("#6E4A36", "#100E0D", "#D8A437", "#44505C", "#2B2422"),
    ("#EBC4AC", "#B98A4C", "#6A5090", "#565B52", "#1C1C1C"),
)


def clothes(body: Body, outfit: int) -> ByteArray:
    """A colour per vertex, shape (vertices, 3).

    Args:
        body: The body model; which joint moves a vertex most says what it wears.
        outfit: Any number; six of them differ.
    """
    skin, hair, shirt, trousers, shoes = (
        _rgb(text) for text in _OUTFITS[outfit % len(_OUTFITS)]
    )
    worn = []
    for name in body.skeleton.joint_names:
        if any(part in name for part in _SKIN):
            worn.append(skin)
        elif "foot" in name:
            worn.append(shoes)
        else:
            is_below = any(part in name for part in _TROUSERS)
            worn.append(trousers if is_below else shirt)
    part = body.weights.dense(body.joint_count).argmax(axis=1)
    colours = np.array(worn, np.uint8)[part]
    colours[_has_hair(body, part)] = hair
    return colours


def _has_hair(body: Body, part: np.ndarray) -> BoolArray:
    """The crown, and the back of the head."""
    is_head = part == body.skeleton.index("head")
    height, depth = body.v_template[:, 1], body.v_template[:, 2]
    top, middle = height[is_head].max(), depth[is_head].mean()
    is_behind = (depth < middle - _BACK_M) & (height > top - _HAIR_M)
    return is_head & ((height > top - _CROWN_M) | is_behind)


def _rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
