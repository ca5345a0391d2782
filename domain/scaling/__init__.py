"""The scaling of a server: its assessment, its route, the plan, and an autoscaler's answer."""
