"""Model files and samples: origin, checksum, licence, fetching."""
