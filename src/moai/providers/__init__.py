"""The models of the team over their vendors' wire formats; httpx lives here and nowhere else."""
