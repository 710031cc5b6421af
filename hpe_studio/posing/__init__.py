"""Base plus keys made into motion, joints and vertices."""
