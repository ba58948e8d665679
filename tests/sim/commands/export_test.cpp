// SPDX-License-Identifier: MIT
// rmtlab export: the weights of a run for other programs.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include <nlohmann/json.hpp>

#include "sim/core/array_file.hpp"
#include "sim/core/run_directory.hpp"
#include "tests/catch.hpp"
#include "tests/sim/commands/program.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using tests::rmtlab_program;
namespace fs = std::filesystem;

namespace {

// A small run that keeps its weights.
std::string trained(const tests::TemporaryFolder& folder) {
  const std::string run = folder.file("run");
  REQUIRE(
      rmtlab_program("run configs/smoke/training.yaml training.batch_size=[100,16] replicates=1 "
                     "outputs=[eigenvalues,history,initial_weights,weights,epoch_weights] "
                     "--output " +
                     run)
          .code == 0);
  return run;
}

// A Python with NumPy, if there is one.
std::string python() {
  for (const char* name : {"python3", "/usr/bin/python3"})
    if (tests::shell(std::string(name) + " -c 'import numpy'").code == 0) return name;
  return {};
}

// Reads a safetensors file by the format's description alone and compares it with npz and npy.
constexpr const char* comparison = R"(
import json, struct, sys
import numpy as np
stem, task = sys.argv[1], sys.argv[2]
raw = open(stem + task + '.safetensors', 'rb').read()
length, = struct.unpack('<Q', raw[:8])
header = json.loads(raw[8:8 + length])
assert (8 + length) % 8 == 0
meta = header.pop('__metadata__')
assert meta['experiment'] == 'training' and meta['task'] == task.replace(',', '/'), meta
types = {'F32': '<f4', 'F64': '<f8'}
npz = np.load(stem + task + '.npz')
assert set(npz.files) == set(header), (npz.files, list(header))
for name, h in header.items():
    begin, end = h['data_offsets']
    dtype = np.dtype(types[h['dtype']])
    assert (8 + length + begin) % dtype.itemsize == 0
    a = np.frombuffer(raw[8 + length + begin:8 + length + end], dtype).reshape(h['shape'])
    for b in (npz[name], np.load(stem + task + '/' + name + '.npy')):
        assert a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes(), name
w, w0 = npz['fc1/weights'], npz['fc1/initial_weights']
assert w.shape == (120, 60) and w.dtype == np.float32
assert (npz['fc1/epoch=4/weights'] == w).all() and (npz['fc1/epoch=0/weights'] == w0).all()
s = np.linalg.svd(w.astype('f8'), compute_uv=False)
print(repr(float(s[0] ** 2 / 120)), repr(float(npz['fc1/epoch=4/eigenvalues'][-1])))
)";

}  // namespace

TEST_CASE("export: analyze finds in the file what the run recorded", "[commands]") {
  const tests::TemporaryFolder folder;
  const std::string run = trained(folder);
  const auto written = rmtlab_program("export " + run + " --arrays 'weights$'");
  REQUIRE(written.code == 0);
  const std::string file = run + "/export/training.batch_size=16,replicate=0.safetensors";
  CHECK_THAT(written.out, ContainsSubstring(file + ": 5 arrays\n") &&
                              ContainsSubstring("training.batch_size=100,replicate=0.safetensors"));

  const auto analysis = rmtlab_program("analyze --brief --json --layers epoch= '" + file + "'");
  REQUIRE(analysis.code == 0);
  const auto matrices = json::parse(analysis.out).at("matrices");
  REQUIRE(matrices.size() == 3);
  const auto recorded = core::Run::open(run, "training");
  std::size_t compared = 0;
  for (const std::size_t row : recorded.records().where("training.batch_size", "16")) {
    const std::string name = "fc1/epoch=" + recorded.records().text(row, "epoch") + "/weights";
    for (const auto& m : matrices) {
      if (m.at("name") != name) continue;
      ++compared;
      CHECK(m.at("lambda_max").get<double>() == recorded.records().number(row, "lambda_max"));
      CHECK(m.at("lambda_min").get<double>() == recorded.records().number(row, "lambda_min"));
      CHECK(m.at("phase").get<std::string>() == recorded.records().text(row, "phase"));
    }
  }
  CHECK(compared == 3);
  // Negative control: the epochs differ.
  CHECK(matrices[0].at("lambda_max") != matrices[1].at("lambda_max"));
}

TEST_CASE("export: NumPy reads the three formats and finds the same arrays", "[commands]") {
  const std::string python3 = python();
  if (python3.empty()) {
    WARN("python3-numpy is not installed: the export is not read by another program");
    return;
  }
  const tests::TemporaryFolder folder;
  const std::string run = trained(folder), out = folder.file("out");
  for (const char* format : {"safetensors", "npz", "npy"})
    REQUIRE(rmtlab_program("export " + run + " --format " + format + " --output " + out).code == 0);
  const auto script = folder.write("compare.py", comparison);
  const auto compared =
      tests::shell(python3 + ' ' + script + ' ' + out + "/ training.batch_size=16,replicate=0");
  INFO(compared.err);
  REQUIRE(compared.code == 0);
  // nu_max^2 / N by NumPy, and the largest eigenvalue that was recorded; both from single precision.
  std::istringstream numbers(compared.out);
  double from_weights = 0, recorded = 0;
  numbers >> from_weights >> recorded;
  CHECK(std::abs(from_weights - recorded) < 1e-12 * recorded);
}

TEST_CASE("export: what cannot be exported is said with the way out", "[commands][errors]") {
  const tests::TemporaryFolder folder;
  const auto nothing = rmtlab_program("export " + folder.path().string());
  CHECK(nothing.code == 2);
  CHECK_THAT(nothing.err, ContainsSubstring("is not a run of rmtlab (no manifest.json)"));

  const std::string stopped = folder.file("stopped");
  REQUIRE(
      rmtlab_program("run configs/smoke/training.yaml --time-limit 0 --output " + stopped).code ==
      75);
  const auto early = rmtlab_program("export " + stopped);
  CHECK(early.code == 2);
  CHECK_THAT(early.err,
             ContainsSubstring("has no arrays yet (status: stopped); go on with: rmtlab run ") &&
                 ContainsSubstring("--resume"));

  const std::string run = folder.file("run");
  REQUIRE(rmtlab_program("run configs/smoke/training.yaml replicates=1 training.epochs=1 "
                         "record.epochs=[] --output " +
                         run)
              .code == 0);
  const auto absent = rmtlab_program("export " + run + " --arrays '/weights$'");
  CHECK(absent.code == 2);
  CHECK_THAT(absent.err,
             ContainsSubstring("--arrays '/weights$' matches none of: "
                               "fc1/epoch=1/delta_singular_values, fc1/epoch=1/eigenvalues, "
                               "fc1/initial_weights, history") &&
                 ContainsSubstring("outputs=[weights,epoch_weights]"));
  CHECK_THAT(rmtlab_program("export " + run + " --arrays '['").err,
             ContainsSubstring("--arrays '[' is not a regular expression"));
  CHECK(rmtlab_program("export " + run + " --format hdf5").code == 2);
}

TEST_CASE("export: every array of the file has its name, also those stored once", "[commands]") {
  const tests::TemporaryFolder folder;
  const std::string run = trained(folder);
  // The initial weights are the same along the sweep and stored once.
  const auto names = core::array_names(run + "/arrays.h5");
  CHECK(names.size() == 2 * (3 + 3 + 2 + 1));
  CHECK(std::ranges::is_sorted(names));
  for (const char* batch : {"100", "16"}) {
    const std::string name =
        std::string("training.batch_size=") + batch + "/replicate=0/fc1/initial_weights";
    CHECK(std::ranges::find(names, name) != names.end());
    const auto stored = core::read_stored_array(run + "/arrays.h5", name);
    CHECK(stored.shape == std::vector<std::size_t>{120, 60});
    CHECK(std::holds_alternative<std::vector<float>>(stored.values));
  }
  CHECK(std::holds_alternative<std::vector<double>>(
      core::read_stored_array(run + "/arrays.h5", "training.batch_size=16/replicate=0/history")
          .values));
}
