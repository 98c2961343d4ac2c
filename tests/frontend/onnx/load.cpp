// Models are loaded from files, and from none that they should not reach.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/onnx/load.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <type_traits>

#include "inlay/frontend/onnx/portable_files.hpp"
#include "inlay/frontend/onnx/posix_files.hpp"
#include "protobuf.hpp"

namespace {

using namespace inlay;
using namespace std::string_view_literals;
using protobuf::message;
namespace fs = std::filesystem;

/// A folder that goes with its files when the test ends.
struct temporary_folder {
  fs::path path = fs::temp_directory_path() / ("inlay_load_" + std::to_string(::getpid()));

  temporary_folder() {
    fs::remove_all(path);
    fs::create_directories(path / "model" / "inner");
  }
  temporary_folder(temporary_folder const&) = delete;
  temporary_folder& operator=(temporary_folder const&) = delete;
  ~temporary_folder() { fs::remove_all(path); }

  fs::path write(fs::path const& name, std::string_view bytes) const {
    std::ofstream(path / name, std::ios::binary).write(bytes.data(), std::ssize(bytes));
    return path / name;
  }
};

constexpr auto weights = "????\0\0\x80\x3f\0\0\0\x40?"sv;
constexpr auto one_and_two = "\0\0\x80\x3f\0\0\0\x40"sv;

message tensor_at(std::string_view name, std::string_view location, std::string_view offset = "4",
                  std::string_view length = "8") {
  auto const entry = [](std::string_view key, std::string_view text) {
    return message().text(1, key).text(2, text);
  };
  return message()
      .integer(1, 2)
      .integer(2, 1)
      .text(8, name)
      .sub(13, entry("location", location))
      .sub(13, entry("offset", offset))
      .sub(13, entry("length", length))
      .integer(14, 1);
}

template <class Files> result<onnx_file> load(fs::path const& path) {
  auto const mapped = detail::load_onnx<Files>(path, file_access::map);
  auto const copied = detail::load_onnx<Files>(path, file_access::copy);
  CHECK(mapped.failure().text.view() == copied.failure().text.view());
  return detail::load_onnx<Files>(path, file_access::map);
}

template <class Files> std::string failure_of(fs::path const& path) {
  return std::string(load<Files>(path).failure().text.view());
}

/// What loading says of a model of one tensor in that file.
template <class Files>
std::string failure_at(temporary_folder const& folder, std::string_view location,
                       std::string_view offset = "4", std::string_view length = "8") {
  auto const file = protobuf::model_of_tensor(tensor_at("w", location, offset, length));
  return failure_of<Files>(folder.write("model/external.onnx", file.view()));
}

TEST_CASE_TEMPLATE("a model is loaded with the files beside it, each once", Files,
                   detail::posix_files, detail::portable_files) {
  temporary_folder const folder;
  folder.write("model/weights.bin", weights);
  folder.write("model/inner/a b.bin", one_and_two);
  auto const graph = message()
                         .sub(5, tensor_at("a", "weights.bin"))
                         .sub(5, tensor_at("b", "./inner//a b.bin", "0"))
                         .sub(5, tensor_at("c", "inner/./a b.bin", "0"))
                         .sub(12, protobuf::output("a"))
                         .sub(12, protobuf::output("b"))
                         .sub(12, protobuf::output("c"));
  auto const path = folder.write("model/m.onnx", protobuf::model(graph).view());
  for (auto const access : {file_access::map, file_access::copy}) {
    auto loaded = detail::load_onnx<Files>(path, access);
    REQUIRE(loaded.failure().text.view() == "");
    auto const moved = std::move(loaded.value());
    REQUIRE(moved.graph.constants.size() == 3);
    for (auto const& c : moved.graph.constants) CHECK(moved.graph.bytes_of(c) == one_and_two);
    CHECK(moved.externals.size() == 2);
  }
}

TEST_CASE("a model in the folder of the process, and its file, are loaded by name") {
  temporary_folder const folder;
  folder.write("model/weights.bin", weights);
  auto const file = protobuf::model_of_tensor(tensor_at("w", "weights.bin"));
  auto const path = folder.write("model/m.onnx", file.view());
  auto const before = fs::current_path();
  fs::current_path(folder.path / "model");
  auto const beside = load_onnx("m.onnx");
  fs::current_path(before);
  CHECK(beside.failure().text.view() == "");
  CHECK(load_onnx_copy(path).failure().text.view() == "");
}

TEST_CASE_TEMPLATE("a file that is none is said to be", Files, detail::posix_files,
                   detail::portable_files) {
  temporary_folder const folder;
  auto const name = [&](char const* file) { return (folder.path / file).string(); };
  CHECK(failure_of<Files>(name("absent.onnx")) ==
        "cannot open '" + name("absent.onnx") + "': No such file or directory");
  CHECK(failure_of<Files>(name("none/absent.onnx")) ==
        "cannot open '" + name("none/absent.onnx") + "': No such file or directory");
  CHECK(failure_of<Files>(name("model")) == "cannot read '" + name("model") + "': Is a directory");
  CHECK(failure_of<Files>(folder.write("empty.onnx", "")) ==
        "cannot read '" + name("empty.onnx") + "': it is empty");
  REQUIRE(::mkfifo(name("pipe").c_str(), 0600) == 0);
  CHECK(failure_of<Files>(name("pipe")) ==
        "cannot read '" + name("pipe") + "': it is no regular file");
  fs::create_symlink("loop", folder.path / "loop");
  CHECK(failure_of<Files>(name("loop")).substr(0, 11) == "cannot open");
  folder.write("large.onnx", "x");
  fs::resize_file(folder.path / "large.onnx", std::uint64_t{1} << 31);
  CHECK(failure_of<Files>(name("large.onnx")) ==
        "the file has 2147483648 bytes; an ONNX file has less than 2147483648");
  folder.write("closed.onnx", "x");
  fs::permissions(folder.path / "closed.onnx", fs::perms::none);
  // The administrator may read everything.
  if (::geteuid() != 0) {
    CHECK(failure_of<Files>(name("closed.onnx")) ==
          "cannot open '" + name("closed.onnx") + "': Permission denied");
  }
  auto const file = protobuf::model(protobuf::relu_graph());
  auto const whole = file.view();
  CHECK(failure_of<Files>(folder.write("whole.onnx", whole)).empty());
  auto const cut = whole.substr(0, whole.size() - 5);
  CHECK(failure_of<Files>(folder.write("cut.onnx", cut)).find("is cut off at byte") !=
        std::string::npos);
  fs::create_symlink(folder.path / "whole.onnx", folder.path / "link.onnx");
  CHECK(failure_of<Files>(name("link.onnx")).empty());
}

TEST_CASE_TEMPLATE("external data stays beneath the model's folder", Files, detail::posix_files,
                   detail::portable_files) {
  temporary_folder const folder;
  folder.write("outside.bin", weights);
  folder.write("model/weights.bin", weights);
  auto const model = folder.path / "model";
  auto const refused = [&](std::string const& location, std::string const& why) {
    CHECK(failure_at<Files>(folder, location) ==
          "tensor 'w': the file '" + location + "' may not be read: " + why);
  };
  auto const absolute = (folder.path / "outside.bin").string();
  refused(absolute, "it must be relative to the model's folder");
  refused((model / "weights.bin").string(), "it must be relative to the model's folder");
  for (std::string const location :
       {"..", "../outside.bin", "inner/../../outside.bin", "inner/../weights.bin", "./.."}) {
    refused(location, "it leads out of a folder");
  }
  refused(".", "it is the model's folder");
  CHECK(failure_at<Files>(folder, "weights.bin\0"sv) ==
        "tensor 'w': the file 'weights.bin?' may not be read: its name holds a zero");

  fs::create_symlink("../outside.bin", model / "link.bin");
  fs::create_symlink("weights.bin", model / "near.bin");
  fs::create_symlink("..", model / "up");
  fs::create_symlink("nowhere", model / "broken");
  for (std::string const location : {"link.bin", "near.bin", "up/outside.bin", "up", "broken"}) {
    refused(location, "it leads through a symbolic link");
  }
}

TEST_CASE_TEMPLATE("external data stands in regular files, and within them", Files,
                   detail::posix_files, detail::portable_files) {
  temporary_folder const folder;
  folder.write("model/weights.bin", weights);
  folder.write("model/empty.bin", "");
  REQUIRE(::mkfifo((folder.path / "model" / "pipe").c_str(), 0600) == 0);
  CHECK(failure_at<Files>(folder, "weights.bin").empty());
  CHECK(failure_at<Files>(folder, "absent.bin") ==
        "tensor 'w': cannot open 'absent.bin': No such file or directory");
  CHECK(failure_at<Files>(folder, "pipe") ==
        "tensor 'w': cannot read 'pipe': it is no regular file");
  CHECK(failure_at<Files>(folder, "inner") == "tensor 'w': cannot read 'inner': Is a directory");
  CHECK(failure_at<Files>(folder, "weights.bin/x").substr(0, 23) == "tensor 'w': cannot open");
  CHECK(failure_at<Files>(folder, "empty.bin") ==
        "tensor 'w': its elements begin at byte 4 of the file 'empty.bin', which has 0 bytes");
  CHECK(failure_at<Files>(folder, "weights.bin", "8") ==
        "tensor 'w': its elements have 8 bytes from byte 8 of the file 'weights.bin', which has 13 "
        "bytes");
  CHECK(failure_at<Files>(folder, "weights.bin", "4", "9223372036854775800") ==
        "tensor 'w': its elements have 9223372036854775800 bytes from byte 4 of the file "
        "'weights.bin', which has 13 bytes");
  auto const long_name = std::string(300, 'n');
  CHECK(failure_at<Files>(folder, long_name).substr(0, 23) == "tensor 'w': cannot open");
}

/// The bytes of memory that this process has at the moment; 0 where the system does not say.
std::size_t resident_bytes() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST_CASE("the weights of a mapped model are where the system has put the file") {
  temporary_folder const folder;
  // A hundred megabytes of weights that the disk need not have.
  constexpr std::size_t size = 100'000'000;
  auto const before = message().text(8, "w").integer(2, 1).integer(1, size / 4);
  auto const tensor_size =
      before.view().size() + message().key(9, 2).varint(size).view().size() + size;
  auto const graph_head = message().sub(12, protobuf::output("w")).key(5, 2).varint(tensor_size);
  auto const head = message()
                        .integer(1, 8)
                        .sub(8, message().integer(2, 17))
                        .key(7, 2)
                        .varint(graph_head.view().size() + tensor_size)
                        .raw(graph_head.view())
                        .raw(before.view())
                        .key(9, 2)
                        .varint(size);
  auto const path = folder.write("large.onnx", head.view());
  fs::resize_file(path, head.view().size() + size);

  auto const resident = resident_bytes();
  auto const loaded = load_onnx(path);
  auto const grown = resident_bytes() - resident;
  REQUIRE(loaded.failure().text.view() == "");
  auto const file = loaded->model.view();
  auto const bytes = loaded->graph.bytes_of(loaded->graph.constants[0]);
  CHECK(bytes.size() == size);
  CHECK(bytes.data() == file.data() + head.view().size());
  CHECK(bytes.data() + size == file.data() + file.size());
  CHECK(static_cast<std::ptrdiff_t>(grown) < 10'000'000);
}

}  // namespace
