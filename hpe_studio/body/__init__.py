"""Bodies in SMPL's format: loading, skinning, landmark sets.

The way in: `open_body()` (shipped) or `load_body(path)` (the user's own file) give a
`Body`; `skin` poses it.
"""

from hpe_studio.body.load import load_body
from hpe_studio.body.model import Body, ShapedBody
from hpe_studio.body.open_body import open_body
from hpe_studio.body.skinning import Skinned, skin

__all__ = ["Body", "ShapedBody", "Skinned", "load_body", "open_body", "skin"]
