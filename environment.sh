#!/bin/sh
# Makes .venv, the Python environment, as uv.lock says it.
#
# Settings of pip and uv hold as everywhere: PIP_*, UV_*, SSL_CERT_FILE, pip's configuration files.
set -eu

cd "$(dirname "$0")"
uv_version=0.13.8
python=$(command -v "${PYTHON:-python3}")

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "$python is older than Python 3.11; name another one: make PYTHON=..." >&2
    exit 1
}

# Certificates as the machine trusts them, as a mirror of the registry may have its own.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"

# The uv that is there, if it can read our lock file; else one of our own.
find_uv() {
    uv=$(command -v uv || true)
    if test -z "$uv" || ! "$uv" export --frozen --quiet >/dev/null 2>&1; then
        uv=.uv/bin/uv
        test "$("$uv" --version 2>/dev/null | cut -d ' ' -f 2)" = "$uv_version" || install_uv
    fi
}

install_uv() {
    "$python" -m venv --clear .uv
    echo '*' >.uv/.gitignore
    .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
}

with_uv() {
    "$uv" sync --frozen --quiet --python "$python" --no-python-downloads
}

# pip has settings that uv does not know, such as a mirror in its own configuration file. What is
# installed is the same: versions and hashes come from uv.lock.
with_pip() {
    echo "uv did not succeed; trying with pip, in the versions that uv.lock names" >&2
    "$python" -m venv --clear .venv
    echo '*' >.venv/.gitignore
    "$uv" export --frozen --quiet --offline --no-emit-project --output-file .venv/locked.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement .venv/locked.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
}

echo "Making .venv with $("$python" --version)"
find_uv
with_uv || with_pip
