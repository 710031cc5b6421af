"""Motion files: one file per format, each with sniff, read, write."""
