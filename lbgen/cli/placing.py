"""Where results go: standard output, a file, or a directory with one file for each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.errors import ToolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_directory(output: str) -> bool:
    """Whether what `-o` names is a directory: it ends in a slash, or is one."""
    return output.endswith(os.sep) or Path(output).is_dir()


def write_each(texts: Mapping[str, str], output: str) -> None:
    """Writes each text: into the directory under its name, or the only one to the file.

    Raises UsageError where there are several texts and one file, ToolError where one cannot be written.
    """
    from lbgen.pipeline.output import write_files

    if not is_directory(output):
        if len(texts) > 1:
            message = (
                f"-o {output}: there are {len(texts)} files to write: {', '.join(texts)}; name a directory, as DIR/"
            )
            raise UsageError(message)
        write_files({Path(output): text for text in texts.values()})
        return
    try:
        Path(output).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot write {output}: {error.strerror}"
        raise ToolError(message) from None
    write_files({Path(output, name): text for name, text in texts.items()})
