"""The command ``hpe-studio``: each verb calls the function that the window calls."""

from hpe_studio.cli.main import app, run

__all__ = ["app", "run"]
