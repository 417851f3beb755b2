"""One function per arrow: from files to documents, apps, services, a plan, a text, and what HAProxy says of it."""

from lbgen.pipeline.generate import Generated, from_apps
from lbgen.pipeline.inputs import Inputs, from_values, read_inputs
from lbgen.pipeline.options import Options

__all__ = ["Generated", "Inputs", "Options", "from_apps", "from_values", "read_inputs"]
