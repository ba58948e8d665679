// SPDX-License-Identifier: MIT
#include "sim/core/journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "sim/core/atomic_file.hpp"
#include "sim/core/sha256.hpp"

namespace rmtlab::core {
namespace {

using nlohmann::json;

constexpr std::string_view magic = "rmtlab-task-2";

json to_json(const Value& value) {
  return std::visit(
      [](const auto& x) -> json {
        if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::monostate>)
          return nullptr;
        else
          return x;
      },
      value);
}

Value value_from(const json& value) {
  if (value.is_null()) return std::monostate{};
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_float()) return value.get<double>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  return value.get<std::string>();
}

template <class T>
json::binary_t bytes_of(const std::vector<T>& values) {
  std::vector<std::uint8_t> bytes(values.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return json::binary_t(std::move(bytes));
}

template <class T>
std::vector<T> values_from(const json::binary_t& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

json body_of(const TaskResult& result) {
  json body;
  body["rows"] = json::array();
  for (const Row& row : result.rows) {
    json cells = json::array();
    for (const auto& [column, value] : row) cells.push_back({column, to_json(value)});
    body["rows"].push_back(std::move(cells));
  }
  body["arrays"] = json::array();
  for (const Array& array : result.arrays) {
    json entry;
    entry["name"] = array.name;
    entry["shape"] = array.shape;
    entry["type"] = array.values.index() == 0 ? "f8" : "f4";
    entry["values"] =
        std::visit([](const auto& values) { return json(bytes_of(values)); }, array.values);
    body["arrays"].push_back(std::move(entry));
  }
  return body;
}

std::string cbor_of(const json& body) {
  const auto bytes = json::to_cbor(body);
  return {bytes.begin(), bytes.end()};
}

std::string encode(const TaskRecord& record) {
  json body = body_of(record.result);
  body["message"] = record.message;
  return cbor_of(body);
}

TaskResult decode(const json& body) {
  TaskResult result;
  for (const auto& cells : body.at("rows")) {
    Row row;
    for (const auto& cell : cells)
      row.emplace_back(cell.at(0).get<std::string>(), value_from(cell.at(1)));
    result.rows.push_back(std::move(row));
  }
  for (const auto& entry : body.at("arrays")) {
    Array array;
    array.name = entry.at("name").get<std::string>();
    array.shape = entry.at("shape").get<std::vector<std::size_t>>();
    const auto& bytes = entry.at("values").get_binary();
    if (entry.at("type") == "f8")
      array.values = values_from<double>(bytes);
    else
      array.values = values_from<float>(bytes);
    result.arrays.push_back(std::move(array));
  }
  return result;
}

// The checksum covers what the header says of the record as well as the body.
std::string checksum_of(const std::string& head, std::string_view body) {
  return sha256_hex(head + '\n' + std::string(body));
}

std::string head_of(const TaskId& id, bool failed, std::size_t length) {
  return fmt::format("{} {} {} {}", id.first, id.second, failed ? "failed" : "done", length);
}

// The intact record that starts at `at`, if there is one.
std::optional<JournalEntry> record_at(const std::string& bytes, std::size_t at) {
  const auto end = bytes.find('\n', at);
  if (bytes.compare(at, magic.size(), magic) != 0 || end == std::string::npos) return std::nullopt;
  std::istringstream fields(bytes.substr(at + magic.size(), end - at - magic.size()));
  JournalEntry entry;
  std::string status, checksum;
  fields >> entry.id.first >> entry.id.second >> status >> entry.body_length >> checksum;
  entry.body_offset = end + 1;
  if (!fields || entry.body_length > bytes.size() - entry.body_offset) return std::nullopt;
  entry.failed = status == "failed";
  const auto body = std::string_view(bytes).substr(entry.body_offset, entry.body_length);
  if (checksum_of(head_of(entry.id, entry.failed, entry.body_length), body) != checksum)
    return std::nullopt;
  return entry;
}

// Reads the intact records of one file; returns the offset just after the last of them. Damaged
// stretches between intact records are skipped with a warning.
std::uint64_t scan(const std::filesystem::path& path, std::vector<JournalEntry>& entries,
                   std::vector<std::string>& warnings) {
  const std::string bytes = read_file(path);
  std::uint64_t good = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    auto entry = record_at(bytes, at);
    if (!entry) {
      at = bytes.find(magic, at + 1);
      continue;
    }
    if (at > good)
      warnings.push_back(
          fmt::format("{}: {} damaged bytes are skipped; what they held will be redone",
                      path.filename().string(), at - good));
    at = good = entry->body_offset + entry->body_length;
    entry->file = path;
    entries.push_back(*entry);
  }
  return good;
}

}  // namespace

JournalWriter::JournalWriter(std::filesystem::path path) : path_(std::move(path)) {
  std::filesystem::create_directories(path_.parent_path());
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    throw std::runtime_error(
        fmt::format("cannot open {}: {}", path_.string(), std::strerror(errno)));
  // A file system without locks (ENOLCK) leaves the user to start each shard once.
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(descriptor_);
    throw std::runtime_error(fmt::format(
        "{} is in use: another rmtlab is running this (wait for it, or choose another --output)",
        path_.string()));
  }
  std::vector<JournalEntry> entries;
  std::vector<std::string> warnings;
  const std::uint64_t good = scan(path_, entries, warnings);
  const auto size = static_cast<std::uint64_t>(::lseek(descriptor_, 0, SEEK_END));
  torn_bytes_ = size - good;
  if (torn_bytes_ > 0 && ::ftruncate(descriptor_, static_cast<off_t>(good)) != 0)
    throw std::runtime_error(
        fmt::format("cannot repair {}: {}", path_.string(), std::strerror(errno)));
  ::lseek(descriptor_, 0, SEEK_END);
}

JournalWriter::~JournalWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void JournalWriter::append(const TaskRecord& record) {
  const std::string body = encode(record);
  const std::string head = head_of(record.id, record.failed, body.size());
  const std::string bytes = fmt::format("{} {} {}\n", magic, head, checksum_of(head, body)) + body;
  const off_t before = ::lseek(descriptor_, 0, SEEK_END);
  std::string_view left = bytes;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int reason = errno;
      // Leave no half record for the next one to stand behind.
      [[maybe_unused]] const int cut = ::ftruncate(descriptor_, before);
      throw std::runtime_error(
          fmt::format("cannot write {}: {}", path_.string(), std::strerror(reason)));
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  ::fdatasync(descriptor_);
}

JournalIndex::JournalIndex(const std::filesystem::path& folder) {
  std::error_code absent;
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder, absent))
    if (file.path().extension() == ".journal") files.push_back(file.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::vector<JournalEntry> found;
    scan(file, found, warnings_);
    for (JournalEntry& entry : found) {
      const auto [at, is_new] = entries_.try_emplace(entry.id, entry);
      if (!is_new && at->second.failed) at->second = entry;
    }
  }
}

bool JournalIndex::succeeded(const TaskId& id) const {
  const auto at = entries_.find(id);
  return at != entries_.end() && !at->second.failed;
}

TaskRecord read_record(const JournalEntry& entry) {
  std::ifstream file(entry.file, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(entry.body_offset));
  std::string body(entry.body_length, '\0');
  file.read(body.data(), static_cast<std::streamsize>(body.size()));
  if (!file) throw std::runtime_error("cannot read " + entry.file.string());
  const json document = json::from_cbor(body);
  return {entry.id, entry.failed, document.at("message").get<std::string>(), decode(document)};
}

std::string encode_result(const TaskResult& result) { return cbor_of(body_of(result)); }

TaskResult decode_result(std::string_view bytes) { return decode(json::from_cbor(bytes)); }

}  // namespace rmtlab::core
