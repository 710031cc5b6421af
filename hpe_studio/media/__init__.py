"""Footage in: movies and image folders, exact by frame."""

from hpe_studio.media.footage import Footage, open_footage

__all__ = ["Footage", "open_footage"]
