// SPDX-License-Identifier: MIT
#include "sim/core/journal.hpp"

#include "sim/core/atomic_file.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace rmtlab;
using core::JournalIndex;
using core::JournalWriter;
using core::TaskRecord;

namespace {

TaskRecord sample(std::size_t point, double number) {
  TaskRecord record{{point, 0}, false, "", {}};
  record.result.rows.push_back({{"x", number},
                                {"n", std::int64_t{-3}},
                                {"big", std::int64_t{1} << 60},
                                {"flag", true},
                                {"name", std::string("fc1")},
                                {"none", std::monostate{}}});
  record.result.arrays.push_back({"e", {2}, std::vector<double>{0.1, number}});
  record.result.arrays.push_back({"w", {1, 2}, std::vector<float>{0.1F, 2}});
  return record;
}

}  // namespace

TEST_CASE("journal: records come back bit for bit", "[core][property]") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "journal" / "a.journal";
  const auto record = sample(2, 0.1 + 0.2);
  JournalWriter(path).append(record);
  const JournalIndex index(folder.path() / "journal");
  REQUIRE(index.succeeded({2, 0}));
  const auto read = core::read_record(index.entries().at({2, 0}));
  CHECK(read.result.rows == record.result.rows);
  CHECK(read.result.arrays[0].values == record.result.arrays[0].values);
  CHECK(read.result.arrays[1].values == record.result.arrays[1].values);
  CHECK(read.result.arrays[1].shape == std::vector<std::size_t>{1, 2});
}

TEST_CASE("journal: a torn last record is cut off and the rest kept", "[core][repro]") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "a.journal";
  {
    JournalWriter writer(path);
    writer.append(sample(0, 1));
    writer.append(sample(1, 2));
  }
  const auto whole = core::read_file(path);
  // Every possible length of the second record, from its first byte missing to its last.
  const auto first = whole.find("rmtlab-task-2", 1);
  for (std::size_t length = first + 1; length < whole.size(); length += 7) {
    core::write_atomically(path, whole.substr(0, length));
    JournalWriter writer(path);
    CHECK(writer.torn_bytes() == length - first);
    writer.append(sample(1, 2));
    CHECK(core::read_file(path) == whole);
  }
}

TEST_CASE("journal: a damaged record is reported and redone, later ones are kept",
          "[core][repro]") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "a.journal";
  {
    JournalWriter writer(path);
    writer.append(sample(0, 1));
    writer.append(sample(1, 2));
  }
  // In the body, in the task's number, in the first letter of the header.
  const std::size_t where = GENERATE(200U, 14U, 0U);
  auto bytes = core::read_file(path);
  bytes[where] ^= 1;
  core::write_atomically(path, bytes);
  CHECK(JournalWriter(path).torn_bytes() == 0);  // nothing is cut off before an intact record
  const JournalIndex index(folder.path());
  CHECK_FALSE(index.succeeded({0, 0}));
  CHECK(index.succeeded({1, 0}));
  REQUIRE(index.warnings().size() == 1);
  CHECK_THAT(index.warnings()[0], Catch::Matchers::ContainsSubstring("damaged bytes are skipped"));
}

TEST_CASE("journal: a second writer is refused, and a success outlives a failure",
          "[core][errors]") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "a.journal";
  {
    JournalWriter writer(path);
    CHECK_THROWS_WITH(JournalWriter(path),
                      Catch::Matchers::ContainsSubstring("another rmtlab is running this"));
    writer.append({{0, 0}, true, "no luck", {}});
    CHECK_FALSE(JournalIndex(folder.path()).succeeded({0, 0}));
    writer.append(sample(0, 1));
    writer.append({{0, 0}, true, "no luck", {}});
  }
  CHECK(JournalIndex(folder.path()).succeeded({0, 0}));
}
