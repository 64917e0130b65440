/** The gate: alternates forks of benchmarks, and judges whether their figures are certain enough to fail a build. */
@NullMarked
package dev.shakedown.gate;

import org.jspecify.annotations.NullMarked;
