"""What libvirt says of a host, in the names of OpenStack's os-traits."""

from __future__ import annotations

from xml.etree import ElementTree as ET

# libvirt's names of CPU features; what is not here has no trait.
_CPU = {
    "3dnow": "3DNOW",
    "abm": "ABM",
    "aes": "AESNI",
    "amx-bf16": "AMXBF16",
    "amx-int8": "AMXINT8",
    "amx-tile": "AMXTILE",
    "avx": "AVX",
    "avx2": "AVX2",
    "avx512-vpopcntdq": "AVX512VPOPCNTDQ",
    "avx512bitalg": "AVX512BITALG",
    "avx512bw": "AVX512BW",
    "avx512cd": "AVX512CD",
    "avx512dq": "AVX512DQ",
    "avx512er": "AVX512ER",
    "avx512f": "AVX512F",
    "avx512ifma": "AVX512IFMA",
    "avx512pf": "AVX512PF",
    "avx512vbmi": "AVX512VBMI",
    "avx512vbmi2": "AVX512VBMI2",
    "avx512vl": "AVX512VL",
    "avx512vnni": "AVX512VNNI",
    "bmi1": "BMI",
    "bmi2": "BMI2",
    "f16c": "F16C",
    "fma": "FMA3",
    "fma4": "FMA4",
    "gfni": "AVX512GFNI",
    "mmx": "MMX",
    "mpx": "MPX",
    "pclmuldq": "CLMUL",
    "pdpe1gb": "PDPE1GB",
    "pni": "SSE3",
    "rtm": "TSX",
    "sgx": "SGX",
    "sha-ni": "SHA",
    "sse": "SSE",
    "sse2": "SSE2",
    "sse4.1": "SSE41",
    "sse4.2": "SSE42",
    "sse4a": "SSE4A",
    "ssse3": "SSSE3",
    "stibp": "STIBP",
    "svm": "AMD_SVM",
    "tbm": "TBM",
    "vaes": "AVX512VAES",
    "vmx": "INTEL_VMX",
    "vpclmulqdq": "AVX512VPCLMULQDQ",
    "xop": "XOP",
}
_BUSES = {"fdc", "ide", "sata", "scsi", "usb", "virtio"}
_VIDEO = {
    "bochs": "BOCHS",
    "cirrus": "CIRRUS",
    "none": "NONE",
    "qxl": "QXL",
    "vga": "VGA",
    "virtio": "VIRTIO",
    "vmvga": "VMVGA",
}
_TPM = {"tpm-tis": "TPM_TIS", "tpm-crb": "TPM_CRB"}
_TPM_VERSIONS = {"1.2": "TPM_1_2", "2.0": "TPM_2_0"}
_FIRMWARE = {"bios": "BIOS", "efi": "UEFI"}


def of_cpu(features: set[str]) -> set[str]:
    """Of an x86 CPU: elsewhere none of these names occurs."""
    return {f"HW_CPU_X86_{name}" for feature, name in _CPU.items() if feature in features}


def of_host(capabilities: ET.Element) -> set[str]:
    """The guests it runs, and threads that share a core."""
    found = {
        f"COMPUTE_ARCH_{arch.get('name', '').upper()}"
        for arch in capabilities.iterfind("./guest/arch[@name='x86_64']")
    }
    topology = capabilities.find("./host/cpu/topology")
    if topology is not None and int(topology.get("threads", 1)) > 1:
        found.add("HW_CPU_HYPERTHREADING")
    if capabilities.find("./host/migration_features/live") is not None:
        found.add("COMPUTE_MIGRATE_AUTO_CONVERGE")  # every migration of ours asks for it
    return found


def of_domains(capabilities: ET.Element | None) -> set[str]:
    """The devices that a template may ask for."""
    if capabilities is None:
        return set()
    found = {f"COMPUTE_STORAGE_BUS_{b.upper()}" for b in _BUSES & _values(capabilities, "disk/bus")}
    found |= _named(capabilities, "video/modelType", _VIDEO, "COMPUTE_GRAPHICS_MODEL_")
    found |= _named(capabilities, "tpm/model", _TPM, "COMPUTE_SECURITY_")
    found |= _named(capabilities, "tpm/backendVersion", _TPM_VERSIONS, "COMPUTE_SECURITY_")
    firmware = {value.text or "" for value in _enum(capabilities, "./os", "firmware")}
    found |= {f"COMPUTE_FIRMWARE_{_FIRMWARE[name]}" for name in firmware & _FIRMWARE.keys()}
    secure = {value.text for value in _enum(capabilities, "./os/loader", "secure")}
    return found | ({"COMPUTE_SECURITY_UEFI_SECURE_BOOT"} if "yes" in secure else set())


def _named(capabilities: ET.Element, of: str, names: dict[str, str], prefix: str) -> set[str]:
    return {f"{prefix}{names[value]}" for value in _values(capabilities, of) & names.keys()}


def _values(capabilities: ET.Element, of: str) -> set[str]:
    """What a device of this kind, if there can be one, can be."""
    device, enum = of.split("/")
    path = f"./devices/{device}[@supported='yes']"
    return {value.text or "" for value in _enum(capabilities, path, enum)}


def _enum(capabilities: ET.Element, path: str, name: str) -> list[ET.Element]:
    return capabilities.findall(f"{path}/enum[@name='{name}']/value")
