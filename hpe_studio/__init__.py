"""HPE Studio: human motion out of ordinary video, as a library."""

__version__ = "0.1.0"
