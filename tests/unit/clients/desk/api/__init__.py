"""Routes of a desk."""
