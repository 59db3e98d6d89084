"""Build script: what pyproject.toml cannot say.

- Every `constrain/**/*.pyx` becomes the extension module of the same dotted name, in C++. Each is optional: where no
  compiler is at hand the build goes on, and the package runs on its plain-Python reference. CONSTRAIN_PURE=1 builds none.
- A wheel carries `grammars/` and `schemas/` inside the package (`constrain/_assets/`); an editable install and a bare
  checkout read them where they lie (`constrain/assets.py`).
"""

import os
import shutil
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
DATA_FOLDERS = ("grammars", "schemas")


def extensions():
    """Return one optional C++ extension for each .pyx file, translated by Cython."""
    sources = sorted(path.relative_to(ROOT) for path in (ROOT / "constrain").rglob("*.pyx"))
    if not sources or os.environ.get("CONSTRAIN_PURE"):
        return []
    from Cython.Build import cythonize

    flags = ["/O2", "/std:c++17"] if sys.platform == "win32" else ["-O3", "-std=c++17"]
    modules = [
        Extension(
            ".".join(source.with_suffix("").parts),
            [source.as_posix()],
            language="c++",
            extra_compile_args=flags,
        )
        for source in sources
    ]
    modules = cythonize(modules, language_level=3, annotate=False)
    for module in modules:
        module.optional = True  # said here, because cythonize does not hand it on
    return modules


class BuildPackage(build_py):
    """Copies the data folders into the package of a wheel."""

    def _assets(self):
        target = Path(self.build_lib, "constrain", "_assets")
        for folder in DATA_FOLDERS:
            for source in sorted((ROOT / folder).rglob("*")):
                if source.is_file():
                    yield source, target / source.relative_to(ROOT)

    def run(self):
        super().run()
        if self.editable_mode:
            return
        for source, target in self._assets():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    def get_outputs(self, include_bytecode=True):
        assets = [] if self.editable_mode else [str(target) for _, target in self._assets()]
        return super().get_outputs(include_bytecode) + assets


if __name__ == "__main__":
    setup(
        ext_modules=extensions(),
        cmdclass={"build_py": BuildPackage},
        options={"build_ext": {"parallel": os.cpu_count() or 1}},
    )
