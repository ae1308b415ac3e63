#!/usr/bin/env python3
"""Packs a release into target/dist: a .deb, a .tar.gz, SBOM, licences and check sums.

With PROMISED_BIN=FILE that binary is packed and nothing is built; else `cargo build --profile dist`. Needs dpkg-deb for the
.deb. The same input gives the same bytes (SOURCE_DATE_EPOCH, else the date of the last commit).
"""
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DIST = pathlib.Path(os.environ.get("PROMISED_DIST") or ROOT / "target" / "dist")
SHELLS = {
    "bash": "usr/share/bash-completion/completions/promised",
    "zsh": "usr/share/zsh/vendor-completions/_promised",
    "fish": "usr/share/fish/vendor_completions.d/promised.fish",
}
POSTINST = """#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    if [ "$1" = configure ] && [ -n "$2" ]; then systemctl try-restart promised.service || true; fi
fi
"""
PRERM = """#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl --no-reload disable --now promised.service || true; fi
"""


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, cwd=ROOT, **more).stdout


def metadata():
    # What other platforms would need is neither in the package nor on this machine.
    told = run("rustc", "-vV").decode()
    host = next(line.removeprefix("host: ") for line in told.splitlines() if line.startswith("host: "))
    return json.loads(run("cargo", "metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host))


def shipped(everything):
    """The packages that are in the binary: what the package promised needs, and what that needs, without tests."""
    nodes = {node["id"]: node for node in everything["resolve"]["nodes"]}
    packages = {package["id"]: package for package in everything["packages"]}
    root = next(id for id, package in packages.items() if package["name"] == "promised")
    seen, todo = set(), [root]
    while todo:
        id = todo.pop()
        if id in seen:
            continue
        seen.add(id)
        for dependency in nodes[id]["deps"]:
            if any(kind["kind"] in (None, "build") for kind in dependency["dep_kinds"]):
                todo.append(dependency["pkg"])
    return sorted((packages[id] for id in seen), key=lambda package: (package["name"], package["version"]))


def sbom(packages, version):
    components = []
    for package in packages:
        if package["name"] == "promised":
            continue
        purl = f"pkg:cargo/{package['name']}@{package['version']}"
        component = {"type": "library", "bom-ref": purl, "name": package["name"], "version": package["version"], "purl": purl}
        if package["license"]:
            component["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        components.append(component)
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "version": 1,
            "metadata": {"component": {"type": "application", "name": "promised", "version": version}},
            "components": components,
        },
        indent=1,
    )


def licences(packages):
    text = ["Promised is under the MIT licence. It is built of these packages:\n"]
    for package in packages:
        if package["name"] in ("promised", "promised-proto"):
            continue
        text.append(f"\n{'=' * 100}\n{package['name']} {package['version']}: {package['license'] or 'see its files'}\n")
        directory = pathlib.Path(package["manifest_path"]).parent
        for file in sorted(directory.iterdir()):
            if file.is_file() and file.name.upper().split(".")[0].split("-")[0] in ("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"):
                text.append(f"\n--- {file.name}\n{file.read_text(errors='replace')}")
    return "".join(text)


def install(tree, place, content, mode=0o644):
    path = tree / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, pathlib.Path):
        shutil.copyfile(content, path)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)


def lay_out(tree, binary, licences_text):
    install(tree, "usr/bin/promised", binary, 0o755)
    install(tree, "lib/systemd/system/promised.service", ROOT / "ops/promised.service")
    install(tree, "etc/promised/promised.toml", ROOT / "ops/promised.toml")
    for name in ("alerts.yml", "dashboard.json"):
        install(tree, f"usr/share/promised/{name}", ROOT / "ops" / name)
    for name in ("operator.md",):
        install(tree, f"usr/share/doc/promised/{name}", ROOT / "docs" / name)
    install(tree, "usr/share/doc/promised/copyright", licences_text)
    changelog = gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), mtime=0)
    install(tree, "usr/share/doc/promised/changelog.gz", changelog)
    for shell, place in SHELLS.items():
        install(tree, place, run(str(binary), "completions", shell))
    with tempfile.TemporaryDirectory() as pages:
        run(str(binary), "man", pages)
        for page in sorted(pathlib.Path(pages).iterdir()):
            install(tree, f"usr/share/man/man1/{page.name}.gz", gzip.compress(page.read_bytes(), mtime=0))


def control(version, tree):
    size = sum(file.stat().st_size for file in tree.rglob("*") if file.is_file()) // 1024
    return f"""Package: promised
Version: {version}
Architecture: amd64
Maintainer: The maintainers of Promised <maintainers@users.noreply.example>
Installed-Size: {size}
Depends: libc6 (>= 2.36), libgcc-s1
Section: misc
Priority: optional
Description: In-memory order promising
 Tells when it can be there, from where, made of what, and keeps its word: available-,
 capable- and profitable-to-promise over gRPC, with a journal.
"""


def deb(tree, version, epoch):
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory) / "root"
        shutil.copytree(tree, root)
        install(root, "DEBIAN/control", control(version, tree))
        install(root, "DEBIAN/conffiles", "/etc/promised/promised.toml\n")
        install(root, "DEBIAN/postinst", POSTINST, 0o755)
        install(root, "DEBIAN/prerm", PRERM, 0o755)
        for path in root.rglob("*"):
            if path.is_dir():
                path.chmod(0o755)
        root.chmod(0o755)
        out = DIST / f"promised_{version}_amd64.deb"
        run("dpkg-deb", "--root-owner-group", "--build", str(root), str(out), env={**os.environ, "SOURCE_DATE_EPOCH": epoch})


def tarball(tree, version, epoch):
    name = f"promised-{version}-x86_64-linux"

    def plain(info):
        info.uid = info.gid = 0
        info.uname = info.gname = "root"
        info.mtime = int(epoch)
        return info

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in sorted(tree.rglob("*")):
            if path.is_file():
                tar.add(path, f"{name}/{path.relative_to(tree)}", filter=plain)
    (DIST / f"{name}.tar.gz").write_bytes(gzip.compress(buffer.getvalue(), mtime=0))


def main():
    everything = metadata()
    packages = shipped(everything)
    version = next(package["version"] for package in packages if package["name"] == "promised")
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or run("git", "log", "-1", "--format=%ct").decode().strip()
    binary = os.environ.get("PROMISED_BIN")
    if not binary:
        subprocess.run(["cargo", "build", "--locked", "--profile", "dist"], check=True, cwd=ROOT)
        binary = pathlib.Path(everything["target_directory"]) / "dist" / "promised"
    binary = pathlib.Path(binary).resolve()
    with tempfile.TemporaryDirectory() as directory:
        own = pathlib.Path(directory) / "promised"
        shutil.copy(binary, own)
        own.chmod(0o755)
        DIST.mkdir(parents=True, exist_ok=True)
        for old in [*DIST.glob("promised_*.deb"), *DIST.glob("promised-*.tar.gz")]:
            old.unlink()
        text = licences(packages)
        (DIST / "LICENSES.txt").write_text(text)
        (DIST / "sbom.cdx.json").write_text(sbom(packages, version))
        tree = pathlib.Path(directory) / "tree"
        lay_out(tree, own, text)
        tarball(tree, version, epoch)
        if shutil.which("dpkg-deb"):
            deb(tree, version, epoch)
        else:
            print("skipped: no .deb, dpkg-deb is not there", file=sys.stderr)
    names = [f"promised_{version}_amd64.deb", f"promised-{version}-x86_64-linux.tar.gz", "sbom.cdx.json", "LICENSES.txt"]
    present = [DIST / name for name in names if (DIST / name).exists()]
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in present)
    (DIST / "SHA256SUMS").write_text(sums)
    print(sums, end="")


main()
