/** Results side by side: what differs between runs, and which benchmarks became slower. */
@NullMarked
package dev.shakedown.comparison;

import org.jspecify.annotations.NullMarked;
