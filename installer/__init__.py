"""What administrators install: the recipe of the bundle, and packages for each system."""
