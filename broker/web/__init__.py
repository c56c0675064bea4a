"""HTTP and WebSocket: translation to and from the service, no rules."""
