"""What operators offer and allow: flavors, images, the region's policy, and how far they scale."""
