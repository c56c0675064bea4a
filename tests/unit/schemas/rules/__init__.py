"""Unit tests of the rules that hub, clients and evidence verifier share."""
