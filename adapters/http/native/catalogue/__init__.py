"""What servers are built from: flavors and images."""
