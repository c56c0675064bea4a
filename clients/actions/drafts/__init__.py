"""One draft of anything that an officer writes, without a screen: report, answer, correction, step of an operation.

| module | what |
|---|---|
| `record` | a draft as it is kept: what it is about, its answers, its cover, its files |
| `keeping` | beginning one, changing it in one window at a time, the list of them |
| `files` | files that go with one: looked at, cleaned, encrypted at once |
| `fields` | what is asked for one, with what is known already |
| `writing` | from a draft to what would be signed, or to what lacks |
| `steps` | the same of a step of an operation |
| `review` | what would be signed, by whom, to whom, with the digest of all of it |
| `signing` | signing what was shown, and nothing else |
"""
