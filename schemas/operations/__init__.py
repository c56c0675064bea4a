"""Controlled deliveries: their steps, and what follows from them (PROTOCOL 16). Pure, without a clock.

| module | what |
|---|---|
| `words` | words of covers, with their labels |
| `terms` | words of the folded state, with their labels |
| `held` | what is here of an operation: the input of the fold |
| `state` | what follows from it; of `results` and `books` |
| `picture` | the same as of a moment |

An operation is a thread of dispatches, and its state is a fold over them. Acts may be refused, facts never.
Forms of contents are in `schemas.reports.operations`.
"""
