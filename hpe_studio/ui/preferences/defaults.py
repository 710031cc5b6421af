"""Names of the settings that preferences write, and their values at first."""

from __future__ import annotations

LOOP = "play.loop"
PREROLL_S, PREROLL_DEFAULT_S = "play.preroll_s", 1.0
IMAGES_FPS = "play.images_fps"
CACHE_MB, CACHE_DEFAULT_MB = "files.cache_mb", 384
RUN_MODEL, RUN_FOV_DEG, RUN_WORKERS = "run.model", "run.fov_deg", "run.workers"
