"""Work in other processes: the host starts the guest and talks over pipes."""
