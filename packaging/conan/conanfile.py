"""The Conan 2 recipe of Inlay: conan create packaging/conan

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rm, rmdir


class Inlay(ConanFile):
    name = "inlay"
    description = "A header-only C++20 deep-learning compiler"
    license = "Apache-2.0 WITH LLVM-exception"
    topics = ("deep-learning", "onnx", "compiler", "header-only", "constexpr")
    settings = "os", "arch", "compiler", "build_type"
    # The compiled library that loads models while a program runs, with the vectors of Highway; and
    # the vectors of xsimd for networks that are constants.
    options = {"interpreter": [True, False], "xsimd": [True, False]}
    default_options = {"interpreter": False, "xsimd": False}
    package_type = "static-library"

    def set_version(self):
        header = load(self, os.path.join(self._sources, "include/inlay/core/config.hpp"))
        self.version = ".".join(re.search(rf"INLAY_VERSION_{part} (\d+)", header)[1]
                                for part in ("MAJOR", "MINOR", "PATCH"))

    @property
    def _sources(self):
        return os.path.join(self.recipe_folder, "..", "..")

    def configure(self):
        if not self.options.interpreter:
            self.package_type = "header-library"

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*"):
            copy(self, pattern, self._sources, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        if self.options.interpreter:
            self.requires("highway/[>=1.0.3]")
        if self.options.xsimd:
            self.requires("xsimd/[>=8.1.0]")

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        if not self.info.options.interpreter:
            self.info.clear()

    def generate(self):
        toolchain = CMakeToolchain(self)
        for part in ("TESTS", "EXAMPLES", "TOOLS", "BENCHMARKS", "JIT"):
            toolchain.cache_variables[f"INLAY_BUILD_{part}"] = False
        toolchain.cache_variables["INLAY_WARNINGS_AS_ERRORS"] = False
        toolchain.cache_variables["INLAY_BUILD_INTERPRETER"] = bool(self.options.interpreter)
        if self.options.interpreter:
            highway = self.dependencies["highway"].cpp_info.includedirs[0]
            toolchain.cache_variables["INLAY_HIGHWAY_INCLUDE"] = highway
        if self.options.xsimd:
            xsimd = self.dependencies["xsimd"].cpp_info.includedirs[0]
            toolchain.cache_variables["INLAY_XSIMD_INCLUDE"] = xsimd
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        # Conan writes what CMake and pkg-config find; the functions stay.
        for folder in ("lib/cmake/inlay", "share/cmake/inlay"):
            for name in ("inlay-config*.cmake", "*-targets*.cmake", "find_*.cmake"):
                rm(self, name, os.path.join(self.package_folder, folder))
        for folder in ("lib/pkgconfig", "share/pkgconfig"):
            rmdir(self, os.path.join(self.package_folder, folder))

    def package_info(self):
        cpp = self.cpp_info
        cpp.set_property("cmake_file_name", "inlay")
        folder = "lib/cmake/inlay" if self.options.interpreter else "share/cmake/inlay"
        modules = ("inlay_add_operators.cmake", "inlay_embed.cmake")
        cpp.set_property("cmake_build_modules", [os.path.join(folder, name) for name in modules])
        inlay = cpp.components["inlay"]
        inlay.set_property("cmake_target_name", "inlay::inlay")
        inlay.libdirs, inlay.bindirs = [], []
        if self.options.xsimd:
            batches = cpp.components["xsimd"]
            batches.set_property("cmake_target_name", "inlay::xsimd")
            batches.requires = ["inlay", "xsimd::xsimd"]
            batches.libdirs, batches.bindirs = [], []
        if self.options.interpreter:
            vectors = cpp.components["highway"]
            vectors.set_property("cmake_target_name", "inlay::highway")
            vectors.requires = ["inlay", "highway::highway"]
            vectors.libdirs, vectors.bindirs = [], []
            interpreter = cpp.components["interpreter"]
            interpreter.set_property("cmake_target_name", "inlay::interpreter")
            interpreter.libs = ["inlay_interpreter"]
            interpreter.requires = ["inlay"]
            if self.settings.os == "Linux":
                interpreter.system_libs = ["pthread"]
