#!/bin/sh
# Installs the Debian packages that are missing; where none is missing it does nothing.
#
#   packages.sh build    to build the environment: compiler, headers. Fails without them.
#   packages.sh guest    to run a real Linux guest in QEMU. Without them it says what is lost.
#   packages.sh bench    to load the HTTP interface. Fails without them.
#   packages.sh clocks   to run tests at other times than now. Fails without them.
set -eu

python=${PYTHON:-python3}
headers='import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")'

# The first argument is the package; the others are what must work, however it came here.
needs() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

installed() {
    test "$(dpkg-query -W -f '${db:Status-Status}' "$1")" = installed
}

# The kernel and the agent of the guest are taken from Debian's archive without installing them.
archive_known() {
    test -n "$(apt-cache --quiet=2 show linux-image-cloud-amd64)"
}

missing_for_build() {
    needs python3-venv "$python" -c 'import ensurepip, venv'
    needs python3-dev "$python" -c "$headers"
    needs gcc command -v gcc
    needs pkg-config command -v pkg-config
    needs libvirt-dev pkg-config --exists libvirt
    needs ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
}

missing_for_guest() {
    for package in libvirt-daemon libvirt-daemon-driver-qemu qemu-system-x86 busybox-static; do
        needs "$package" installed "$package"
    done
    needs util-linux command -v unshare
}

# Sets `rights` to what must stand before a command so that it runs as root.
find_rights() {
    if test "$(id -u)" -eq 0; then
        rights=
    elif ! command -v sudo >/dev/null; then
        return 1
    elif sudo -n true 2>/dev/null; then
        rights='sudo -n'
    elif test -t 0; then
        rights=sudo # it asks for the password
    else
        return 1
    fi
}

# sudo forgets the environment, and a proxy may be the only way out.
as_root() {
    $rights env DEBIAN_FRONTEND=noninteractive \
        ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
        ${no_proxy:+"no_proxy=$no_proxy"} "$@"
}

# --no-remove: nothing that somebody else uses on this machine may go.
install_missing() {
    as_root apt-get update -q=2 -o DPkg::Lock::Timeout=300 ||
        echo "apt-get update failed; going on with the lists that are there" >&2
    # Package names hold no spaces.
    # shellcheck disable=SC2086
    test -z "$missing" || as_root apt-get install -q=2 --yes --no-install-recommends --no-remove \
        -o DPkg::Lock::Timeout=300 $missing >/dev/null
}

provide() {
    what=${missing:- nothing but the lists of packages}
    if ! command -v apt-get >/dev/null; then
        echo "missing:$what (Debian's names); there is no apt-get to install them with" >&2
        return 1
    elif ! find_rights; then
        echo "missing:$what" >&2
        echo "You are not root and sudo does not let you. Please have this done:" >&2
        echo "    apt-get update${missing:+ && apt-get install --no-install-recommends$missing}" >&2
        return 1
    fi
    echo "Installing Debian packages as root${rights:+ (with $rights)}:$what"
    install_missing
}

without_guest() {
    echo "No real Linux guest on this machine: $1." >&2
    echo "Everything else works; servers are then those of libvirt's test driver." >&2
    exit 0
}

missing=
case ${1:-} in
build)
    missing_for_build
    test -z "$missing" || provide
    ;;
guest)
    test "$(dpkg --print-architecture 2>/dev/null)" = amd64 ||
        without_guest "it is for Debian on amd64"
    missing_for_guest
    if test -n "$missing" || ! archive_known; then
        provide || without_guest "packages are missing"
    fi
    ;;
bench)
    needs wrk command -v wrk
    test -z "$missing" || provide
    ;;
clocks)
    needs faketime command -v faketime
    test -z "$missing" || provide
    ;;
*)
    echo "usage: $0 build|guest|bench|clocks" >&2
    exit 2
    ;;
esac
