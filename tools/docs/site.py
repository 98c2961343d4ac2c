#!/usr/bin/env python3
"""Makes a site of the pages: site.py OUTPUT, or looks only at their links: site.py --check

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

The pages keep their places, and the files that they link to lie beside them, so that every link is
right here and there. MkDocs stops at one that is not. Where Doxygen is installed, it makes pages of
the public headers, under api/.
"""

import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
# What stands in code is no link.
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def files_of_site():
    """The pages, and the files that they link to."""
    pages = [ROOT / name for name in PAGES] + sorted((ROOT / "docs").glob("*.md"))
    pages += sorted((ROOT / "examples").glob("*/README.md"))
    wanted = set(pages)
    for page in pages:
        for target in LINK.findall(CODE.sub("", page.read_text())):
            path = (page.parent / target).resolve()
            if not path.exists() or not path.is_relative_to(ROOT):
                sys.exit(f"{page.relative_to(ROOT)} links to {target}, which is not there.")
            wanted |= {path} if path.is_file() else set()
    return wanted


def copy_pages(folder):
    for path in files_of_site():
        place = folder / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        # MkDocs wants a page where a link leads to a folder.
        text = path.read_text()
        if path.suffix == ".md":
            text = re.sub(r"\]\((\S*examples/\w+)\)", r"](\1/README.md)", text)
            text = re.sub(r"\]\((\.\./lenet)\)", r"](\1/README.md)", text)
        place.write_text(text)


def make_reference(folder):
    if shutil.which("doxygen") is None:
        print("There is no doxygen: the site has no pages of the headers but the list of them.")
        return
    settings = (HERE / "Doxyfile").read_text() + (
        f"INPUT = {ROOT}/include/inlay\nSTRIP_FROM_PATH = {ROOT}/include\n"
        f"OUTPUT_DIRECTORY = {folder}\nHTML_OUTPUT = api\n")
    subprocess.run(["doxygen", "-"], input=settings, text=True, check=True)
    print(f"{len(list((folder / 'api').glob('*.html')))} pages of the headers, {folder}/api")


def main(output):
    if output == "--check":
        print(f"{len(files_of_site())} files, and all links lead to one.")
        return
    output = pathlib.Path(output).resolve()
    pages, site = output / "pages", output / "site"
    for folder in (pages, site):
        shutil.rmtree(folder, ignore_errors=True)
    copy_pages(pages)
    shutil.copy(HERE / "mkdocs.yml", output / "mkdocs.yml")
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet",
                    "--config-file", output / "mkdocs.yml"], check=True)
    print(f"{len(list(site.rglob('*.html')))} pages, {site}/index.html")
    make_reference(site)


if __name__ == "__main__":
    main(sys.argv[1])
