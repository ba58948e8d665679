// SPDX-License-Identifier: MIT
#include "sim/inference/null_simulation.hpp"

#include "sim/ensembles/entry_law.hpp"
#include "sim/ensembles/entry_matrix.hpp"
#include "sim/ensembles/wishart_spectrum.hpp"

namespace rmtlab::inference {
namespace {

ensembles::EntryLaw law_of(NullEntries entries) {
  switch (entries) {
    case NullEntries::rademacher:
      return {.kind = ensembles::EntryKind::rademacher};
    case NullEntries::uniform:
      return {.kind = ensembles::EntryKind::uniform};
    case NullEntries::student_t:
      return {.kind = ensembles::EntryKind::student_t, .tail_index = 10};
    case NullEntries::gaussian:
      break;
  }
  return {};
}

}  // namespace

std::string_view name(NullEntries entries) {
  switch (entries) {
    case NullEntries::rademacher:
      return "rademacher";
    case NullEntries::uniform:
      return "uniform";
    case NullEntries::student_t:
      return "student-t-10";
    case NullEntries::gaussian:
      break;
  }
  return "gaussian";
}

double excess_kurtosis(NullEntries entries) { return *ensembles::excess_kurtosis(law_of(entries)); }

arma::vec null_spectrum(NullEntries entries, std::size_t rows, std::size_t cols,
                        core::Stream& stream) {
  if (entries == NullEntries::gaussian) return ensembles::wishart_spectrum(rows, cols, 1.0, stream);
  const ensembles::EntryLaw law = law_of(entries);
  arma::mat W = ensembles::unset_matrix(rows, cols);
  ensembles::EntrySampler(law).fill({W.memptr(), W.n_elem}, stream);
  arma::mat gram = W.t() * W;
  gram /= static_cast<double>(rows) * variance(law);
  return arma::eig_sym(gram);
}

}  // namespace rmtlab::inference
