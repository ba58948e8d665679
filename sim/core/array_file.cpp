// SPDX-License-Identifier: MIT
#include "sim/core/array_file.hpp"

#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <hdf5.h>

#include "sim/core/sha256.hpp"

namespace rmtlab::core {
namespace {

// An HDF5 identifier that closes itself.
class Handle {
public:
  using Closer = herr_t (*)(hid_t);
  Handle(hid_t id, Closer closer, const std::string& what) : id_(id), closer_(closer) {
    if (id < 0) throw std::runtime_error("HDF5: cannot " + what);
  }
  ~Handle() {
    if (id_ >= 0) closer_(id_);
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle& operator=(Handle&&) = delete;
  [[nodiscard]] hid_t id() const { return id_; }

private:
  hid_t id_;
  Closer closer_;
};

void check(herr_t status, const std::string& what) {
  if (status < 0) throw std::runtime_error("HDF5: cannot " + what);
}

// HDF5 prints its error stack to stderr unless told otherwise; our exceptions say it once.
void silence_hdf5() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

std::string_view bytes_of(const Array& array) {
  return std::visit(
      [](const auto& values) {
        return std::string_view(reinterpret_cast<const char*>(values.data()),
                                values.size() * sizeof(values[0]));
      },
      array.values);
}

}  // namespace

struct ArrayFileWriter::State {
  Handle file;
  Handle link_properties;
  Handle dataset_properties;
  std::map<std::string, std::string> stored;  // content hash -> name of the first copy
};

ArrayFileWriter::ArrayFileWriter(const std::filesystem::path& path) {
  silence_hdf5();
  Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "prepare " + path.string());
  check(H5Pset_obj_track_times(creation.id(), false), "switch off times");
  Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "prepare links");
  check(H5Pset_create_intermediate_group(links.id(), 1), "create groups");
  Handle datasets(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "prepare data sets");
  check(H5Pset_obj_track_times(datasets.id(), false), "switch off times");
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.id(), H5P_DEFAULT), H5Fclose,
              "create " + path.string());
  state_ =
      std::make_unique<State>(State{std::move(file), std::move(links), std::move(datasets), {}});
}

ArrayFileWriter::~ArrayFileWriter() = default;

void ArrayFileWriter::write(const std::string& group, const Array& array) {
  const std::string name = group.empty() ? array.name : group + '/' + array.name;
  const bool is_double = array.values.index() == 0;
  std::string identity = is_double ? "f8" : "f4";
  for (const std::size_t extent : array.shape) identity += fmt::format(",{}", extent);
  const std::string content = sha256_hex(identity + ';' + std::string(bytes_of(array)));
  const auto [first, is_new] = state_->stored.try_emplace(content, name);
  if (!is_new) {
    check(H5Lcreate_hard(state_->file.id(), first->second.c_str(), state_->file.id(), name.c_str(),
                         state_->link_properties.id(), H5P_DEFAULT),
          "link " + name);
    return;
  }
  const std::vector<hsize_t> shape(array.shape.begin(), array.shape.end());
  const Handle space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                     H5Sclose, "shape " + name);
  const hid_t stored_type = is_double ? H5T_IEEE_F64LE : H5T_IEEE_F32LE;
  const hid_t memory_type = is_double ? H5T_NATIVE_DOUBLE : H5T_NATIVE_FLOAT;
  const Handle dataset(
      H5Dcreate2(state_->file.id(), name.c_str(), stored_type, space.id(),
                 state_->link_properties.id(), state_->dataset_properties.id(), H5P_DEFAULT),
      H5Dclose, "create " + name);
  check(H5Dwrite(dataset.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes_of(array).data()),
        "write " + name);
}

void ArrayFileWriter::close() {
  check(H5Fflush(state_->file.id(), H5F_SCOPE_GLOBAL), "flush the file");
  state_.reset();
}

namespace {

// A data set that is open for reading.
struct OpenArray {
  OpenArray(const std::filesystem::path& path, const std::string& array)
      : name(array),
        file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open " + path.string()),
        dataset(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT), H5Dclose,
                fmt::format("find '{}' in {}", name, path.string())) {
    const Handle space(H5Dget_space(dataset.id()), H5Sclose, "read the shape of " + name);
    std::vector<hsize_t> extents(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space.id())));
    H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr);
    for (const hsize_t extent : extents) {
      shape.push_back(extent);
      count *= extent;
    }
  }
  template <class T>
  [[nodiscard]] std::vector<T> values(hid_t type) const {
    std::vector<T> result(count);
    check(H5Dread(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, result.data()),
          "read " + name);
    return result;
  }

  std::string name;
  Handle file, dataset;
  std::vector<std::size_t> shape;
  std::size_t count = 1;
};

// A callback of H5Literate: adds the arrays below a group, path by path. A hard link of an array that
// is stored elsewhere is an array like any other (H5Ovisit would list each only once).
struct Listing {
  std::vector<std::string>* names;
  std::string prefix;
};

herr_t list_link(hid_t group, const char* name, const H5L_info_t*, void* data) {
  const auto& listing = *static_cast<const Listing*>(data);
  const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
  if (object < 0) return -1;
  herr_t status = 0;
  if (H5Iget_type(object) == H5I_GROUP) {
    Listing below{listing.names, listing.prefix + name + '/'};
    status = H5Literate(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, list_link, &below);
  } else {
    listing.names->push_back(listing.prefix + name);
  }
  H5Oclose(object);
  return status;
}

}  // namespace

LoadedArray read_array(const std::filesystem::path& path, const std::string& name) {
  silence_hdf5();
  const OpenArray array(path, name);
  return {array.shape, array.values<double>(H5T_NATIVE_DOUBLE)};
}

Array read_stored_array(const std::filesystem::path& path, const std::string& name) {
  silence_hdf5();
  const OpenArray array(path, name);
  const Handle type(H5Dget_type(array.dataset.id()), H5Tclose, "read the type of " + name);
  if (H5Tget_size(type.id()) == sizeof(float))
    return {name, array.shape, array.values<float>(H5T_NATIVE_FLOAT)};
  return {name, array.shape, array.values<double>(H5T_NATIVE_DOUBLE)};
}

std::vector<std::string> array_names(const std::filesystem::path& path) {
  silence_hdf5();
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose,
                    "open " + path.string());
  std::vector<std::string> names;
  Listing listing{&names, ""};
  check(H5Literate(file.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, list_link, &listing),
        "list the arrays of " + path.string());
  return names;
}

}  // namespace rmtlab::core
