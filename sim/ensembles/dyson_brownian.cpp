// SPDX-License-Identifier: MIT
/// \file
/// \brief A weight matrix that diffuses: Dyson Brownian motion of its singular values.
#include "sim/ensembles/dyson_brownian.hpp"

#include <cmath>

#include "sim/ensembles/gaussian_matrix.hpp"
#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {

double noise_variance(const DysonBrownian& process, double time) {
  if (!(std::isfinite(process.reversion) && process.reversion >= 0))
    theory::throw_domain_error("DysonBrownian", "reversion", process.reversion, "finite and >= 0");
  theory::check_positive("DysonBrownian", "diffusion", process.diffusion);
  if (!(std::isfinite(time) && time >= 0))
    theory::throw_domain_error("DysonBrownian", "time", time, "finite and >= 0");
  const double exponent = 2 * process.reversion * time;
  // (1 - e^-x) / x, which is 1 at x = 0.
  const double decayed = exponent > 0 ? -std::expm1(-exponent) / exponent : 1.0;
  return process.diffusion * process.diffusion * time * decayed;
}

arma::mat dyson_brownian_step(const arma::mat& W, const DysonBrownian& process, double time,
                              core::Stream& stream) {
  const double variance = noise_variance(process, time);
  if (variance == 0) return W;
  return std::exp(-process.reversion * time) * W +
         gaussian_matrix(W.n_rows, W.n_cols, variance, stream);
}

}  // namespace rmtlab::ensembles
