"""The HTTP interface: handlers that translate, and decide nothing."""
