"""What every route of the Compute API goes through: microversions, schemas, faults, links."""
