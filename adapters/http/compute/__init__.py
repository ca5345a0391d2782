"""The OpenStack Compute door: what Nova's clients ask, mapped onto our own commands and models."""
