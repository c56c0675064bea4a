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
| `order`, `thread` | in what order steps count, from when, and whether at all |
| `digests` | what a decision repeats of a plan |
| `plans`, `decisions`, `authority` | what is in force, decided, permitted |
| `facts`, `control`, `crossings`, `custody` | what happened: whose hands, whose soil, which exhibits |
| `stops`, `clocks`, `missing` | what stops, what is due, what is not here |
| `fold` | all of that, from what is here |
| `asof` | the same as of a moment |
| `state` | what follows from it; of `results` and `books` |
| `picture` | what `asof` answers |
| `profiles`, `demands` | which profile of a country counts, and what a plan does not meet of it |
| `matters`, `deconfliction` | what two questions have in common, and what a desk answers |
| `account` | a result of each country, computed, and whether another's is one |
| `proven` | operations in a court's file, folded again |

An operation is a thread of dispatches, and its state is a fold over them. Acts may be refused, facts never.
Forms of contents are in `schemas.reports.operations`.
"""
