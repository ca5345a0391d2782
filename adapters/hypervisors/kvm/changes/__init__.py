"""The changes of one domain: build, size, power, migrate, delete."""
