"""The curve view: numbers of the selected joint over time, keys to drag in them."""
