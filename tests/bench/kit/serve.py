"""A serving process, as `ullage serve` is; under the sampler where the environment says so."""

from __future__ import annotations

import os
from contextlib import nullcontext

import uvloop

from adapters import logs, settings
from adapters.bootstrap import serving
from tests.bench.kit.sampling import PROFILE, sampled

if __name__ == "__main__":
    logs.configure(json=True)
    with sampled() if PROFILE in os.environ else nullcontext():
        uvloop.run(serving.serve(settings.read(os.environ)))
