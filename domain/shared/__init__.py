"""Values and refusals that every aggregate may use: sizes, resources, events' shapes."""
