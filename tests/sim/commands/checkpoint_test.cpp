// SPDX-License-Identifier: MIT
// rmtlab run, killed or stopped in the middle of a training and resumed.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <sstream>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/catch.hpp"
#include "tests/sim/commands/program.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using tests::rmtlab_program;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

namespace {

// One training of many short epochs.
std::string training(int epochs) {
  return "configs/smoke/training.yaml training.batch_size=16 replicates=1 training.epochs=" +
         std::to_string(epochs) +
         " record.epochs=[0,5,20] outputs=[eigenvalues,history,weights,epoch_weights]"
         " training.learning_rate=0.001 --threads 1 --resume --output ";
}

std::string log_of(const fs::path& run) {
  return fs::exists(run / "log.txt") ? core::read_file(run / "log.txt") : "";
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

// The epochs from which runs went on, in order.
std::vector<int> resumed_epochs(const fs::path& run) {
  const std::string log = log_of(run), words = "resumes after epoch ";
  std::vector<int> epochs;
  for (auto at = log.find(words); at != std::string::npos; at = log.find(words, at + 1))
    epochs.push_back(std::stoi(log.substr(at + words.size(), 10)));
  return epochs;
}

// The program as a process that can be sent signals.
class Process {
public:
  explicit Process(const std::string& arguments) {
    std::vector<std::string> words{RMTLAB_PROGRAM, "run"};
    std::istringstream text(arguments);
    for (std::string word; text >> word;) words.push_back(word);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      const int null = ::open("/dev/null", O_WRONLY);
      ::dup2(null, 1);
      ::dup2(null, 2);
      if (::chdir(RMTLAB_SOURCE_DIR) == 0) ::execv(argv[0], argv.data());
      ::_exit(127);
    }
  }
  void send(int signal) const { ::kill(pid_, signal); }
  // Exit code, or 128 + signal.
  [[nodiscard]] int wait() const {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

private:
  pid_t pid_;
};

// Whether `condition` came true within half a minute.
template <class Condition>
bool wait_for(const Condition& condition) {
  const auto end = Clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

bool has_checkpoint(const fs::path& run) {
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(run / "checkpoints", absent))
    if (entry.path().extension() == ".checkpoint") return true;
  return false;
}

fs::path checkpoint_of(const fs::path& run) {
  for (const auto& entry : fs::directory_iterator(run / "checkpoints"))
    if (entry.path().extension() == ".checkpoint") return entry.path();
  return {};
}

// The epoch of its checkpoint, 0 without one.
int kept_epoch(const fs::path& run) {
  if (!has_checkpoint(run)) return 0;
  const std::string bytes = core::read_file(checkpoint_of(run));
  const auto at = bytes.find(" epoch ");
  return std::stoi(bytes.substr(at + 7, 10));
}

// Stops a run with SIGTERM once it has a checkpoint.
int stop_midway(const std::string& arguments, const fs::path& run) {
  const Process process(arguments);
  CHECK(wait_for([&] { return has_checkpoint(run); }));
  process.send(SIGTERM);
  return process.wait();
}

// records.csv, and the weights and all other arrays.
void check_same_results(const fs::path& a, const fs::path& b) {
  CHECK(core::read_file(a / "records.csv") == core::read_file(b / "records.csv"));
  CHECK(core::read_file(a / "arrays.h5") == core::read_file(b / "arrays.h5"));
}

}  // namespace

TEST_CASE("run: killed at 20 random moments inside one training, it ends with the same bits",
          "[commands][repro][slow]") {
  const tests::TemporaryFolder folder;
  const fs::path whole = folder.path() / "whole", killed = folder.path() / "killed";
  constexpr int all_epochs = 400;
  const std::string arguments = training(all_epochs);
  const auto start = Clock::now();
  REQUIRE(rmtlab_program("run " + arguments + whole.string()).code == 0);
  const std::chrono::duration<double> duration = Clock::now() - start;

  // An epoch for each kill, then up to two epochs' time more, so that it falls into the epoch, the save
  // of its checkpoint or the next. The same epoch twice is a kill before anything was done.
  std::mt19937 random(20261126);
  std::uniform_int_distribution<int> epoch(0, all_epochs - 50);
  std::uniform_real_distribution<double> delay(0, 2 * duration.count() / all_epochs);
  std::vector<int> moments(20);
  for (int& moment : moments) moment = epoch(random);
  std::ranges::sort(moments);
  for (std::size_t i = 0; i < moments.size(); ++i) {
    CAPTURE(i);
    const Process process(arguments + killed.string() + " --checkpoint-interval 0");
    REQUIRE(wait_for([&] {
      return count(log_of(killed), " start: ") == i + 1 && kept_epoch(killed) >= moments[i];
    }));
    std::this_thread::sleep_for(std::chrono::duration<double>(delay(random)));
    process.send(SIGKILL);
    REQUIRE(process.wait() == 128 + SIGKILL);
  }
  CHECK_FALSE(fs::exists(killed / "records.csv"));
  CHECK_THAT(rmtlab_program("status " + killed.string()).out,
             ContainsSubstring("0 done, 0 failed, 1 left of 1") &&
                 ContainsSubstring("task 0 (training.batch_size=16 replicate 0) is begun: a "
                                   "checkpoint after epoch "));
  REQUIRE(rmtlab_program("run " + arguments + killed.string()).code == 0);
  check_same_results(whole, killed);

  const auto epochs = resumed_epochs(killed);
  CHECK(epochs.size() >= 15);  // a kill may come before the checkpoint is read
  CHECK(std::ranges::is_sorted(epochs));
  CHECK(epochs.back() >= moments.back());
  CHECK(epochs.back() < all_epochs);
  CHECK_FALSE(fs::exists(killed / "checkpoints"));
  // Negative control: with another seed of the weights the bytes differ.
  const fs::path other = folder.path() / "other";
  REQUIRE(rmtlab_program("run " + arguments + other.string() + " seed=8").code == 0);
  CHECK(core::read_file(whole / "records.csv") != core::read_file(other / "records.csv"));
}

TEST_CASE("run: SIGTERM and a time limit stop inside a training, which goes on from its epoch",
          "[commands][repro][slow]") {
  const tests::TemporaryFolder folder;
  const fs::path whole = folder.path() / "whole", stopped = folder.path() / "stopped";
  const std::string arguments = training(200);
  REQUIRE(rmtlab_program("run " + arguments + whole.string()).code == 0);

  REQUIRE(stop_midway(arguments + stopped.string() + " --checkpoint-interval 0", stopped) == 75);
  CHECK_THAT(rmtlab_program("status " + stopped.string()).out,
             ContainsSubstring("status stopped") && ContainsSubstring("is begun: a checkpoint"));
  // A time limit that is over before the second epoch: at least one more epoch, and no more than a few.
  const auto limited = rmtlab_program("run " + arguments + stopped.string() + " --time-limit 0.05");
  REQUIRE(limited.code == 75);
  CHECK_THAT(limited.err, ContainsSubstring("1 of 1 tasks left; go on with:"));
  REQUIRE(rmtlab_program("run " + arguments + stopped.string()).code == 0);
  const auto epochs = resumed_epochs(stopped);
  REQUIRE(!epochs.empty());
  CHECK(epochs.front() >= 1);
  CHECK(epochs.back() < 200);
  check_same_results(whole, stopped);
}

TEST_CASE("run: a checkpoint that is damaged or foreign is ignored with a warning",
          "[commands][errors][slow]") {
  const tests::TemporaryFolder folder;
  const fs::path whole = folder.path() / "whole";
  const std::string arguments = training(100);
  REQUIRE(rmtlab_program("run " + arguments + whole.string()).code == 0);
  const std::string every = " --checkpoint-interval 0";

  const fs::path damaged = folder.path() / "damaged";
  REQUIRE(stop_midway(arguments + damaged.string() + every, damaged) == 75);
  std::string bytes = core::read_file(checkpoint_of(damaged));
  bytes[bytes.size() * 2 / 3] ^= 16;
  core::write_atomically(checkpoint_of(damaged), bytes);
  CHECK_THAT(rmtlab_program("status " + damaged.string()).out,
             ContainsSubstring("a checkpoint that will be ignored: it is damaged"));
  const auto again = rmtlab_program("run " + arguments + damaged.string());
  CHECK(again.code == 0);
  CHECK_THAT(again.err, ContainsSubstring("is ignored: it is damaged (its checksum differs); the "
                                          "task starts over"));
  CHECK(resumed_epochs(damaged).empty());
  check_same_results(whole, damaged);

  const fs::path other = folder.path() / "other", foreign = folder.path() / "foreign";
  REQUIRE(stop_midway(arguments + other.string() + every + " training.momentum=0.8", other) == 75);
  REQUIRE(stop_midway(arguments + foreign.string() + every, foreign) == 75);
  REQUIRE(checkpoint_of(other).filename() == checkpoint_of(foreign).filename());
  fs::copy_file(checkpoint_of(other), checkpoint_of(foreign), fs::copy_options::overwrite_existing);
  const auto unmoved = rmtlab_program("run " + arguments + foreign.string());
  CHECK(unmoved.code == 0);
  CHECK_THAT(unmoved.err, ContainsSubstring("is ignored: it is of another configuration"));
  check_same_results(whole, foreign);
}
