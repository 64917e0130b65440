/** Microbenchmarks of what the load generator runs, one lesson a file. */
@NullMarked
package dev.shakedown.bench;

import org.jspecify.annotations.NullMarked;
