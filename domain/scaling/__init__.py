"""What a scale would take: its route, the plan that is told before, an autoscaler's answer."""
