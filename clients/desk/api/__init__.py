"""What the page asks and does: one module of routes for each screen."""
