"""An operation as people read it: one screen, from state to lines; pure.

| module | what |
|---|---|
| `view` | what a screen is made of, and its lines |
| `words` | times, amounts, numbers of steps, members |
| `verdict` | what is wrong, whether the goods may go on, whose move it is |
| `goods` | whose hands, the way, exhibits and their books |
| `doubts` | clocks, what is not here, what is newer |
| `picture_text` | all of it, in order |
| `list_text` | one line of a list |
| `paper` | request, decisions, custody on paper, in both languages |
| `paper_request`, `paper_custody`, `paper_steps`, `paper_contents` | its sections, in this order |
| `paper_words` | what a paper is made from, and its words |
| `viewing` | the view of an operation of a client |
| `deconfliction` | what a desk was asked, and has answered |
| `review` | what an officer should look at once more before a step is signed |
"""
