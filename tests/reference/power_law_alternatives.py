# SPDX-License-Identifier: MIT
"""Reference fits for tests/sim/inference/power_law_alternatives_test.cpp (mpmath, 40 digits).

Maximum-likelihood fits beyond xmin written down from the densities in x, each found as a root of its
score equations from a coarse starting point. Prints C++ rows.
"""
from mpmath import mp, mpf, log, exp, sqrt, erfc, expint, findroot, diff, pi

mp.dps = 40

SAMPLES = {
    # name: (values, starting points: lognormal (mu, sigma), stretched (beta, log rate), cut-off (alpha, rate))
    "wide": ([1, 1.25, 1.5, 2, 2, 3, 4.5, 7, 11, 20], (-0.5, 1.7), (0.37, 1.1), (1.3, 0.054)),
    "narrow": ([10, 10.25, 10.5, 11, 11.5, 11.5, 12, 12.25, 13], (2.37, 0.115), (7.4, -2.393), (-70, 6.6)),
    "nearly": ([100, 101, 102, 104, 107, 112, 120], (0.309, 0.522), (0.339, 6.75), (10.8, 0.0564)),
}


def power_law(x, xmin):
    alpha = 1 + len(x) / sum(log(v / xmin) for v in x)
    return alpha, [log((alpha - 1) / xmin) - alpha * log(v / xmin) for v in x]


def maximum(log_density, x, start):
    def score(*theta):
        total = lambda *t: sum(log_density(v, *t) for v in x)
        return [diff(total, theta, n) for n in ((1, 0), (0, 1))]

    theta = findroot(score, start, tol=mpf(10) ** -30, maxsteps=60)
    return list(theta), [log_density(v, *theta) for v in x]


def main():
    for name, (values, lognormal, stretched, cut_off) in SAMPLES.items():
        x = [mpf(v) for v in values]
        xmin = x[0]

        def lognormal_density(v, mu, sigma):
            tail = erfc((log(xmin) - mu) / (sigma * sqrt(mpf(2)))) / 2
            return -log(v) - log(sigma * sqrt(2 * pi)) - ((log(v) - mu) / sigma) ** 2 / 2 - log(tail)

        def stretched_density(v, beta, log_rate):
            return (log(beta) - log(v) + beta * (log(v) + log_rate)
                    + exp(beta * (log(xmin) + log_rate)) - exp(beta * (log(v) + log_rate)))

        def cut_off_density(v, alpha, rate):
            # normalisation xmin^(1-alpha) E_alpha(rate xmin)
            return -alpha * log(v / xmin) - rate * v - log(xmin * expint(alpha, rate * xmin))

        alpha, p = power_law(x, xmin)
        for law, density, start in (("lognormal", lognormal_density, lognormal),
                                    ("stretched_exponential", stretched_density, stretched),
                                    ("truncated_power_law", cut_off_density, cut_off)):
            theta, q = maximum(density, x, start)
            d = [a - b for a, b in zip(p, q)]
            ratio = sum(d)
            mean = ratio / len(d)
            z = ratio / sqrt(sum((e - mean) ** 2 for e in d))
            row = ", ".join(mp.nstr(n, 18) for n in (*theta, sum(q), ratio, z))
            print(f'{{"{name}", "{law}", {row}}},')


main()
