"""The lanes at the bottom: when; shots, people, sources, keys and the playhead."""

from hpe_studio.ui.lanes.panel import LanesPanel

__all__ = ["LanesPanel"]
