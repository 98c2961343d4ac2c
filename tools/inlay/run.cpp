// inlay run: a model's outputs for inputs from files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "command.hpp"
#include "image_file.hpp"
#include "options.hpp"
#include "print_output.hpp"
#include "session.hpp"
#include "tensor_file.hpp"

namespace {

struct run_options {
  std::string model;
  std::vector<std::string> inputs;  // [NAME=]FILE
  std::string output;
  session_options session;
  image_values image;
  class_options classes;
};

std::string in_quotes(std::string_view name) { return "'" + printable(name) + "'"; }

/// The inputs of a model as they are found.
class input_reader {
 public:
  input_reader(std::vector<port> const& ports, image_values const& image)
      : ports_(ports), image_(image), found_(ports.size()) {}

  void read(std::string const& option) {
    auto const split = option.find('=');
    auto const name = split == option.npos ? std::string() : option.substr(0, split);
    std::filesystem::path const path = split == option.npos ? option : option.substr(split + 1);
    auto extension = path.extension().string();
    for (auto& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (extension == ".npz" && split == option.npos) {
      npz_file const file(path);
      for (auto const& array : file.names()) place_of(array);
      for (auto const& array : file.names()) put(place_of(array), file.read(array), path.string());
      return;
    }
    if (split == option.npos && ports_.size() != 1) {
      throw misuse("--input " + option + ": the model has " + std::to_string(ports_.size()) +
                   " inputs; say which with NAME=FILE");
    }
    auto const place = split == option.npos ? 0 : place_of(name);
    put(place, read_one(path, extension, place), path.string());
  }

  std::vector<tensor> take() {
    std::vector<tensor> inputs;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
      if (!found_[i]) {
        throw mistake("input " + in_quotes(ports_[i].name) + " (" + text_of(ports_[i].type) +
                      ") is missing: give it with --input NAME=FILE");
      }
      inputs.push_back(std::move(*found_[i]));
    }
    return inputs;
  }

 private:
  std::size_t place_of(std::string const& name) const {
    std::string names;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
      if (ports_[i].name == name) return i;
      names += (i == 0 ? "" : ", ") + in_quotes(ports_[i].name);
    }
    throw mistake("the model has no input " + in_quotes(name) +
                  (names.empty() ? "" : "; it has " + names));
  }

  tensor read_one(std::filesystem::path const& path, std::string const& extension,
                  std::size_t place) const {
    if (extension == ".npy") return read_npy(path);
    if (extension == ".pb") return read_pb(path);
    if (extension == ".npz") {
      npz_file const file(path);
      auto const names = file.names();
      return file.read(names.size() == 1 ? names[0] : ports_[place].name);
    }
    if (extension == ".png" || extension == ".jpg" || extension == ".jpeg") {
      return read_image(path, ports_[place].type, image_);
    }
    throw mistake("input " + in_quotes(ports_[place].name) + ": " + path.string() +
                  " is none of .npy, .npz, .pb, .png, .jpg, .jpeg");
  }

  void put(std::size_t place, tensor t, std::string const& path) {
    auto const& wanted = ports_[place];
    if (found_[place]) throw mistake("input " + in_quotes(wanted.name) + " is given twice");
    if (!wanted.takes(t.type)) {
      throw mistake("input " + in_quotes(wanted.name) + ": " + path + " holds " + text_of(t.type) +
                    ", the model wants " + text_of(wanted.type));
    }
    found_[place] = std::move(t);
  }

  std::vector<port> const& ports_;
  image_values const& image_;
  std::vector<std::optional<tensor>> found_;
};

/// A name from a model as a name of a file, which leads to no other folder.
std::string file_name_of(std::string name) {
  for (auto& c : name) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) == 0 && c != '-' && c != '.') c = '_';
  }
  if (name.empty() || name.front() == '.') name.insert(0, "_");
  return name + ".npy";
}

void write_outputs(std::filesystem::path const& path, std::vector<tensor> const& outputs) {
  if (path.extension() == ".npz") return write_npz(path, outputs);
  if (path.extension() == ".npy") {
    if (outputs.size() == 1) return write_npy(path, outputs[0]);
    throw misuse("--output " + path.string() + ": the model has " + std::to_string(outputs.size()) +
                 " outputs; give a folder or a .npz file");
  }
  std::error_code why;
  std::filesystem::create_directories(path, why);
  if (why) throw mistake("cannot make the folder '" + path.string() + "': " + why.message());
  std::set<std::string> names;
  for (auto const& t : outputs) {
    auto const name = file_name_of(t.name);
    if (!names.insert(name).second) {
      throw mistake("two outputs would be the file " + name + "; give a .npz file instead");
    }
    write_npy(path / name, t);
  }
}

status run(run_options& o) {
  if (!o.classes.file.empty()) o.classes.labels = read_labels(o.classes.file);
  auto const loaded = load_session(o.model, o.session);
  auto& s = *loaded;
  input_reader reader(s.inputs(), o.image);
  for (auto const& option : o.inputs) reader.read(option);
  auto const inputs = reader.take();
  s.run(inputs);
  auto const outputs = s.results();
  check_labels(o.classes, outputs);
  for (auto const& t : outputs) print_output(t, o.classes);
  if (!o.output.empty()) write_outputs(o.output, outputs);
  return status::fine;
}

}  // namespace

void add_run(CLI::App& app, status& result) {
  auto* const command = app.add_subcommand("run", "Computes a model's outputs");
  auto const o = std::make_shared<run_options>();
  command->add_option("MODEL", o->model, "An ONNX file")->required();
  command
      ->add_option("--input", o->inputs,
                   "NAME=FILE: an input from a .npy, .npz, .pb (TensorProto), .png or .jpg file. "
                   "FILE alone is the only input, or a .npz file with all of them by name. A "
                   "picture gets the input's height and width by bilinear interpolation (the "
                   "outer edges of both coincide), the channels that the input has (1 grey, 3 "
                   "RGB, 4 RGBA), and values from 0 to 1: each byte is divided by 255")
      ->allow_extra_args(false);
  command
      ->add_option("--mean", o->image.mean,
                   "Of pictures: taken from the values from 0 to 1; one number, or one a "
                   "channel, with commas")
      ->delimiter(',');
  command->add_option("--scale", o->image.scale, "Of pictures: what they are multiplied by then")
      ->delimiter(',');
  command
      ->add_option("--top", o->classes.top,
                   "How many of an output's elements are named, the largest first, where it is "
                   "floats of shape 1xN")
      ->check(CLI::Range(1, most_classes))
      ->capture_default_str();
  command->add_option("--labels", o->classes.file,
                      "A text file with the name of each of these elements on a line of its own");
  command->add_option("--output", o->output,
                      "Where the outputs go: a .npz file, a .npy file, or a folder of .npy files");
  add_session(*command, o->session);
  command->callback([o, &result] { result = run(*o); });
}
