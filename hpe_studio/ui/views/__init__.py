"""Several synchronous views in the video's pane: a grid, its pictures, its menu."""
