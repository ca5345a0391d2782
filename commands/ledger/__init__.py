"""What every claim goes through: quotas, hosts, groups and catalogue as a decision sees them."""
