/** The gate: forks of benchmarks in turn, and whether what they say is sure enough to fail a build. */
@NullMarked
package dev.shakedown.gate;

import org.jspecify.annotations.NullMarked;
