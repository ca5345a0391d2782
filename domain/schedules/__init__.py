"""What is asked for now and done later: schedules, maintenance windows, appointments."""
