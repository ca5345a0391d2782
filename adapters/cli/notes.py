"""What the help page of a command says beside its one sentence."""

from __future__ import annotations

_CEILING = "say how far its servers may be scaled."

NOTES: dict[str, str] = {
    "plan": "Exits with the code that the scale would have without consent.",
    "scale": "Without --wait it ends as soon as the request is recorded.",
    "scale-many": (
        'A scale is {"server": "web-1", "vcpus": 4, "memory_mib": 8192}; "consent" and "plan" may '
        "be added. Exits with the code of the first that is refused."
    ),
    "recommend": "Exits 0 if accepted or no change, 5 if deferred, and else as the scale would.",
    "server build": "Quota, host and ceiling are decided at once; the machine follows.",
    "server stop": "The guest is asked to shut down; one that does not is switched off.",
    "server resize": "What it had is held until the resize is confirmed or reverted.",
    "server set": "What is not given stays.",
    "server ceiling": "What is not given stays. Without a ceiling a server is not scaled.",
    "flavor create": f"The properties hw:max_vcpus and hw:max_memory_mb {_CEILING}",
    "flavor set": "What is not given stays. --access replaces the list; --no-access empties it.",
    "image create": f"The properties hw_max_vcpus and hw_max_memory_mb {_CEILING}",
    "image set": "What is not given stays.",
    "group join": "Refused where the server's host does not suit the group's policy.",
    "window set": "What is not given stays, unless the window is new.",
    "autoscaling set": "What is not given stays, unless the rules are new.",
    "host set": "What is not given stays. What servers already hold is not touched.",
    "quota set": "Limits are written as cores=20, cores=unlimited or cores=default.",
    "quota class set": "They hold from the next request on; what exists is not touched.",
    "usage": "Of the last 30 days, if no time is given. Stopped servers count.",
    "demo": (
        "It has a PostgreSQL of its own, unless ULLAGE_DSN names one. It exits 1 if it could not "
        "run a guest."
    ),
    "migrate": "Safe to repeat, and when several processes start at once.",
}
