// SPDX-License-Identifier: MIT
#include "sim/core/provenance.hpp"

#include <ctime>
#include <string_view>

#include <armadillo>
#include <boost/version.hpp>
#include <cblas.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gsl/gsl_version.h>
#include <hdf5.h>

#include "sim/core/build_info.hpp"

namespace rmtlab::core {

nlohmann::ordered_json provenance() {
  nlohmann::ordered_json document;
  document["code"] = {{"version", build_info::version},
                      {"commit", build_info::commit},
                      {"dirty", std::string_view(build_info::dirty) == "1"}};
  document["build"] = {{"compiler", build_info::compiler}, {"type", build_info::build_type}};
  const auto arma_version = fmt::format("{}.{}.{}", arma::arma_version::major,
                                        arma::arma_version::minor, arma::arma_version::patch);
  document["libraries"] = {
      {"armadillo", arma_version},
      {"boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                            BOOST_VERSION % 100)},
      {"gsl", GSL_VERSION},
      {"hdf5", fmt::format("{}.{}.{}", H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE)},
      {"blas", std::string(openblas_get_config())},
      {"blas_kernel", std::string(openblas_get_corename())}};
  return document;
}

std::string version_text() {
  const auto p = provenance();
  const auto text = [](const nlohmann::ordered_json& value) { return value.get<std::string>(); };
  return fmt::format(
      "rmtlab {} (commit {}{})\ncompiler    {}, {}\narmadillo   {}\nboost       {}\ngsl         "
      "{}\n"
      "hdf5        {}\nblas        {}\nblas kernel {}",
      text(p["code"]["version"]), text(p["code"]["commit"]),
      p["code"]["dirty"].get<bool>() ? ", with local changes" : "", text(p["build"]["compiler"]),
      text(p["build"]["type"]), text(p["libraries"]["armadillo"]), text(p["libraries"]["boost"]),
      text(p["libraries"]["gsl"]), text(p["libraries"]["hdf5"]), text(p["libraries"]["blas"]),
      text(p["libraries"]["blas_kernel"]));
}

void use_one_blas_thread() { openblas_set_num_threads(1); }

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace rmtlab::core
