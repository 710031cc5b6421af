"""``python -m hpe_studio`` and the command ``hpe-studio``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from hpe_studio.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
