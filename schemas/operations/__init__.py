"""Controlled deliveries: their steps, and what follows from them (PROTOCOL 16). Pure, without a clock.

| module | what |
|---|---|
| `words` | words of covers, with their labels |
| `table` | who may do what, as data |
| `steps` | what is noted of a step, so that later ones are judged by it |
| `judging` | whether a step may be taken: by its signer and what it names |
| `writing` | what a client works out before a step is signed |
| `answers` | what meets a clock |
| `terms` | words of the folded state, with their labels |
| `held` | what is here of an operation: the input of the fold |
| `state` | what follows from it; of `results` and `books` |
| `picture` | the same as of a moment |

An operation is a thread of dispatches, and its state is a fold over them. Acts may be refused, facts never.
Forms of contents are in `schemas.reports.operations`.
"""
