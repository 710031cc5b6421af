"""The queue of problems in the window: what is found, what is done about it."""
