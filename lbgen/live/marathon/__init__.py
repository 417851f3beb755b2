"""A live Marathon as a source of apps: several endpoints, every kind of login, events, and failures of every kind."""

from lbgen.live.marathon.access import Access
from lbgen.live.marathon.credentials import BasicAuth, ServiceAccount, given_credentials
from lbgen.live.marathon.endpoint import Endpoint
from lbgen.live.marathon.source import MarathonSource

__all__ = ["Access", "BasicAuth", "Endpoint", "MarathonSource", "ServiceAccount", "given_credentials"]
