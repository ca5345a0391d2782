"""A tiny Linux guest, made of Debian's kernel and busybox: small enough to boot without KVM."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import lzma
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

# In the order in which they need each other.
_MODULES = (
    "virtio_ring",
    "virtio",
    "virtio_pci_legacy_dev",
    "virtio_pci_modern_dev",
    "virtio_pci",
    "virtio_balloon",
    "virtio_mem",
    "virtio_console",
    "evdev",
    "button",
)
_BUSYBOX = Path("/bin/busybox")


class GuestFiles(msgspec.Struct, frozen=True, kw_only=True):
    """What QEMU boots. Readable by everybody: QEMU may run as somebody else."""

    kernel: Path
    initrd: Path


class CannotBuild(Exception):
    """The guest cannot be made here; the text says what is missing."""


def build(folder: Path) -> GuestFiles:
    """The guest's files in ``folder``, made when they are not there yet.

    Takes the kernel (27 MB) and the guest agent from Debian's archive with ``apt-get download``,
    which needs no root; installs nothing. Needs busybox-static. Raises CannotBuild.
    """
    init = resources.files("adapters.demo.machines").joinpath("guest_init.sh").read_bytes()
    name = hashlib.sha256(init + repr(_MODULES).encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    files = GuestFiles(kernel=folder / f"vmlinuz-{name}", initrd=folder / f"initrd-{name}.gz")
    with _alone(folder):
        if not (files.kernel.exists() and files.initrd.exists()):
            with TemporaryDirectory(dir=folder) as work:
                _make(Path(work), init, files)
    return files


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two who need it at the same time make it once."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(work: Path, init: bytes, files: GuestFiles) -> None:
    if not _BUSYBOX.exists():
        raise CannotBuild("busybox is missing: apt-get install busybox-static")
    kernel = _unpacked(_kernel_package(), work)
    root = work / "root"
    for path in ("bin", "modules", "proc", "sys", "dev", "tmp", "run"):
        (root / path).mkdir(parents=True)
    shutil.copy(_BUSYBOX, root / "bin/busybox")
    _copy_modules(kernel / "lib/modules", root / "modules")
    _copy_agent(_unpacked("qemu-guest-agent", work) / "usr/sbin/qemu-ga", root)
    (root / "init").write_bytes(init)
    (root / "init").chmod(0o755)
    _publish(_packed(root), files.initrd)
    _publish(next((kernel / "boot").glob("vmlinuz-*")).read_bytes(), files.kernel)


def _kernel_package() -> str:
    """The name behind the meta package. Debian's cloud kernel has the fewest drivers."""
    lines = _run("apt-cache", "depends", "linux-image-cloud-amd64").splitlines()
    names = [line.split()[-1] for line in lines if "Depends: linux-image" in line]
    if not names:
        raise CannotBuild("apt knows no linux-image-cloud-amd64: apt-get update may help")
    return names[0]


def _unpacked(package: str, work: Path) -> Path:
    place = work / package
    place.mkdir()
    # As root, apt would download as a user who may not write here.
    _run("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package, cwd=place)
    _run("dpkg-deb", "-x", str(next(place.glob("*.deb"))), str(place))
    return place


def _copy_modules(source: Path, target: Path) -> None:
    """Debian 13 packs them; busybox wants them plain."""
    order = []
    for name in _MODULES:
        for found in source.rglob(f"{name}.ko*"):
            packed = found.read_bytes()
            plain = lzma.decompress(packed) if found.suffix == ".xz" else packed
            (target / f"{name}.ko").write_bytes(plain)
            order.append(name)
    (target / "order").write_text("\n".join(order) + "\n")


def _copy_agent(agent: Path, root: Path) -> None:
    """With the libraries it needs, from this machine. Without them the guest has no agent."""
    needs = _run("ldd", str(agent))
    if "not found" in needs:
        return
    shutil.copy(agent, root / "bin/qemu-ga")
    for word in needs.split():
        if word.startswith("/"):
            target = root / word.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(word, target)


def _packed(root: Path) -> bytes:
    """The archive that the kernel unpacks into its first file system."""
    names = "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
    archive = subprocess.run(
        [_BUSYBOX, "cpio", "-o", "-H", "newc"],
        cwd=root,
        input=names.encode(),
        capture_output=True,
        check=True,
    )
    return gzip.compress(archive.stdout, compresslevel=1)


def _publish(content: bytes, path: Path) -> None:
    """All of it or nothing, under its name."""
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.chmod(0o644)
    part.replace(path)


def _run(*command: str, cwd: Path | None = None) -> str:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True)
    except FileNotFoundError as e:
        raise CannotBuild(f"{command[0]} is missing") from e
    except subprocess.CalledProcessError as e:
        raise CannotBuild(f"{' '.join(command)} failed: {e.stderr.strip()}") from e
    return done.stdout
