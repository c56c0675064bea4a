"""What an officer can do in an operation, without a screen (PROTOCOL 16).

| module | what |
|---|---|
| `finding` | which operation a person means: by number, digest or the lead's own reference |
| `known` | an operation as this client knows it, as of a moment |
| `overview` | all operations, by what is due next; reading the hub's list of their steps now |
| `filling`, `defaults` | what is asked of a step, and what is known of it before anything is asked |
| `participants`, `recipients`, `guarantees` | what is named beside the form: read as typed, proposed |
| `entries` | entries of a form that cannot be right, before anything is signed |
| `commands` | steps: prepared, judged with the hub's own rules, shown for review, signed, queued |
| `deconflicting`, `comparing` | asking a desk whether another is after the same; answering as a desk |
| `accounting` | reading an account that somebody else has made |
| `calling` | what a person is called for |
"""
