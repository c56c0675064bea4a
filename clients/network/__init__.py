"""Whole networks in a folder: root, hub, members with their officers, each with keys, store and settings.

For demonstrations and exercises: every key of the network lies in one place. What a person would do by the commands
of ``serai`` is done by the same actions; the hub is a process of its own.
"""
