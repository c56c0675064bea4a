"""Controlled deliveries: their steps, and what follows from them (PROTOCOL 16). Pure, without a clock.

| module | what |
|---|---|
| `words` | words of covers, with their labels |

An operation is a thread of dispatches, and its state is a fold over them. Acts may be refused, facts never.
"""
