"""Whole jobs without a window: estimate, import, export."""
