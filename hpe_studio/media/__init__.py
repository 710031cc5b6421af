"""Footage in: movies and image folders, exact by frame."""
