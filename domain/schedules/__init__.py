"""Scales asked for now and done later: schedules, maintenance windows, appointments."""
