/** Microbenchmarks of the load generator's code, one lesson per file. */
@NullMarked
package dev.shakedown.bench;

import org.jspecify.annotations.NullMarked;
