"""Who is who: within a shot, across gaps."""
