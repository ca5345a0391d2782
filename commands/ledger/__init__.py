"""What every claim goes through: quotas, hosts, groups and the catalogue as a decision sees
them."""
