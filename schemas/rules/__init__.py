"""Who may say what, to whom, in which status, by when: each rule once (PROTOCOL 5, 6).

| module | about |
|---|---|
| `signers` | who may sign which statement, with which role |
| `certifying` | who may certify whom, and with which roles |
| `references` | which dispatch may refer to which, and which receipt answers which |
| `recipients` | who gets an entry of a dispatch, and in which order |
| `status` | exercise and actual: what a network admits, what is inherited |
| `handling` | which handling code holds, of those of cover and report |
| `attaching` | what a cover may attach, and whether its report names the same |
| `expecting` | who owes an answer, what is one, what ends the wait |
| `operating` | what a cover of an operation is made of; who may do what there is in `schemas.operations` |
| `deadlines` | by when recipients are to confirm and to answer |
| `writing` | what composer and hub keep beyond what a reader asks for |

Functions of plain values: the hub calls them with what its ledger says, a client with what it has
verified, the evidence verifier with what a file proves. Each raises `SeraiError` where something is
not allowed, with the same code everywhere. `broker.core.recount` alone has rules of its own, on purpose.
"""
