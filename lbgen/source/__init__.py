"""The documents that users hand in: their text, their value, and where in the text each part of the value stands."""

from lbgen.source.document import Document, DuplicateKey
from lbgen.source.loading import load
from lbgen.source.reading import find_documents, read

__all__ = ["Document", "DuplicateKey", "find_documents", "load", "read"]
