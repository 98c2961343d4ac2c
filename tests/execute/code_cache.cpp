// Compiled code on disk: what comes back is what was kept, or nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/execute/jit/code_cache.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using inlay::jit::code_cache;
namespace fs = std::filesystem;

/// A folder that goes with the test.
struct scratch {
  fs::path path;
  scratch() {
    std::string name = (fs::temp_directory_path() / "inlay-cache-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  std::string folder() const { return (path / "code").string(); }
};

std::string bytes_of(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write(fs::path const& file, std::string const& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}
std::vector<fs::path> files_of(std::string const& folder) {
  std::vector<fs::path> files;
  for (auto const& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  return files;
}

std::string object_of(int number) {
  return std::string(static_cast<std::size_t>(2000 + number * 13 % 700),
                     static_cast<char>('a' + number % 26));
}

}  // namespace

TEST_CASE("a cache gives back what was kept under the same key") {
  scratch const here;
  auto const cache = code_cache::open(here.folder()).value();
  CHECK(cache.find("key").empty());
  cache.keep("key", {"first", "", "third"});
  CHECK(cache.find("key") == std::vector<std::string>{"first", "", "third"});
  CHECK(cache.find("another key").empty());
  cache.keep("key", {"newer"});
  auto const again = code_cache::open(here.folder()).value();
  CHECK(again.find("key") == std::vector<std::string>{"newer"});
  CHECK(files_of(here.folder()).size() == 1);
}

TEST_CASE("a file of another key is not taken for that of a key") {
  scratch const here;
  auto const cache = code_cache::open(here.folder()).value();
  cache.keep("one", {"code of one"});
  auto const file = files_of(here.folder()).front();
  auto const other = here.path / "other";
  fs::rename(file, other);
  cache.keep("two", {"code of two"});
  fs::rename(other, files_of(here.folder()).front());
  CHECK(cache.find("two").empty());
}

TEST_CASE("a file with any byte changed, or cut anywhere, is not there") {
  scratch const here;
  auto const cache = code_cache::open(here.folder()).value();
  cache.keep("some key", {"an object", "and another one"});
  auto const file = files_of(here.folder()).front();
  auto const whole = bytes_of(file);
  REQUIRE(whole.size() > 60);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CAPTURE(i);
    for (int const bit : {1, 128}) {
      auto broken = whole;
      broken[i] = static_cast<char>(broken[i] ^ bit);
      write(file, broken);
      CHECK(cache.find("some key").empty());
    }
    write(file, whole.substr(0, i));
    CHECK(cache.find("some key").empty());
  }
  write(file, whole + "x");
  CHECK(cache.find("some key").empty());
  write(file, whole);
  CHECK(cache.find("some key").size() == 2);
}

TEST_CASE("a cache is a folder of the user's alone, and its files are files") {
  scratch const here;
  auto const refusal = [&](fs::path const& folder) {
    auto const cache = code_cache::open(folder.string());
    return cache ? std::string() : std::string(cache.failure().text.view());
  };
  fs::create_directory(here.path / "open");
  ::chmod((here.path / "open").c_str(), 0755);
  CHECK(refusal(here.path / "open").find("its mode lets other users in") != std::string::npos);
  fs::create_directory(here.path / "mine");
  ::chmod((here.path / "mine").c_str(), 0700);
  CHECK(refusal(here.path / "mine").empty());
  fs::create_directory_symlink(here.path / "mine", here.path / "link");
  CHECK(!refusal(here.path / "link").empty());
  write(here.path / "file", "no folder");
  CHECK(!refusal(here.path / "file").empty());

  auto const cache = code_cache::open((here.path / "mine").string()).value();
  cache.keep("key", {"code"});
  auto const file = files_of((here.path / "mine").string()).front();
  fs::rename(file, here.path / "elsewhere");
  fs::create_symlink(here.path / "elsewhere", file);
  CHECK(cache.find("key").empty());
}

TEST_CASE("a cache keeps to its size, and forgets the oldest first") {
  scratch const here;
  auto const cache = code_cache::open(here.folder(), 10'000).value();
  for (int i = 0; i < 20; ++i) {
    cache.keep("key " + std::to_string(i), {object_of(0)});
    // The clock of files may be a coarse one.
    for (auto const& file : files_of(here.folder())) {
      fs::last_write_time(file, fs::last_write_time(file) - std::chrono::seconds(1));
    }
  }
  std::uintmax_t bytes = 0;
  for (auto const& file : files_of(here.folder())) bytes += fs::file_size(file);
  CHECK(bytes <= 10'000);
  CHECK(bytes > 5'000);
  CHECK(cache.find("key 19").size() == 1);
  CHECK(cache.find("key 0").empty());
  cache.keep("too large", {std::string(20'000, 'x')});
  CHECK(cache.find("too large").empty());
}

TEST_CASE("processes that are killed, and others beside them, leave nothing that is wrong") {
  scratch const here;
  auto const cache = code_cache::open(here.folder()).value();
  constexpr int keys = 4;
  int wrong = 0;
  int found = 0;
  for (int round = 0; round < 200; ++round) {
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      for (int i = round;; ++i) {
        cache.keep("key " + std::to_string(i % keys), {object_of(i % keys), object_of(7)});
      }
    }
    ::usleep(static_cast<useconds_t>(300 + round * 17 % 1500));
    for (int k = 0; k < keys; ++k) {
      auto const objects = cache.find("key " + std::to_string(k));
      found += !objects.empty();
      wrong += !objects.empty() && objects != std::vector<std::string>{object_of(k), object_of(7)};
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  CHECK(wrong == 0);
  CHECK(found > 0);
}
