"""People found in pictures, one file per estimator."""
