"""What comes back: an answer that is what was asked for, a refusal in the server's words, or what is no answer."""

from __future__ import annotations

from typing import Any, NamedTuple

import jiter

from lbgen.errors import LbgenError, ToolError

_LOOKS_LIKE_HTML = b"<"


class RefusedError(LbgenError):
    """The server says no, and is to be taken at its word."""


class Answer(NamedTuple):
    """What a server answered; `url` names it in messages, `kind` is the type of the content.

    `etag` is what it calls the content's revision, empty where that cannot be compared.
    """

    url: str
    status: int
    kind: str
    content: bytes
    location: str = ""
    etag: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is a page for a browser: of a proxy, a login, or of another server altogether."""
        plain = self.kind.startswith(("text/plain", "application/json"))
        return "html" in self.kind or (not plain and self.content.lstrip()[:1] == _LOOKS_LIKE_HTML)

    def text(self) -> str:
        """The content as text; raises ToolError where it is none."""
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            raise ToolError(f"{self.url} answers with what is no text") from None

    def json(self) -> Any:
        """The value in the content; raises ToolError where it is no JSON."""
        try:
            return jiter.from_json(self.content, allow_inf_nan=False)
        except (ValueError, RecursionError):
            raise ToolError(f"{self.url} answers with what is no JSON", help=_IS_IT) from None

    def object(self) -> dict[str, Any]:
        """The object in the content; raises ToolError where there is none."""
        value = self.json()
        if not isinstance(value, dict):
            raise self.strange()
        return value

    def strange(self) -> ToolError:
        """The error for content that is JSON, and not what an Edge-LB answers with."""
        return ToolError(f"{self.url} answers with other JSON than Edge-LB does", help=_IS_IT)


_IS_IT = "is that the URL of an Edge-LB, or of `lbgen serve edge-lb`?"


def judged(answer: Answer, *, token: bool) -> Answer:
    """The answer where it is a good one; `token` says whether one was shown.

    Raises RefusedError for what the server refuses, ToolError for all that is no answer of an Edge-LB to whoever asks.
    """
    if 300 <= answer.status < 400:
        raise ToolError(f"{answer.url} redirects to {answer.location or 'nowhere'}", help=_FOLLOW)
    if answer.status == 401:
        said = "does not accept the token (401)" if token else "wants a token (401)"
        raise ToolError(f"{answer.url} {said}", help="give it with --token-file, or in LBGEN_EDGELB_TOKEN")
    if answer.status == 403:
        said = " (403)" if answer.is_page else f": {_reason(answer)}"
        raise ToolError(f"{answer.url} does not allow this{said}")
    if answer.is_page:
        raise ToolError(f"{answer.url} answers with an HTML page ({answer.status})", help=_IS_IT)
    if answer.status >= 500:
        raise ToolError(f"{answer.url} cannot do it: {_reason(answer)}")
    if answer.status >= 400:
        raise RefusedError(_reason(answer), help=_CHANGED if answer.status == 412 else "")
    if answer.status not in {200, 201, 202, 204}:
        raise ToolError(f"{answer.url} answers {answer.status}", help=_IS_IT)
    return answer


_CHANGED = "nothing was changed: see what it is now with `lbgen edgelb show`, and update that"
_FOLLOW = "redirects are not followed: give that as --url, if it is where you want to go"


def _reason(answer: Answer) -> str:
    """The sentence in the answer, with its status and, where that is another, its code."""
    sentence, code = _said(answer)
    also = f", code {code}" if code not in {None, answer.status} else ""
    return f"{sentence or 'it gives no reason'} ({answer.status}{also})"


def _said(answer: Answer) -> tuple[str, int | None]:
    try:
        value = jiter.from_json(answer.content)
    except (ValueError, RecursionError):
        return answer.content.decode(errors="replace").strip(), None
    if not isinstance(value, dict):
        return str(value) if isinstance(value, str) else "", None
    message, code = value.get("message"), value.get("code")
    return message if isinstance(message, str) else "", code if type(code) is int else None
