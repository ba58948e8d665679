// SPDX-License-Identifier: MIT
#include "sim/experiments/registry.hpp"

#include <array>

#include "sim/experiments/alpha_mu.hpp"
#include "sim/experiments/critical_window.hpp"
#include "sim/experiments/edge_fluctuations.hpp"
#include "sim/experiments/localization.hpp"
#include "sim/experiments/mp_calibration.hpp"
#include "sim/experiments/null_atlas.hpp"
#include "sim/experiments/phase_benchmark.hpp"
#include "sim/experiments/power_law_calibration.hpp"
#include "sim/experiments/reference_sweep.hpp"
#include "sim/experiments/sigma_bakeoff.hpp"
#include "sim/experiments/spectral_tail_calibration.hpp"
#include "sim/experiments/spike_detection.hpp"
#include "sim/experiments/spikes.hpp"
#include "sim/experiments/training.hpp"
#include "sim/experiments/universality.hpp"

namespace rmtlab::experiments {

core::Registry registry() {
  static const std::array<core::ExperimentEntry, 15> table{{
      {"training", "Which phase do a dense network's weights reach, and what takes them there?",
       [] { return std::make_unique<Training>(); }},
      {"universality", "Does the spectrum of an ensemble tend to its limit law, and how fast?",
       [] { return std::make_unique<Universality>(); }},
      {"alpha_mu", "Which exponent does a fit find for entries of tail index mu?",
       [] { return std::make_unique<AlphaMu>(); }},
      {"edge_fluctuations", "Which law does the largest eigenvalue of an ensemble follow?",
       [] { return std::make_unique<EdgeFluctuations>(); }},
      {"spikes", "Where does a spike's outlier lie, and what do its vectors see of the spike?",
       [] { return std::make_unique<Spikes>(); }},
      {"power_law_calibration", "How far off is the power-law fit on samples of known tail?",
       [] { return std::make_unique<PowerLawCalibration>(); }},
      {"spectral_tail_calibration",
       "Does the calibrated interval cover the exponent of a spectrum?",
       [] { return std::make_unique<SpectralTailExperiment>(); }},
      {"null_atlas", "How far is the spectrum of noise from its limit law, at every shape?",
       [] { return std::make_unique<NullAtlasExperiment>(); }},
      {"mp_calibration", "How often does each test of a Marchenko-Pastur fit reject a matrix?",
       [] { return std::make_unique<MpCalibration>(); }},
      {"sigma_bakeoff", "Which estimator of the noise's variance is right beside spikes?",
       [] { return std::make_unique<SigmaBakeoff>(); }},
      {"spike_detection", "Which spikes are found, and does the interval hold their strength?",
       [] { return std::make_unique<SpikeDetection>(); }},
      {"critical_window", "How often must noise and one spike be taken for each other?",
       [] { return std::make_unique<CriticalWindow>(); }},
      {"reference_sweep", "Are published largest eigenvalues those of noise?",
       [] { return std::make_unique<ReferenceSweep>(); }},
      {"phase_benchmark", "How often is the phase of a matrix of known phase told right?",
       [] { return std::make_unique<PhaseBenchmark>(); }},
      {"localization", "Are bulk, edge and outlier vectors spread out or localised?",
       [null = std::make_shared<const spectra::LocalizationNull>()] {
         return std::make_unique<LocalizationExperiment>(null);
       }},
  }};
  return table;
}

}  // namespace rmtlab::experiments
