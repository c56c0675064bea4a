"""Papers as PDF: typed blocks in, bytes out; the same bytes for the same blocks.

| module | what |
|---|---|
| `blocks` | what a paper is made of |
| `letters` | texts of others as a page can show them: whole, or with a word on what is not shown |
| `setting` | setting the blocks on pages: PDF/A-2a, with the fonts of this package in it |
"""
