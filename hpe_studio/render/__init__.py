"""Pictures out: colours by name, the 2D overlay, the 3D scene. No Qt."""
