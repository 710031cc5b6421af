"""What made an estimate besides the studio: packages of the Python that runs it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence

from hpe_studio.estimators.romp_net import packages

_PATIENCE_S = 60.0


def versions_in(python: str | None, names: Sequence[str]) -> Mapping[str, str]:
    """Versions of packages as a Python has them, and its own.

    Args:
        python: The interpreter; the studio's own when None.
        names: Distributions; those that it lacks are left out.

    Returns:
        By name; empty where the interpreter does not answer (its worker tells why).
    """
    if python is None:
        return packages.versions_of(names)
    command = [python, packages.__file__, *names]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_PATIENCE_S, check=True
        )
        found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}
    return {str(name): str(version) for name, version in found.items()}
