"""Make the demonstration's extract of real seizures from the whole file.

``python -m tests.support.extract_demo_data WHOLE.csv.gz`` writes the same bytes every time: all
rows of five countries and the first thousand of the Russian Federation, in the file's
order, as they stand in it.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

import clients
from clients.formats.ids_rows import open_file

EXTRACT = Path(clients.__file__).parent / "demo" / "data" / "ids-caricc-2011-2014.csv.gz"
"""Where the extract lies."""

MOST_ROWS = {
    "Kazakhstan": None,
    "Kyrgyzstan": None,
    "Tajikistan": None,
    "Turkmenistan": None,
    "Uzbekistan": None,
    "Russian Federation": 1000,
}
"""Country to the number of rows taken; ``None`` for all. Azerbaijan reported none."""


def extract_lines(path: Path) -> Iterator[bytes]:
    """The line of column names and the chosen rows. No cell of these rows runs over two lines."""
    taken = dict.fromkeys(MOST_ROWS, 0)
    with open_file(path) as stream:
        yield stream.readline()
        for line in stream:
            country = line.split(b";", 3)[2].decode() if line.count(b";") > 3 else ""
            if country in taken and taken[country] != MOST_ROWS[country]:
                taken[country] += 1
                yield line


def main() -> None:
    """Write the extract of the file named on the command line."""
    content = b"".join(extract_lines(Path(sys.argv[1])))
    # Without file name and time, so that the bytes depend on the content alone.
    EXTRACT.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
