"""The demonstration: a network of eight parties, a real hub, and real seizures sent as an exercise.

``python -m clients.demo`` makes everything in a temporary folder, says at the end what was
counted in the eight inboxes, and leaves nothing behind. It knows the hub as members do:
by its command, its folder and its address.
"""
