"""Windows that ask before something is done; none of them is modal."""
