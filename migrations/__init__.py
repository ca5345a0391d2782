"""The schema, as plain SQL that only ever goes forward."""
