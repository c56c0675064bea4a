"""Admission: what enters the ledger, and what follows from it (PROTOCOL 5, 6).

| module | what |
|---|---|
| `decision` | `decide`: what holds for every statement, then the module of its type |
| `dispatch`, `receipt`, `public`, `events` | one type of statement each |
| `operation` | a dispatch as a step of an operation |
| `view` | `View`: the ledger as a decision sees it |
| `effects` | `Admission`: what a decision says, and the values in it |
| `batch` | `Admitter`: decides a batch in order, and alone changes what the next decision sees |

A decision is a pure function from claims and a `View` to an `Admission`; it raises where the statement is
refused. **A new type of statement is a further module of that kind and a line in `decision`.** Rules that
clients apply too are in `schemas.rules`.
"""
