"""The HTTP interface under /v1. Handlers translate; they decide nothing."""
