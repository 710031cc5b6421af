"""Which packages a Python has: run by it, or imported where it is the studio's own."""

from __future__ import annotations

import json
import sys
from importlib import metadata


def versions_of(names):
    """Versions of the packages that are here, by name, and the Python's own.

    Args:
        names: Distributions ("torch"); those that are not here are left out.
    """
    found = {"python": sys.version.split()[0]}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(versions_of(sys.argv[1:])))
