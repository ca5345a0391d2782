"""ullage limits and ullage quota: limits, their tree, the quota class."""
