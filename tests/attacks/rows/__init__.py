"""The rows of the table of attacks: attack, defence, tests."""
