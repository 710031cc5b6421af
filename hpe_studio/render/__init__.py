"""Pictures out: the 2D draw list and the 3D scene; no Qt."""
